package conversationtest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestACallbackHasTheHistoryOfItsAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Callbacks: conversationtest.CallbackConfig{SignAgain: true}})
		calls := 0
		srv.Handle(hookURL, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls++
			switch calls {
			case 1:
				time.Sleep(2 * time.Second) // In the time of the bubble.
				w.Header().Set("Content-Type", "text/plain")
				w.WriteHeader(http.StatusBadGateway)
				_, _ = io.WriteString(w, "no "+r.Method)
			case 2:
				panic("broken")
			case 3:
				<-r.Context().Done()
			default:
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, `{"ok": true}`)
			}
		}))
		srv.AddWebhook(hookURL, "s3cret", conversation.TriggerMessageInbound)
		say(srv, "hi")
		time.Sleep(3 * time.Second)
		before := srv.Callbacks()[0]
		settle(t, srv)

		assert.Len(t, before.History, 1, "a copy does not change")
		callback := srv.Callbacks()[0]
		require.Len(t, callback.History, 4)
		first, panicked, slow, last := callback.History[0], callback.History[1], callback.History[2], callback.History[3]
		assert.Equal(t, before.History[0], first)
		assert.Equal(t, 502, first.Status)
		assert.Equal(t, "it was answered with 502", first.Failure)
		assert.Equal(t, "no POST", string(first.Answer))
		assert.Equal(t, "text/plain", first.AnswerType)
		assert.Equal(t, 2*time.Second, first.Duration)
		assert.Equal(t, 500, panicked.Status)
		assert.Contains(t, panicked.Failure, "panicked")
		assert.Equal(t, 0, slow.Status)
		assert.Equal(t, "there was no answer within 10s", slow.Failure)
		assert.Equal(t, 10*time.Second, slow.Duration)
		assert.Empty(t, slow.Answer)
		assert.Equal(t, 200, last.Status)
		assert.Empty(t, last.Failure)
		assert.JSONEq(t, `{"ok": true}`, string(last.Answer))
		assert.Equal(t, callback.Time, last.Time)
		assert.Equal(t, callback.Header, last.Header)
		assert.NotEqual(t, first.Header, last.Header, "each attempt is signed anew")
		assert.Equal(t, 7*time.Second, panicked.Time.Sub(first.Time))

		answer := httptest.NewRecorder()
		srv.Control().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/_fake/callbacks", nil))
		shown := answer.Body.String()
		assert.Contains(t, shown, `"duration_ms":2000,`)
		assert.Contains(t, shown, `"answer":"no POST","answer_type":"text/plain"`)
		assert.Contains(t, shown, `"answer":null,"answer_type":""`)
		assert.Contains(t, shown, `"answer":{"ok":true},"answer_type":"application/json"`)
		assert.Equal(t, 5, strings.Count(shown, "X-Sinch-Webhook-Signature-Nonce"), "of the callback and of each attempt")
	})
}

func TestTheHistoryOfACallbackIsLimited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Callbacks: conversationtest.CallbackConfig{MaxAttempts: 25}})
		srv.Handle(hookURL, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, strings.Repeat("a", 4096)+"b")
		}))
		srv.AddWebhook(hookURL, "", conversation.TriggerMessageInbound)
		say(srv, "hi")
		settle(t, srv)

		callback := srv.Callbacks()[0]
		assert.Equal(t, 25, callback.Attempts)
		require.Len(t, callback.History, 20)
		assert.Equal(t, callback.Time, callback.History[19].Time)
		assert.Equal(t, strings.Repeat("a", 4096), string(callback.History[0].Answer))
	})
}

func TestTheHistoryOfACallbackOverTheNetworkHasTheAnswer(t *testing.T) {
	t.Parallel()
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<p>thanks</p>")
	}))
	defer target.Close()
	srv := start(t, conversationtest.Config{})
	events := listen(t, srv, "", "")
	srv.AddWebhook(target.URL, "", conversation.TriggerMessageInbound)
	say(srv, "hi")
	settle(t, srv)

	history := srv.Callbacks()[0].History
	require.Len(t, history, 1)
	assert.Equal(t, "<p>thanks</p>", string(history[0].Answer))
	assert.Equal(t, "text/html", history[0].AnswerType)
	assert.Positive(t, history[0].Duration)
	assert.Equal(t, []any{}, events.until("callback").data["history"])
	assert.Len(t, events.until("callback_attempt").data["history"], 1)
}

func TestTheHistoryOfACallbackDoesNotShowItsToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, _ := withTokens(t, &tokens{lifetime: 60}, conversation.ClientCredentials{})
		srv.Handle(hookURL, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "you sent "+r.Header.Get("Authorization"))
		}))
		say(srv, "hi")
		settle(t, srv)

		history := srv.Callbacks()[0].History
		require.Len(t, history, 1)
		assert.Equal(t, "you sent Bearer [redacted]", string(history[0].Answer))
		assert.NotContains(t, history[0].Header, "Authorization")
	})
}
