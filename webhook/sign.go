package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"time"
)

// The headers of a signed callback, and the only algorithm that is supported.
const (
	signatureHeader = "X-Sinch-Webhook-Signature"
	nonceHeader     = "X-Sinch-Webhook-Signature-Nonce"
	timestampHeader = "X-Sinch-Webhook-Signature-Timestamp"
	algorithmHeader = "X-Sinch-Webhook-Signature-Algorithm"

	algorithm = "HmacSHA256"
)

// Sign returns the headers that Sinch sends with a callback: the base64 of HMAC-SHA256, keyed with the secret, over the
// body, the nonce and the Unix time in seconds, joined by dots. It is meant for tests of code that receives callbacks.
func Sign(body []byte, secret, nonce string, at time.Time) http.Header {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	return http.Header{
		signatureHeader: {signature(body, secret, nonce, timestamp)},
		nonceHeader:     {nonce},
		timestampHeader: {timestamp},
		algorithmHeader: {algorithm},
	}
}

// signature returns the value of the signature header.
func signature(body []byte, secret, nonce, timestamp string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	mac.Write([]byte("." + nonce + "." + timestamp))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
