package conversationtest_test

import (
	"context"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

// received registers a webhook with a real receiver, and returns how many messages its handler has handled.
func received(t *testing.T, srv *conversationtest.Server) *atomic.Int64 {
	t.Helper()
	receiver, err := webhook.NewReceiver(webhook.WithSecret("s3cret"), webhook.WithClock(srv.Now))
	require.NoError(t, err)
	handled := new(atomic.Int64)
	webhook.On(receiver, func(context.Context, *webhook.MessageInbound) error {
		handled.Add(1)
		return nil
	})
	srv.Handle(hookURL, receiver)
	srv.AddWebhook(hookURL, "s3cret", conversation.TriggerMessageInbound)
	return handled
}

func TestACallbackThatIsResentReachesAReceiverAsItIsSigned(t *testing.T) {
	t.Parallel()
	for signature, status := range map[conversationtest.Signature]int{
		conversationtest.SignatureValid:   http.StatusOK,
		conversationtest.SignatureWrong:   http.StatusUnauthorized,
		conversationtest.SignatureMissing: http.StatusUnauthorized,
		conversationtest.SignatureOld:     http.StatusServiceUnavailable, // The receiver asks for a redelivery: its clock may be wrong.
	} {
		t.Run(signature.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := inMemory(t, conversationtest.Config{})
				handled := received(t, srv)
				say(srv, "hi")
				settle(t, srv)
				original := srv.Callbacks()[0]

				srv.ResendCallback(original, signature)
				settle(t, srv)

				callbacks := srv.Callbacks()
				require.Len(t, callbacks, 2)
				again := callbacks[1]
				assert.Equal(t, original, callbacks[0], "the original does not change")
				assert.Equal(t, status, again.Status, again.Failure)
				assert.Equal(t, status == http.StatusOK, again.Delivered)
				assert.Equal(t, 1, again.Attempts)
				assert.Equal(t, int64(1), handled.Load(), "the handler runs once")
				assert.Equal(t, 1, again.Resent)
				assert.Equal(t, signature, again.Signature)
				assert.Equal(t, original.WebhookID, again.WebhookID)
				assert.Equal(t, original.Trigger, again.Trigger)
				assert.Equal(t, original.Target, again.Target)
				assert.Equal(t, original.Body, again.Body)
				assert.False(t, again.Duplicate)
				assert.NotEqual(t, original.Header.Get(webhook.HeaderNonce), again.Header.Get(webhook.HeaderNonce))
			})
		})
	}
}

func TestACallbackWithAnOldSignatureIsSignedCorrectly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		h := hooked(srv, "s3cret", conversation.TriggerMessageInbound)
		say(srv, "hi")
		settle(t, srv)
		srv.ResendCallback(srv.Callbacks()[0], conversationtest.SignatureOld)
		srv.ResendCallback(srv.Callbacks()[0], conversationtest.SignatureWrong)
		settle(t, srv)

		old, wrong := h.all()[1], h.all()[2]
		seconds, err := strconv.ParseInt(old.header.Get(webhook.HeaderTimestamp), 10, 64)
		require.NoError(t, err)
		assert.Equal(t, 25*time.Hour, srv.Now().Sub(time.Unix(seconds, 0)))
		require.ErrorIs(t, webhook.Verify([]byte(old.body), old.header, "s3cret"), webhook.ErrTooOld)
		assert.NoError(t, webhook.Verify([]byte(old.body), old.header, "s3cret", webhook.WithMaxAge(26*time.Hour)))
		assert.ErrorIs(t, webhook.Verify([]byte(wrong.body), wrong.header, "s3cret"), webhook.ErrBadSignature)
	})
}

func TestOnlyAResentCallbackWithAValidSignatureIsRetried(t *testing.T) {
	t.Parallel()
	for signature, attempts := range map[conversationtest.Signature]int{
		conversationtest.SignatureValid: 5, conversationtest.SignatureWrong: 1, conversationtest.SignatureMissing: 1, conversationtest.SignatureOld: 1,
	} {
		t.Run(signature.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := inMemory(t, conversationtest.Config{})
				h := hooked(srv, "s3cret", conversation.TriggerMessageInbound)
				h.answer = func(number int) int {
					return map[bool]int{true: http.StatusOK, false: http.StatusBadGateway}[number == 1]
				}
				say(srv, "hi")
				settle(t, srv)
				srv.ResendCallback(srv.Callbacks()[0], signature)
				settle(t, srv)
				assert.Equal(t, attempts, srv.Callbacks()[1].Attempts)
				assert.Len(t, h.all(), 1+attempts)
			})
		})
	}
}

func TestACallbackIsResentAfterThoseThatWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		h := hooked(srv, "s3cret", conversation.TriggerMessageInbound)
		say(srv, "one", "two")
		srv.ResendCallback(srv.Callbacks()[0], conversationtest.SignatureValid)
		say(srv, "three")
		settle(t, srv)
		assert.Equal(t, []string{"one", "two", "one", "three"}, h.texts(t))
	})
}

func TestACallbackToTheURLOfASendIsResentWithTheSecretOfItsApp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		client := srv.NewClient(t)
		_, err := client.Apps.Update(t.Context(), srv.AppID(), &conversation.UpdateAppRequest{
			CallbackSettings: &conversation.CallbackSettings{SecretForOverriddenCallbackURLs: "of the app"},
		})
		require.NoError(t, err)
		h := newListener()
		srv.Handle(hookURL, h)
		send := hello(srv.AppID())
		send.CallbackURL = hookURL
		sent, err := client.Messages.Send(t.Context(), send)
		require.NoError(t, err)
		require.NoError(t, srv.Deliver(sent.MessageID))
		settle(t, srv)
		srv.ResendCallback(srv.Callbacks()[0], conversationtest.SignatureValid)
		settle(t, srv)

		require.Len(t, h.all(), 2)
		again := h.all()[1]
		assert.NoError(t, webhook.Verify([]byte(again.body), again.header, "of the app", webhook.WithClock(srv.Now)))
	})
}

func TestACallbackThatCannotBeResentPanics(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	hooked(srv, "", conversation.TriggerMessageInbound)
	say(srv, "hi")
	settle(t, srv)
	callback := srv.Callbacks()[0]
	assert.Panics(t, func() { srv.ResendCallback(conversationtest.Callback{}, conversationtest.SignatureValid) })
	assert.Panics(t, func() { srv.ResendCallback(callback, conversationtest.Signature(4)) })
	assert.Panics(t, func() { srv.ResendCallback(callback, conversationtest.Signature(-1)) })
	assert.Panics(t, func() { srv.ResendCallback(callback, conversationtest.SignatureWrong) })
	assert.Panics(t, func() { srv.ResendCallback(callback, conversationtest.SignatureOld) })
	assert.NotPanics(t, func() { srv.ResendCallback(callback, conversationtest.SignatureMissing) })
	assert.Equal(t, "Signature(4)", conversationtest.Signature(4).String())
}
