package webhook

import (
	"crypto/fips140"
	"sync"

	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/wire"
)

// key is a secret that a callback may be signed with.
type key struct {
	secret redact.Secret
	idle   *sync.Pool // the HMACs that are keyed with it and not in use; nil if it is used once
}

func newKey(secret redact.Secret) key { return key{secret, &sync.Pool{}} }

// signed reports whether the secret is the one that a callback is signed with.
func (k key) signed(c *callback) bool {
	if k.idle == nil {
		return c.signed.matches(c.body, newMAC(k.secret()))
	}
	mac, ok := k.idle.Get().(*keyedMAC)
	if !ok {
		mac = newMAC(k.secret())
	}
	matches := c.signed.matches(c.body, mac)
	mac.Reset()
	k.idle.Put(mac)
	return matches
}

// minFIPSBytes is the length of the shortest HMAC key that crypto/hmac accepts with GODEBUG=fips140=only. It panics for a
// shorter one.
const minFIPSBytes = 112 / 8

const fipsProblem = "is shorter than the 14 bytes that GODEBUG=fips140=only requires: set a longer secret on the webhook"

// secretProblem returns why no callback can be verified with a secret, with the fix, or "".
func secretProblem(secret string) string {
	if secret == "" {
		return "is empty and anybody could sign: pass the secret of the webhook"
	}
	if problem := wire.CredentialProblem(secret); problem != "" {
		return problem
	}
	if tooShortForFIPS(secret) {
		return fipsProblem
	}
	return ""
}

func tooShortForFIPS(secret string) bool { return len(secret) < minFIPSBytes && fips140.Enforced() }
