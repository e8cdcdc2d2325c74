package relay

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestEntriesExpireInTimeInALongQueueAndNoneIsSentAfterwards(t *testing.T) {
	t.Parallel()
	const n = 400
	r, srv := opened(t)
	before := time.Now().Add(8 * time.Second)
	enqueueMany(t, r, srv.AppID(), n, Entry{Group: "a", Before: before})
	enqueueMany(t, r, srv.AppID(), 20, Entry{Group: "b"})
	runWorker(t, r, srv.NewClient(t), WithRates(30, 0))
	counts := statesOf(t, r, 2*time.Minute, func(counts map[State]int) bool { return counts[StateExpired]+counts[StateAccepted] == n+20 })
	assert.Greater(t, counts[StateExpired], n/4)
	assert.Len(t, srv.Sent(), counts[StateAccepted], "the rest was sent once")
	assert.Positive(t, sentBy(srv, "a", time.Time{}), "until then they are sent")
	assert.Zero(t, sentBy(srv, "a", before.Add(time.Second)), "all arrived in time")
	assert.Equal(t, 20, sentBy(srv, "b", time.Time{}))
	listed := 0
	for _, err := range r.scan(t.Context(), r.names.outbox, headersOnly(r.names.all(kindExpired))) {
		require.NoError(t, err)
		listed++
	}
	assert.Equal(t, counts[StateExpired], listed)
	for _, err := range r.scan(t.Context(), r.names.outbox, headersOnly(r.names.all(kindEntry))) {
		require.NoError(t, err)
		assert.Fail(t, "the messages are removed")
	}
}

func TestPausedEntriesExpire(t *testing.T) {
	t.Parallel()
	r, srv := opened(t)
	setByOperators(t, r, control{Pauses: []Pause{{}}})
	enqueueMany(t, r, srv.AppID(), 10, Entry{Before: time.Now().Add(time.Second)})
	runWorker(t, r, srv.NewClient(t))
	statesOf(t, r, 30*time.Second, func(counts map[State]int) bool { return counts[StateExpired] == 10 })
	assert.Empty(t, srv.Sent())
}

func TestARequestThatWaitsUntilItsEntryExpiresDoesNotLeave(t *testing.T) {
	t.Parallel()
	r, srv := opened(t)
	enqueueMany(t, r, srv.AppID(), 5, Entry{Before: time.Now().Add(2 * time.Second)})
	runWorker(t, r, slowToConnect(t, srv, 3*time.Second))
	statesOf(t, r, 30*time.Second, func(counts map[State]int) bool { return counts[StateExpired] == 5 })
	assert.Empty(t, srv.Sent())
}

func TestAnEntryThatMayHaveBeenSentDoesNotExpire(t *testing.T) {
	t.Parallel()
	r, srv := opened(t)
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: "Messages.Send", Times: 1})
	enqueueMany(t, r, srv.AppID(), 1, Entry{Before: time.Now().Add(1500 * time.Millisecond)})
	runWorker(t, r, srv.NewClient(t))
	statesOf(t, r, 30*time.Second, func(counts map[State]int) bool { return counts[StateUnknown] == 1 })
	assert.Never(t, func() bool {
		counts, err := r.Outbox().Counts(t.Context())
		return err == nil && counts[StateUnknown] != 1
	}, 2500*time.Millisecond, 100*time.Millisecond)
	require.NoError(t, r.Outbox().Settle(t.Context(), "0", SettleResend))
	statesOf(t, r, 30*time.Second, func(counts map[State]int) bool { return counts[StateExpired] == 1 })
	assert.Len(t, srv.Sent(), 1)
}
