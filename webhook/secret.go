package webhook

import (
	"crypto/fips140"

	"github.com/sinchgo/conversation/internal/wire"
)

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
