package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
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
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	mac.Write([]byte("." + nonce + "." + timestamp))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
