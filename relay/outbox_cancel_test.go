package relay_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/relay"
)

// listed returns the IDs that a list returns, in order.
func listed(t *testing.T, r *relay.Relay, params relay.ListParams) []string {
	t.Helper()
	ids := []string{}
	for status, err := range r.Outbox().List(t.Context(), params) {
		require.NoError(t, err)
		ids = append(ids, status.ID)
	}
	return ids
}

func TestACancelledEntryIsNotSent(t *testing.T) {
	t.Parallel()
	r, srv := open(t), newFake(t)
	o := r.Outbox()
	app := srv.AppID()
	require.NoError(t, o.Enqueue(t.Context(), message(app), relay.Entry{ID: "now"}))
	require.NoError(t, o.Enqueue(t.Context(), message(app), relay.Entry{ID: "soon", After: time.Now().Add(3 * time.Second)}))
	require.NoError(t, o.Enqueue(t.Context(), message(app), relay.Entry{ID: "later", After: time.Now().Add(time.Hour)}))
	require.NoError(t, o.Enqueue(t.Context(), message(app), relay.Entry{ID: "sent"}))
	for range 2 {
		for _, id := range []string{"now", "soon", "later"} {
			require.NoError(t, o.Cancel(t.Context(), id))
		}
		assert.Equal(t, []string{"now", "soon", "later"}, listed(t, r, relay.ListParams{State: relay.StateCancelled}))
		assert.Equal(t, []string{"sent"}, listed(t, r, relay.ListParams{State: relay.StateQueued}))
		counts, err := o.Counts(t.Context())
		require.NoError(t, err)
		assert.Equal(t, map[relay.State]int{relay.StateCancelled: 3, relay.StateQueued: 1}, counts)
	}
	require.NoError(t, o.Enqueue(t.Context(), message(app), relay.Entry{ID: "now"}), "the same message")
	other := message(app)
	other.CallbackURL = "https://example.com/other"
	require.ErrorIs(t, o.Enqueue(t.Context(), other, relay.Entry{ID: "now"}), relay.ErrIDTaken)

	work(t, r, srv.NewClient(t))
	inState(t, r, "sent", relay.StateAccepted)
	assert.Len(t, srv.Sent(), 1)
	err := o.Cancel(t.Context(), "sent")
	require.ErrorIs(t, err, relay.ErrNotQueued)
	require.ErrorContains(t, err, "it is accepted: it was sent")
	require.ErrorIs(t, o.Cancel(t.Context(), "missing"), relay.ErrNoEntry)
}

// TestCancelAgainstAWorker cancels entries while they are sent: each is sent or cancelled, and none both.
func TestCancelAgainstAWorker(t *testing.T) {
	t.Parallel()
	n := volume(150, 2000)
	r, srv := open(t), newFake(t)
	for i := range n {
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: strconv.Itoa(i), Group: "spring"}))
	}
	work(t, r, srv.NewClient(t), relay.WithRates(200, 0))
	cancelled := 0
	for i := range n {
		id := strconv.Itoa((i*7 + n/3) % n)
		err := r.Outbox().Cancel(t.Context(), id)
		if err == nil {
			cancelled++
			continue
		}
		require.ErrorIs(t, err, relay.ErrNotQueued)
	}
	counts := inStates(t, r, func(counts map[relay.State]int) bool {
		return counts[relay.StateAccepted]+counts[relay.StateCancelled] == n
	})
	assert.Equal(t, map[relay.State]int{relay.StateAccepted: n - cancelled, relay.StateCancelled: cancelled}, counts)
	assert.Positive(t, cancelled)
	assert.Len(t, srv.Sent(), n-cancelled)
	assertCounts(t, r)
}
