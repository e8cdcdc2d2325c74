package relay_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

func TestARejectedEntryIsSentAfterARetry(t *testing.T) {
	t.Parallel()
	r, srv := open(t), newFake(t)
	o := r.Outbox()
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "Messages.Send", Status: http.StatusBadRequest, Times: 1})
	entry := relay.Entry{ID: "a", Group: "spring", Priority: 3, Before: time.Now().Add(time.Hour).UTC().Round(time.Second)}
	require.NoError(t, o.Enqueue(t.Context(), message(srv.AppID()), entry))
	stop := work(t, r, srv.NewClient(t))
	inState(t, r, "a", relay.StateRejected)
	stop()
	require.NoError(t, o.Enqueue(t.Context(), message(srv.AppID()), entry), "it has no effect")
	assert.Equal(t, []string{"a"}, listed(t, r, relay.ListParams{State: relay.StateRejected, Group: "spring"}))

	for range 2 {
		require.NoError(t, o.Retry(t.Context(), "a"))
		status, err := o.Get(t.Context(), "a")
		require.NoError(t, err)
		assert.Equal(t, relay.StateQueued, status.State)
		assert.Equal(t, "spring", status.Group)
		assert.Equal(t, 3, status.Priority)
		assert.True(t, entry.Before.Equal(status.Before))
		assert.Empty(t, listed(t, r, relay.ListParams{State: relay.StateRejected}))
		assert.Equal(t, []string{"a"}, listed(t, r, relay.ListParams{State: relay.StateQueued}))
		assertCounts(t, r)
	}
	work(t, r, srv.NewClient(t))
	inState(t, r, "a", relay.StateAccepted)
	assert.Len(t, srv.Sent(), 1)
	assertCounts(t, r)
	err := o.Retry(t.Context(), "a")
	require.ErrorIs(t, err, relay.ErrNotRetryable)
	require.ErrorContains(t, err, "it is accepted: it was sent")
}

func TestWhatCannotBeRetried(t *testing.T) {
	t.Parallel()
	nc := connection(t)
	r, err := relay.Open(t.Context(), relay.Conn(nc), relay.WithWeakDurability())
	require.NoError(t, err)
	o := r.Outbox()
	require.ErrorIs(t, o.Retry(t.Context(), "missing"), relay.ErrNoEntry)
	wrong := &conversation.ArgumentError{}
	require.ErrorAs(t, o.Retry(t.Context(), ""), &wrong)
	assert.Equal(t, "relay.Outbox.Retry", wrong.Operation)
	for id, state := range map[string]relay.State{
		"accepted": relay.StateAccepted, "unknown": relay.StateUnknown, "cancelled": relay.StateCancelled, "expired": relay.StateExpired,
	} {
		note(t, nc, "A", id, state)
		err := o.Retry(t.Context(), id)
		require.ErrorIs(t, err, relay.ErrNotRetryable)
		require.ErrorContains(t, err, "it is "+id+": ")
	}
	note(t, nc, "A", "old", relay.StateRejected)
	require.ErrorIs(t, o.Retry(t.Context(), "old"), relay.ErrMessageLost, "an earlier version kept no message")
}

// assertCounts compares the counts of all states and groups with what List returns.
func assertCounts(t *testing.T, r *relay.Relay) {
	t.Helper()
	view, err := r.Overview(t.Context())
	require.NoError(t, err)
	states, groups := map[relay.State]int{}, map[string]map[relay.State]int{}
	for status, err := range r.Outbox().List(t.Context(), relay.ListParams{}) {
		require.NoError(t, err)
		states[status.State]++
		if groups[status.Group] == nil {
			groups[status.Group] = map[relay.State]int{}
		}
		groups[status.Group][status.State]++
	}
	assert.Equal(t, view.States, states)
	for _, group := range view.Groups {
		assert.Equal(t, group.States, groups[group.Group], group.Group)
	}
	for state, n := range view.States {
		assert.Len(t, listed(t, r, relay.ListParams{State: state}), n, "%v", state)
	}
}
