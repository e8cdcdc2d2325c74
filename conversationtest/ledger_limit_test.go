package conversationtest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestALimitKeepsTheNewestEntriesOfEachLog(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{LogLimit: 3})
	w := wire{t: t, srv: srv}
	hook := hooked(srv, "", conversation.TriggerMessageSubmit)
	var ids []string
	for i := range 10 {
		ids = append(ids, w.send(w.text(fmt.Sprint("text ", i), "15551230000")))
		w.call(http.MethodPost, "events:send", strings.ReplaceAll(event(`{"identified_by": {"channel_identities": [{"channel": "SMS", "identity": "15551230000"}]}}`, composing), "APP", srv.AppID()))
	}
	settle(t, srv)

	var kept []string
	for _, sent := range srv.Sent() {
		kept = append(kept, sent.MessageID)
	}
	assert.Equal(t, ids[7:], kept)
	assert.Len(t, srv.SentEvents(), 3)
	assert.Len(t, hook.all(), 10, "every callback is delivered")
	callbacks := srv.Callbacks()
	require.Len(t, callbacks, 3)
	for _, callback := range callbacks {
		assert.True(t, callback.Delivered)
	}
	assert.Len(t, r.list("callbacks?after=9", "callbacks"), 1)
	requests := r.list("requests?after=1", "requests")
	assert.Equal(t, []any{18.0, 19.0, 20.0}, []any{requests[0]["seq"], requests[1]["seq"], requests[2]["seq"]})
	assert.Len(t, srv.Requests(), 3)
}

func TestALimitKeepsAtMost64MiBOfBodies(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{LogLimit: 1000})
	w := wire{t: t, srv: srv}
	body := strings.Repeat(" ", 1<<20)
	for range 70 {
		w.call(http.MethodPost, "nowhere", body) // Its body is kept, and not read.
	}
	assert.Equal(t, 63, len(srv.Requests()), "the body of each answer counts too") //nolint:testifylint // Len would print 63 MiB.
}

func TestALimitCountsTheBodiesOfAnswers(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{LogLimit: 10_000, InMemory: true})
	client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry))
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 400, Body: strings.Repeat("x", 65<<10)})
	for range 1100 {
		require.Error(t, client.Apps.Delete(t.Context(), srv.AppID()))
	}
	requests := srv.Requests()
	assert.Len(t, requests[0].Response, 64<<10)
	assert.Equal(t, 1024, len(requests), "64 MiB of 64 KiB each") //nolint:testifylint // Len would print 64 MiB.
}

func TestWithoutALimitEverythingIsKept(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	client := srv.NewClient(t)
	const calls = 10_100
	for range calls {
		_, err := client.Apps.List(t.Context())
		require.NoError(t, err)
	}
	assert.Len(t, srv.Requests(), calls+1)
	assert.Panics(t, func() { conversationtest.NewServer(conversationtest.Config{LogLimit: -1}) })
}

func TestAnObserverGetsARequestThatIsNoLongerKept(t *testing.T) {
	t.Parallel()
	inside, done := make(chan struct{}), make(chan struct{})
	seen := make(chan conversationtest.Request, 2)
	w := newWire(t, conversationtest.Config{
		LogLimit: 1, OnRequest: func(request conversationtest.Request, _ time.Duration) { seen <- request },
	})
	w.srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultSlow, Operation: "Apps.Get", Delay: 300 * time.Millisecond})
	go func() {
		defer close(done)
		close(inside)
		w.call(http.MethodGet, "apps/none", "")
	}()
	<-inside
	require.Eventually(t, func() bool { return len(w.srv.Requests()) == 1 }, time.Minute, time.Millisecond)
	w.call(http.MethodGet, "apps", "")
	<-done

	assert.Equal(t, "Apps.List", (<-seen).Operation)
	slow := <-seen
	assert.Equal(t, "Apps.Get", slow.Operation)
	assert.Equal(t, http.StatusNotFound, slow.Status)
}
