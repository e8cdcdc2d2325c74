package conversationtest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestOnlyWhatAWebhookAsksForIsDeliveredToIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
		hooked(srv, "", conversation.TriggerConversationStart)
		_, err := srv.NewClient(t).Webhooks.Create(t.Context(), srv.AppID(), &conversation.CreateWebhookRequest{
			AppID: srv.AppID(), Target: "https://shop.example/grpc", TargetType: conversation.TargetTypeGRPC,
			Triggers: allTriggers,
		})
		require.NoError(t, err)

		say(srv, "hi", "again")
		settle(t, srv)

		assert.Equal(t, []conversation.WebhookTrigger{conversation.TriggerConversationStart}, triggersOf(srv))
	})
}

func TestEveryWebhookOfAnAppGetsASeparateCallback(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		first := hooked(srv, "one", conversation.TriggerMessageInbound)
		second := newListener()
		srv.Handle("https://shop.example/second", second)
		srv.AddWebhook("https://shop.example/second", "two", conversation.TriggerMessageInbound)

		say(srv, "hi")
		settle(t, srv)

		require.Len(t, first.all(), 1)
		require.Len(t, second.all(), 1)
		assert.Equal(t, first.all()[0].body, second.all()[0].body)
		assert.NotEqual(t, first.all()[0].header.Get("x-sinch-webhook-signature"), second.all()[0].header.Get("x-sinch-webhook-signature"))
	})
}

func TestAURLWithoutAHandlerIsPostedOverTheNetwork(t *testing.T) {
	t.Parallel()
	h := newListener()
	mux := http.NewServeMux()
	mux.Handle("POST /hook", h)
	mux.Handle("POST /moved", http.RedirectHandler("/hook", http.StatusTemporaryRedirect))
	target := httptest.NewServer(mux)
	defer target.Close()
	srv := conversationtest.NewServer(conversationtest.Config{
		Callbacks: conversationtest.CallbackConfig{MaxAttempts: 2, RetryDelay: time.Millisecond},
	})
	defer srv.Close()
	srv.AddWebhook(target.URL+"/hook?shop=7", "s3cret", conversation.TriggerMessageInbound)
	srv.AddWebhook(target.URL+"/moved", "", conversation.TriggerConversationStart)
	srv.AddWebhook("http://127.0.0.1:1/", "", conversation.TriggerContactCreate)

	say(srv, "hi")
	settle(t, srv)

	assert.Equal(t, []string{"hi"}, h.texts(t), "a redirect is not followed")
	for _, callback := range srv.Callbacks() {
		switch callback.Trigger {
		case conversation.TriggerMessageInbound:
			assert.True(t, callback.Delivered)
			assert.Equal(t, 1, callback.Attempts)
		case conversation.TriggerConversationStart:
			assert.False(t, callback.Delivered)
			assert.Equal(t, http.StatusTemporaryRedirect, callback.Status)
		default:
			assert.False(t, callback.Delivered)
			assert.Equal(t, 2, callback.Attempts)
			assert.Zero(t, callback.Status)
			assert.NotEmpty(t, callback.Failure)
		}
	}
}
