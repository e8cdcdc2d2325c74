package pgconversation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/pgconversation"
)

func TestAQueuedEntryIsCancelled(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.insert(t, pgconversation.Entry{ID: "now"}, pgconversation.Entry{ID: "later", After: time.Now().Add(time.Hour)}, pgconversation.Entry{ID: "other"})
	var first *pgconversation.Status
	for range 2 {
		for _, id := range []string{"now", "later"} {
			require.NoError(t, pgconversation.Cancel(t.Context(), s, id))
			assert.False(t, s.hasMessage(t, id))
		}
		now := s.get(t, "now")
		assert.Equal(t, pgconversation.StateCancelled, now.State)
		if first != nil {
			assert.Equal(t, first, now, "cancelling it again has no effect")
		}
		first = now
	}
	assert.Equal(t, []string{"now", "later"}, s.listed(t, pgconversation.ListParams{State: pgconversation.StateCancelled}))
	assert.Equal(t, []string{"other"}, s.listed(t, pgconversation.ListParams{State: pgconversation.StateQueued}))
	assert.True(t, s.hasMessage(t, "other"))
}

func TestOnlyAQueuedEntryIsCancelled(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for state, instead := range map[pgconversation.State]string{
		pgconversation.StateAttempting: "wait for its outcome", pgconversation.StateUnknown: "use Settle", pgconversation.StateAccepted: "it was sent",
		pgconversation.StateRejected: "it is not sent unless Retry queues it again", pgconversation.StateDropped: "it is not sent unless Retry queues it again",
		pgconversation.StateExpired: "it is not sent",
	} {
		s.insertAs(t, string(state), state)
		err := pgconversation.Cancel(t.Context(), s, string(state))
		require.ErrorIs(t, err, pgconversation.ErrNotQueued)
		require.EqualError(t, err, "pgconversation: Cancel: the entry is not queued: it is "+string(state)+": "+instead)
		assert.Equal(t, state, s.get(t, string(state)).State)
		assert.True(t, s.hasMessage(t, string(state)))
	}
}
