package conversationtest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestACallbackIsSignedWithTheSecretOfItsWebhook(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	cfg := conversationtest.Config{Clock: func() time.Time { return at }}
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, cfg)
		h := hooked(srv, "s3cret", conversation.TriggerMessageInbound)

		say(srv, "hi", "again")
		settle(t, srv)

		got := h.all()
		require.Len(t, got, 2)
		for _, one := range got {
			nonce := one.header.Get("x-sinch-webhook-signature-nonce")
			mac := hmac.New(sha256.New, []byte("s3cret"))
			mac.Write([]byte(one.body + "." + nonce + ".1772366400"))
			assert.NotEmpty(t, nonce)
			assert.Equal(t, "1772366400", one.header.Get("x-sinch-webhook-signature-timestamp"))
			assert.Equal(t, "HmacSHA256", one.header.Get("x-sinch-webhook-signature-algorithm"))
			assert.Equal(t, base64.StdEncoding.EncodeToString(mac.Sum(nil)), one.header.Get("x-sinch-webhook-signature"))
			assert.Equal(t, "application/json", one.header.Get("Content-Type"))
		}
		assert.NotEqual(t, got[0].header.Get("x-sinch-webhook-signature-nonce"), got[1].header.Get("x-sinch-webhook-signature-nonce"))
	})
}

func TestACallbackToAWebhookWithoutASecretIsNotSigned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		h := hooked(srv, "", conversation.TriggerMessageInbound)

		say(srv, "hi")
		settle(t, srv)

		require.Len(t, h.all(), 1)
		for name := range h.all()[0].header {
			assert.NotContains(t, name, "Signature")
		}
	})
}

func TestEachAttemptCanBeSignedAgain(t *testing.T) {
	t.Parallel()
	cfg := conversationtest.Config{Callbacks: conversationtest.CallbackConfig{SignAgain: true}}
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, cfg)
		h := hooked(srv, "s3cret", conversation.TriggerMessageInbound)
		h.answer = func(number int) int { return []int{http.StatusBadGateway, http.StatusOK}[number-1] }

		say(srv, "hi")
		settle(t, srv)

		got := h.all()
		require.Len(t, got, 2)
		assert.Equal(t, "946684800", got[0].header.Get("x-sinch-webhook-signature-timestamp"))
		assert.Equal(t, "946684805", got[1].header.Get("x-sinch-webhook-signature-timestamp"))
		assert.NotEqual(t, got[0].header.Get("x-sinch-webhook-signature-nonce"), got[1].header.Get("x-sinch-webhook-signature-nonce"))
	})
}
