package conversationtest

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"sync"
	"time"
)

// tokenMaker issues access tokens and reads them back. A token holds all that the server must know about it, so that no
// token is stored, however many are issued.
type tokenMaker struct {
	lifetime time.Duration
	key      [sha256.Size]byte

	mu        sync.Mutex
	issued    uint64
	revoked   uint64 // The number of the last token that was revoked.
	expired   uint64 // The number of the last token that ExpireTokens expired, at expiredAt.
	expiredAt time.Time
}

// tokenGrant is the content of a token.
type tokenGrant struct {
	number    uint64
	expiry    time.Time
	projectID string
}

func newTokenMaker(lifetime time.Duration) *tokenMaker {
	t := &tokenMaker{lifetime: lifetime}
	_, _ = rand.Read(t.key[:]) // It never returns an error.
	return t
}

// next returns a tokenMaker to which the tokens of t have expired, even those that t has yet to issue.
func (t *tokenMaker) next(now time.Time) *tokenMaker {
	const generation = 1 << 40
	t.mu.Lock()
	defer t.mu.Unlock()
	last := (t.issued/generation + 1) * generation
	return &tokenMaker{lifetime: t.lifetime, key: t.key, issued: last, revoked: t.revoked, expired: last, expiredAt: now}
}

func (t *tokenMaker) issue(projectID string, now time.Time) string {
	t.mu.Lock()
	t.issued++
	number := t.issued
	t.mu.Unlock()

	content := binary.BigEndian.AppendUint64(nil, number)
	content = binary.BigEndian.AppendUint64(content, uint64(now.Add(t.lifetime).UnixNano()))
	content = append(content, projectID...)
	return base64.RawURLEncoding.EncodeToString(append(t.sign(content), content...))
}

// read returns the content of a token, and reports whether this server issued it and has not revoked it.
func (t *tokenMaker) read(token string) (tokenGrant, bool) {
	const numbers = 16
	decoded, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(decoded) < sha256.Size+numbers {
		return tokenGrant{}, false
	}
	signature, content := decoded[:sha256.Size], decoded[sha256.Size:]
	if !hmac.Equal(signature, t.sign(content)) {
		return tokenGrant{}, false
	}
	held := tokenGrant{
		number:    binary.BigEndian.Uint64(content),
		expiry:    time.Unix(0, int64(binary.BigEndian.Uint64(content[8:]))), //nolint:gosec // Written by issue.
		projectID: string(content[numbers:]),
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if held.number <= t.expired && t.expiredAt.Before(held.expiry) {
		held.expiry = t.expiredAt
	}
	return held, held.number > t.revoked
}

func (t *tokenMaker) sign(content []byte) []byte {
	mac := hmac.New(sha256.New, t.key[:])
	mac.Write(content)
	return mac.Sum(nil)
}

func (t *tokenMaker) revoke() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.revoked = t.issued
}

func (t *tokenMaker) expire(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.expired, t.expiredAt = t.issued, now
}
