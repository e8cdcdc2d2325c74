package pgconversation_test

import (
	"testing"
	"time"

	"github.com/riverqueue/river/rivertype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/pgconversation"
)

func TestARejectedOrDroppedEntryIsRetried(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	before := time.Now().Add(time.Hour).Truncate(time.Second)
	for _, state := range []pgconversation.State{pgconversation.StateRejected, pgconversation.StateDropped} {
		id := string(state)
		s.insert(t, pgconversation.Entry{ID: id, Group: "spring", Priority: 2, Before: before, Queue: "messages", After: time.Now().Add(time.Minute)}, pgconversation.Entry{ID: "other-" + id})
		s.exec(t, `UPDATE conversation_outbox SET state = $1, reason = 'why', attempts = 3 WHERE id IN ($2, $3)`, state, id, "other-"+id)
		first := s.get(t, id)
		var again *pgconversation.Status
		for range 2 {
			require.NoError(t, pgconversation.Retry(t.Context(), s.river, s, id))
			status := s.get(t, id)
			if again != nil {
				assert.Equal(t, again, status, "the second Retry has no effect")
			}
			again = status
		}
		job := s.job(t, id)
		assert.NotEqual(t, first.Job, job.ID)
		assert.Equal(t, 2, job.Priority)
		assert.Equal(t, "messages", job.Queue)
		assert.Equal(t, rivertype.JobStateAvailable, job.State)
		assert.JSONEq(t, `{"id":"`+id+`","app":"A"}`, string(job.EncodedArgs))
		want := *first
		want.State, want.Reason, want.At, want.Job = pgconversation.StateQueued, "", again.At, job.ID
		assert.Equal(t, &want, again)
		assert.Equal(t, state, s.get(t, "other-"+id).State)
	}
	counts, err := pgconversation.Count(t.Context(), s, "")
	require.NoError(t, err)
	assert.Zero(t, counts.Later)
}

func TestWhatIsNotRetried(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for state, instead := range map[pgconversation.State]string{
		pgconversation.StateUnknown: "use Settle", pgconversation.StateAccepted: "it was sent", pgconversation.StateCancelled: "insert the message with another ID",
		pgconversation.StateExpired: "insert the message with another ID, and a later Before",
	} {
		s.insertAs(t, string(state), state)
		err := pgconversation.Retry(t.Context(), s.river, s, string(state))
		require.ErrorIs(t, err, pgconversation.ErrNotRetryable)
		require.EqualError(t, err, "pgconversation: Retry: the entry cannot be retried: it is "+string(state)+": "+instead)
	}
	s.insertAs(t, "attempting", pgconversation.StateAttempting)
	require.NoError(t, pgconversation.Retry(t.Context(), s.river, s, "attempting"))
	assert.Equal(t, pgconversation.StateAttempting, s.get(t, "attempting").State)

	s.insert(t, pgconversation.Entry{ID: "late", Before: time.Now().Add(time.Hour)})
	s.exec(t, `UPDATE conversation_outbox SET state = 'rejected', before = now() - interval '1 second' WHERE id = 'late'`)
	err := pgconversation.Retry(t.Context(), s.river, s, "late")
	require.ErrorIs(t, err, pgconversation.ErrNotRetryable)
	require.ErrorContains(t, err, "its Before has passed")
	assert.Equal(t, pgconversation.StateRejected, s.get(t, "late").State)
	assert.Equal(t, 6, s.count(t, `SELECT count(*) FROM river_job`))
}
