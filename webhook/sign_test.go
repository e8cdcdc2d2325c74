package webhook_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/webhook"
)

func TestSignReturnsTheHeadersOfACallback(t *testing.T) {
	t.Parallel()
	at := time.Unix(1634579353, 999)
	body := []byte(`{"app_id":"","accepted_time":"2021-10-18T17:49:13.813615Z","project_id":"e2df3a34-a71b-4448-9db5-a8d2baad28e4"}`)
	// The signature was made with: printf '%s.%s.%s' BODY NONCE 1634579353 | openssl dgst -sha256 -hmac SECRET -binary | base64
	assert.Equal(t, http.Header{
		"X-Sinch-Webhook-Signature":           {"7TwQCNMKqIq6zDtZvawAmZgyPgs8yPMBZ8rnOpDN9AY="},
		"X-Sinch-Webhook-Signature-Nonce":     {"01FJA8B4A7BM43YGWSG9GBV067"},
		"X-Sinch-Webhook-Signature-Timestamp": {"1634579353"},
		"X-Sinch-Webhook-Signature-Algorithm": {"HmacSHA256"},
	}, webhook.Sign(body, "foo_secret1234", "01FJA8B4A7BM43YGWSG9GBV067", at))
}
