package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net/http"
	"strconv"
	"time"
)

// The headers of a signed callback.
const (
	// HeaderSignature is the header of the signature: the base64 of HMAC-SHA256, see [Sign].
	HeaderSignature = "X-Sinch-Webhook-Signature"
	// HeaderNonce is the header of a random string that is signed with the body. It has neither a dot nor a comma.
	HeaderNonce = "X-Sinch-Webhook-Signature-Nonce"
	// HeaderTimestamp is the header of the time of the signature, in seconds of Unix time.
	HeaderTimestamp = "X-Sinch-Webhook-Signature-Timestamp"
	// HeaderAlgorithm is the header of the algorithm, HmacSHA256, which a missing header means too.
	HeaderAlgorithm = "X-Sinch-Webhook-Signature-Algorithm"
)

// algorithm is the only one that is supported.
const algorithm = "HmacSHA256"

// Sign returns the headers that Sinch sends with a callback: the base64 of HMAC-SHA256, keyed with the secret, over the
// body, the nonce and the Unix time in seconds, joined by dots. It is meant for tests of code that receives callbacks.
func Sign(body []byte, secret, nonce string, at time.Time) http.Header {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	return http.Header{
		HeaderSignature: {signature(body, secret, nonce, timestamp)},
		HeaderNonce:     {nonce},
		HeaderTimestamp: {timestamp},
		HeaderAlgorithm: {algorithm},
	}
}

// signature returns the value of the signature header.
func signature(body []byte, secret, nonce, timestamp string) string {
	return base64.StdEncoding.EncodeToString(newMAC(secret).sum(body, nonce, timestamp))
}

// keyedMAC computes the HMACs of one secret, one at a time.
type keyedMAC struct {
	hash.Hash

	tail, result []byte // buffers
}

func newMAC(secret string) *keyedMAC { return &keyedMAC{Hash: hmac.New(sha256.New, []byte(secret))} }

// sum returns the HMAC of a callback. Reset must be called before the next one, which overwrites the result.
func (m *keyedMAC) sum(body []byte, nonce, timestamp string) []byte {
	_, _ = m.Write(body) // a hash returns no error
	m.tail = append(append(append(append(m.tail[:0], '.'), nonce...), '.'), timestamp...)
	_, _ = m.Write(m.tail)
	m.result = m.Sum(m.result[:0])
	return m.result
}
