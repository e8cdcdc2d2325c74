package relay

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// sentAfter enqueues an entry and returns how long it takes to leave, and how many others leave in that time.
func sentAfter(t *testing.T, r *Relay, srv *conversationtest.Server, e Entry) (took time.Duration, others int) {
	t.Helper()
	began := time.Now()
	require.NoError(t, r.Outbox().Enqueue(t.Context(), greeting(srv.AppID()), e))
	before := len(srv.Sent())
	require.Eventually(t, func() bool {
		for i, sent := range srv.Sent() {
			if sent.Request.CorrelationID == e.ID {
				others = i - before
				return true
			}
		}
		return false
	}, time.Minute, 5*time.Millisecond, e.ID)
	return time.Since(began), others
}

func TestAnEntryWithAHigherPriorityOvertakesALongCampaign(t *testing.T) { //nolint:paralleltest // It measures times.
	n := 10_000
	if os.Getenv("CONVERSATION_SOAK") != "" {
		n = 100_000
	}
	r, srv := opened(t)
	enqueueMany(t, r, srv.AppID(), n, Entry{Group: "campaign"})
	w, _ := runWorker(t, r, srv.NewClient(t), WithRates(20, 0))
	require.Eventually(t, func() bool { return len(srv.Sent()) > 0 }, time.Minute, time.Millisecond)
	for i := range 8 {
		if i%2 == 1 {
			w.reread() // in the middle of a reading
		}
		took, others := sentAfter(t, r, srv, Entry{ID: "otp-" + strconv.Itoa(i), Priority: 1})
		t.Log("left after", took, others)
		assert.LessOrEqual(t, others, 20, "those of a second")
		if os.Getenv("CONVERSATION_SOAK") != "" {
			assert.Less(t, took, time.Second, "on a machine that is not busy")
		}
	}
	assert.Less(t, len(srv.Sent()), 1000, "at the rate of the app")
}

func TestEntriesOfAnAppAreSentByPriorityAndAge(t *testing.T) {
	t.Parallel()
	r, srv := opened(t)
	for i, e := range []Entry{{Group: "a"}, {Group: "b", Priority: 5}, {Group: "a", Priority: 5}, {Priority: -1}, {Group: "c"}} {
		e.ID = strconv.Itoa(i)
		require.NoError(t, r.Outbox().Enqueue(t.Context(), greeting(srv.AppID()), e))
	}
	setByOperators(t, r, control{Pauses: []Pause{{Scope: Scope{App: srv.AppID()}}}})
	runWorker(t, r, srv.NewClient(t), WithConcurrency(1))
	time.AfterFunc(1500*time.Millisecond, func() { _ = r.paceBucket.Delete(t.Context(), controlKey) })
	require.Eventually(t, func() bool { return len(srv.Sent()) == 5 }, 20*time.Second, 10*time.Millisecond)
	var order []string
	for _, sent := range srv.Sent() {
		order = append(order, sent.Request.CorrelationID)
	}
	assert.Equal(t, []string{"1", "2", "0", "4", "3"}, order)
}

// TestManyRemovedEntriesDoNotDelayOthers removes the messages of a campaign, as Cancel does.
func TestManyRemovedEntriesDoNotDelayOthers(t *testing.T) { //nolint:paralleltest // It measures times.
	r, srv := opened(t)
	enqueueMany(t, r, srv.AppID(), 20_000, Entry{Group: "campaign"})
	w, _ := runWorker(t, r, srv.NewClient(t), WithRates(5, 0))
	require.Eventually(t, func() bool { return len(srv.Sent()) > 0 }, time.Minute, time.Millisecond)
	setByOperators(t, r, control{Pauses: []Pause{{Scope: Scope{Group: "campaign"}}}})
	require.Eventually(t, func() bool { return w.queues.wait(time.Now()) < 0 }, time.Minute, time.Millisecond)
	require.NoError(t, r.outboxStream.Purge(t.Context(), jetstream.WithPurgeSubject(r.names.in(kindEntry, scope(srv.AppID(), "campaign")))))
	setByOperators(t, r, control{})
	require.Eventually(t, func() bool { // it has the removed entries, unless it has read all anew meanwhile
		return w.queues.wait(time.Now()) >= 0 || w.queues.waiting(srv.AppID()) == 0
	}, time.Minute, time.Millisecond)
	took, _ := sentAfter(t, r, srv, Entry{ID: "next"})
	t.Log("left after", took)
	assert.Less(t, took, time.Minute, "not after an hour")
}

// waiting returns the number of entries of an app that wait.
func (q *queues) waiting(app string) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if a := q.apps[app]; a != nil {
		return a.length()
	}
	return 0
}

func sentIDs(sent []conversationtest.SentMessage) map[string]int {
	ids := make(map[string]int)
	for _, s := range sent {
		ids[s.Request.CorrelationID]++
	}
	return ids
}
