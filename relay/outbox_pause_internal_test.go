package relay

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// sentBy returns how many messages of a group were accepted since a time.
func sentBy(srv *conversationtest.Server, group string, since time.Time) int {
	n := 0
	for _, sent := range srv.Sent() {
		if sent.Request.CorrelationID[0] == group[0] && sent.AcceptedTime.After(since) {
			n++
		}
	}
	return n
}

func TestNothingOfAPausedGroupLeavesAfterTwoSeconds(t *testing.T) { //nolint:paralleltest // It measures times.
	r, srv := opened(t)
	enqueueMany(t, r, srv.AppID(), 2_000, Entry{Group: "a"})
	enqueueMany(t, r, srv.AppID(), 2_000, Entry{Group: "b"})
	runWorker(t, r, slowToConnect(t, srv, 800*time.Millisecond), WithRates(50, 0))
	require.Eventually(t, func() bool { return sentBy(srv, "a", time.Time{}) > 0 }, time.Minute, time.Millisecond)
	setByOperators(t, r, control{Pauses: []Pause{{Scope: Scope{App: srv.AppID(), Group: "a"}}}})
	paused := time.Now().Add(2 * time.Second)
	require.Eventually(t, func() bool { return sentBy(srv, "b", paused) > 20 }, time.Minute, 10*time.Millisecond, "the others go on")
	assert.Zero(t, sentBy(srv, "a", paused))
	view, err := r.Overview(t.Context())
	require.NoError(t, err)
	require.Len(t, view.Pauses, 1)
	assert.Equal(t, Scope{App: srv.AppID(), Group: "a"}, view.Pauses[0].Scope)

	setByOperators(t, r, control{})
	require.Eventually(t, func() bool { return sentBy(srv, "a", paused) > 0 }, 5*time.Second, 10*time.Millisecond)
	for id, times := range sentIDs(srv.Sent()) {
		assert.Equal(t, 1, times, id)
	}
}

func TestARequestThatWaitsWhenItsGroupIsPausedDoesNotLeave(t *testing.T) {
	t.Parallel()
	r, srv := opened(t)
	enqueueMany(t, r, srv.AppID(), 20, Entry{Group: "a"})
	runWorker(t, r, slowToConnect(t, srv, 2*time.Second), WithRates(50, 0))
	statesOf(t, r, 30*time.Second, func(counts map[State]int) bool { return counts[StateAttempting] > 5 })
	setByOperators(t, r, control{Pauses: []Pause{{}}})
	statesOf(t, r, 30*time.Second, func(counts map[State]int) bool { return counts[StateQueued] == 20 })
	assert.Empty(t, srv.Sent())
	status, err := r.Outbox().Get(t.Context(), "a0")
	require.NoError(t, err)
	assert.Zero(t, status.Attempts, "no request was started")
	setByOperators(t, r, control{})
	statesOf(t, r, 30*time.Second, func(counts map[State]int) bool { return counts[StateAccepted] == 20 })
	assert.Len(t, srv.Sent(), 20)
}

func TestAGroupKeepsToItsRate(t *testing.T) { //nolint:paralleltest // It measures rates.
	const rate = 5
	r, srv := opened(t)
	enqueueMany(t, r, srv.AppID(), 500, Entry{Group: "a"})
	enqueueMany(t, r, srv.AppID(), 500, Entry{Group: "b"})
	setByOperators(t, r, control{Rates: []groupRate{{Scope: Scope{Group: "a"}, Rate: rate}}})
	_, stop := runWorker(t, r, srv.NewClient(t), WithRates(40, 0))
	require.Eventually(t, func() bool { return sentBy(srv, "a", time.Time{}) >= 10 }, 20*time.Second, 10*time.Millisecond)
	stop() // the rate is kept when another worker goes on
	before := len(srv.Sent())
	runWorker(t, r, srv.NewClient(t), WithRates(40, 0))
	require.Eventually(t, func() bool { return len(srv.Sent()) > before+60 }, 20*time.Second, 10*time.Millisecond)
	var times, all []time.Time
	for _, sent := range srv.Sent() {
		all = append(all, sent.AcceptedTime)
		if sent.Request.CorrelationID[0] == 'a' {
			times = append(times, sent.AcceptedTime)
		}
	}
	assert.LessOrEqual(t, most(times), rate)
	assert.Greater(t, len(all), 3*len(times), "the other group has the rest")
	assert.LessOrEqual(t, most(all), 40)
}
