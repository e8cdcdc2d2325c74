package pgconversation_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/pgconversation"
	"github.com/sinchgo/conversation/webhook"
)

// TestCallbacksOfThePlatformAreHandled has the fake deliver signed callbacks over HTTP, each twice.
func TestCallbacksOfThePlatformAreHandled(t *testing.T) {
	t.Parallel()
	b := newInboxBench(t, write)
	b.start(t)
	front := httptest.NewServer(b.Handler(b.river))
	t.Cleanup(front.Close)
	sinch := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(sinch.Close)
	sinch.AddWebhook(front.URL, callbackSecret, conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery)
	sinch.DuplicateCallbacks(100)
	insertEntry(t, b.pool, "order-7", pgconversation.StateUnknown, "")
	insertEntry(t, b.pool, "order-8", pgconversation.StateUnknown, "")
	sent, err := sinch.NewClient(t).Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID: sinch.AppID(), Recipient: conversation.ToChannel(conversation.ChannelSMS, "+46701234567"),
		Message: conversation.Text("Your order is on its way."), CorrelationID: "order-7",
	})
	require.NoError(t, err)
	require.NoError(t, sinch.Deliver(sent.MessageID))
	received := sinch.Receive(conversationtest.From(conversation.ChannelSMS, "+46701234567"), conversationtest.InboundText("Thanks"))
	require.NoError(t, sinch.WaitForCallbacks(t.Context()))
	require.Eventually(t, func() bool { return entryOf(t, b.pool, "order-7").Delivery == delivered }, inboxTime, 5*time.Millisecond)
	require.Eventually(t, func() bool { return slices.Equal(b.effects(t), []string{received.ID}) }, inboxTime, 5*time.Millisecond)
	assert.Equal(t, sent.MessageID, entryOf(t, b.pool, "order-7").MessageID)
	assert.Equal(t, string(pgconversation.StateUnknown), entryOf(t, b.pool, "order-8").State)
}

func TestACallbackIsStoredOnceAndErasedWhenItIsHandled(t *testing.T) {
	t.Parallel()
	b := newInboxBench(t, write)
	body, another := messageOf("m"), messageOf("another")
	for _, body := range []string{body, body, another, body} {
		require.Equal(t, http.StatusOK, b.post(t, body))
	}
	require.Equal(t, 2, one[int](t, b.pool, `SELECT count(*) FROM river_job`))
	counts, err := b.Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 2, counts.Waiting)
	assert.Positive(t, counts.Oldest)
	key := webhook.DeduperKey([]byte(body))
	assert.Equal(t, body, string(one[[]byte](t, b.pool, `SELECT body FROM conversation_callbacks WHERE key = $1`, key)))
	var header http.Header
	require.NoError(t, json.Unmarshal(one[[]byte](t, b.pool, `SELECT header FROM conversation_callbacks WHERE key = $1`, key), &header))
	assert.NoError(t, webhook.Verify([]byte(body), header, callbackSecret), "it can be verified again")
	assert.Equal(t, "application/json", header.Get("Content-Type"))
	assert.NotContains(t, header, "Authorization")

	require.NoError(t, b.Work(t.Context(), b.jobOf(t, body, 1)))
	require.NoError(t, b.Work(t.Context(), b.jobOf(t, body, 2)), "its job is worked again")
	require.Equal(t, http.StatusOK, b.post(t, body), "it is redelivered")
	assert.Equal(t, []string{"m"}, b.effects(t))
	assert.Equal(t, "handled", b.state(t, body))
	assert.Equal(t, "waiting", b.state(t, another))
	assert.True(t, one[bool](t, b.pool, `SELECT body IS NULL AND header IS NULL FROM conversation_callbacks WHERE key = $1`, key))
	assert.Equal(t, 2, one[int](t, b.pool, `SELECT count(*) FROM river_job`))
}

func TestOnlyVerifiedCallbacksAreStored(t *testing.T) {
	t.Parallel()
	b := newInboxBench(t, write)
	answer := httptest.NewRecorder()
	b.Handler(b.river).ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", http.NoBody))
	assert.Equal(t, http.StatusUnauthorized, answer.Code)
	assert.Zero(t, one[int](t, b.pool, `SELECT count(*) FROM conversation_callbacks`))
}

func TestWithoutItsServerSinchDeliversACallbackAgain(t *testing.T) {
	t.Parallel()
	b := newInboxBench(t, write)
	b.exec(t, `ALTER TABLE conversation_callbacks RENAME TO away`)
	assert.Equal(t, http.StatusServiceUnavailable, b.post(t, messageOf("m")))
	b.exec(t, `ALTER TABLE away RENAME TO conversation_callbacks`)
	assert.Zero(t, one[int](t, b.pool, `SELECT count(*) FROM river_job`), "the job is rolled back with the callback")
	require.Equal(t, http.StatusOK, b.post(t, messageOf("m")))
	b.pool.Close()
	assert.Equal(t, http.StatusServiceUnavailable, b.post(t, messageOf("n")))
}

func TestTheJobOfACallbackHasTheOptionsOfTheInbox(t *testing.T) {
	t.Parallel()
	b := newInboxBench(t, write, pgconversation.WithTries(3), pgconversation.WithQueue("callbacks"), pgconversation.WithHandlerTimeout(time.Hour))
	require.Equal(t, http.StatusOK, b.post(t, messageOf("m")))
	job := b.jobOf(t, messageOf("m"), 1)
	assert.Equal(t, 3, job.MaxAttempts)
	assert.Equal(t, "callbacks", job.Queue)
	assert.Equal(t, time.Hour, b.Timeout(job))
	b.start(t)
	b.settled(t, messageOf("m"), "handled")
}

func TestAFunctionOfAnotherEventNeedsNoEntry(t *testing.T) {
	t.Parallel()
	b := newInboxBench(t, write)
	body := `{"app_id":"A","correlation_id":"unknown","message_delivery_report":{"message_id":"M","status":"DELIVERED"}}`
	require.Equal(t, http.StatusOK, b.post(t, body))
	require.NoError(t, b.Work(t.Context(), b.jobOf(t, body, 1)))
	assert.Equal(t, "handled", b.state(t, body))
}

func TestInvalidArgumentsOfAnInboxPanic(t *testing.T) {
	t.Parallel()
	b := newInboxBench(t, write)
	for field, call := range map[string]func(){
		"receiver":           func() { pgconversation.NewInbox(nil, b.pool) },
		"pool":               func() { pgconversation.NewInbox(b.receiver, nil) },
		"riverClient":        func() { b.Handler(nil) },
		"WithTries":          func() { pgconversation.NewInbox(b.receiver, b.pool, pgconversation.WithTries(0)) },
		"WithQueue":          func() { pgconversation.NewInbox(b.receiver, b.pool, pgconversation.WithQueue("")) },
		"WithHandlerTimeout": func() { pgconversation.NewInbox(b.receiver, b.pool, pgconversation.WithHandlerTimeout(-1)) },
	} {
		assertArgumentPanics(t, field, call)
	}
	for _, name := range []string{"My Callbacks", strings.Repeat("q", 65)} { // River would reject each callback
		assertArgumentPanics(t, "WithQueue", func() { pgconversation.NewInbox(b.receiver, b.pool, pgconversation.WithQueue(name)) })
	}
	_, ok := pgconversation.Tx(t.Context())
	assert.False(t, ok, "there is no transaction outside of a function")
}
