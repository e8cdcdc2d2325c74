package conversationtest_test

import (
	"io"
	"net/http"
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAHandlerIsFoundByTheURLWithoutItsQuery(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		h := newListener()
		srv.Handle("https://shop.example/sinch?of=the-handler", h)
		srv.AddWebhook("https://shop.example/sinch?shop=7", "", conversation.TriggerMessageInbound)
		srv.AddWebhook("http://shop.example/sinch", "", conversation.TriggerMessageInbound)
		srv.AddWebhook("https://shop.example/sinch/", "", conversation.TriggerMessageInbound)
		srv.AddWebhook("https://shop.example:8443/sinch", "", conversation.TriggerMessageInbound)

		say(srv, "hi")
		settle(t, srv)

		assert.Len(t, h.all(), 1)
		for i, callback := range srv.Callbacks() {
			assert.Equal(t, i == 0, callback.Delivered, callback.Target)
		}
	})
}

func TestACallbackWithoutAHandlerFailsInMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		webhook := srv.AddWebhook(hookURL, "", conversation.TriggerMessageInbound)

		say(srv, "hi")
		settle(t, srv)

		require.Len(t, srv.Callbacks(), 1)
		callback := srv.Callbacks()[0]
		assert.Equal(t, webhook.ID, callback.WebhookID)
		assert.Equal(t, conversation.TriggerMessageInbound, callback.Trigger)
		assert.Equal(t, hookURL, callback.Target)
		assert.Equal(t, 5, callback.Attempts)
		assert.False(t, callback.Delivered)
		assert.Contains(t, callback.Failure, "use Server.Handle")
	})
}

func TestAHandlerGetsTheRequestAsAServerGetsIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		var got *http.Request
		var body []byte
		mux := http.NewServeMux()
		mux.HandleFunc("POST shop.example/sinch/{shop}", func(_ http.ResponseWriter, r *http.Request) {
			got = r
			body, _ = io.ReadAll(r.Body)
		})
		srv.Handle("https://shop.example/sinch/a%2Fb", mux)
		srv.AddWebhook("https://shop.example/sinch/a%2Fb?x=1", "", conversation.TriggerMessageInbound)

		say(srv, "hi")
		settle(t, srv)

		require.NotNil(t, got)
		assert.Equal(t, "a/b", got.PathValue("shop"))
		assert.Equal(t, "/sinch/a%2Fb?x=1", got.RequestURI)
		assert.Equal(t, "/sinch/a%2Fb?x=1", got.URL.String())
		assert.Equal(t, "shop.example", got.Host)
		assert.Equal(t, "HTTP/1.1", got.Proto)
		assert.Equal(t, int64(len(body)), got.ContentLength)
		assert.NotEmpty(t, got.RemoteAddr)
		assert.JSONEq(t, string(srv.Callbacks()[0].Body), string(body))
	})
}

func TestTheAnswerOfAHandlerCounts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		status  int
		failure string
	}{
		"nothing": {func(http.ResponseWriter, *http.Request) {}, http.StatusOK, ""},
		"a string": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "thanks")
			w.WriteHeader(http.StatusInternalServerError)
		}, http.StatusOK, ""},
		"an early hint first": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Link", "none")
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusAccepted)
		}, http.StatusAccepted, ""},
		"an error": {func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "no", http.StatusGone)
		}, http.StatusGone, "it was answered with 410"},
		"a panic": {func(http.ResponseWriter, *http.Request) {
			panic("at the disco")
		}, http.StatusInternalServerError, "the handler panicked: at the disco"},
		"the end of its goroutine": {func(http.ResponseWriter, *http.Request) {
			runtime.Goexit()
		}, http.StatusInternalServerError, "the handler ended its goroutine"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := conversationtest.Config{Callbacks: conversationtest.CallbackConfig{MaxAttempts: 1}}
			synctest.Test(t, func(t *testing.T) {
				srv := inMemory(t, cfg)
				srv.Handle(hookURL, test.handler)
				srv.AddWebhook(hookURL, "", conversation.TriggerMessageInbound)

				say(srv, "hi")
				settle(t, srv)

				callback := srv.Callbacks()[0]
				assert.Equal(t, test.status, callback.Status)
				assert.Equal(t, test.failure, callback.Failure)
				assert.Equal(t, test.failure == "", callback.Delivered)
			})
		})
	}
}

func TestAHandlerMayUseTheServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		client := srv.NewClient(t)
		srv.Handle(hookURL, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, err := client.Messages.Send(r.Context(), &conversation.SendMessageRequest{
				AppID:     srv.AppID(),
				Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
				Message:   conversation.Text("echo"),
			})
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		}))
		srv.AddWebhook(hookURL, "", conversation.TriggerMessageInbound)

		say(srv, "hi")
		settle(t, srv)

		srv.AssertSentTexts(t, "echo")
	})
}

func TestAHandlerInThisProcessWorksOnASocketServerToo(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	h := hooked(srv, "", conversation.TriggerMessageSubmit)

	sendText(t, srv, "hello")
	settle(t, srv)

	assert.Len(t, h.all(), 1)
}

func TestBadWebhooksAndHandlersPanic(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	defer srv.Close()
	for _, target := range []string{"/sinch", "", "://"} {
		assert.Panics(t, func() { srv.Handle(target, http.NotFoundHandler()) }, target)
		assert.Panics(t, func() { srv.AddWebhook(target, "") }, target)
	}
	srv.AddWebhook(hookURL, "")
	assert.PanicsWithValue(t, "conversationtest: AddWebhook: target: the webhook "+
		`"`+onlyWebhook(t, srv)+`" of the app has it already`, func() { srv.AddWebhook(hookURL, "") })
}

func onlyWebhook(t *testing.T, srv *conversationtest.Server) string {
	t.Helper()
	list, err := srv.NewClient(t).Webhooks.List(t.Context(), srv.AppID())
	require.NoError(t, err)
	require.Len(t, list.Webhooks, 1)
	return list.Webhooks[0].ID
}

func TestEquivalentURLsHaveTheSameHandler(t *testing.T) {
	t.Parallel()
	for handled, target := range map[string]string{
		"https://shop.example": "https://shop.example/", "https://shop.example/": "https://shop.example",
		"https://shop.example/a": "https://SHOP.example/a", "https://shop.example:443/b": "https://shop.example/b",
	} {
		synctest.Test(t, func(t *testing.T) {
			srv := inMemory(t, conversationtest.Config{})
			srv.Handle(handled, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			srv.AddWebhook(target, "", conversation.TriggerMessageSubmit)
			sendText(t, srv, "hello")
			require.NoError(t, srv.WaitForCallbacks(t.Context()))
			assert.True(t, srv.Callbacks()[0].Delivered, "%s for %s", handled, target)
		})
	}
}
