package pgconversation_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/pgconversation"
	"github.com/sinchgo/conversation/webhook"
)

func TestACallbackThatAlwaysFailsIsDeadAndCanBeRetried(t *testing.T) {
	t.Parallel()
	var healed atomic.Bool
	var calls atomic.Int32
	b := newInboxBench(t, func(ctx context.Context, id string) error {
		if err := write(ctx, id); err != nil || healed.Load() || !strings.HasPrefix(id, "bad") {
			return err
		}
		calls.Add(1)
		return errors.New("broken for +46701234567")
	}, pgconversation.WithTries(3))
	b.start(t)
	for _, id := range []string{"bad", "good", "bad too"} {
		require.Equal(t, http.StatusOK, b.post(t, messageOf(id)))
	}
	b.settled(t, messageOf("bad"), "dead")
	b.settled(t, messageOf("bad too"), "dead")
	b.settled(t, messageOf("good"), "handled")
	assert.EqualValues(t, 6, calls.Load())
	assert.Equal(t, []string{"good"}, b.effects(t))
	counts, err := b.Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, &pgconversation.CallbackCounts{Dead: 2}, counts)

	dead := b.dead(t)
	require.Len(t, dead, 2)
	for _, d := range dead {
		assert.Equal(t, webhook.DeduperKey(d.Body), d.Key)
		assert.Equal(t, 3, d.Tries)
		assert.Contains(t, d.Reason, "broken for")
		assert.NotContains(t, d.Reason, "4670123")
		assert.NoError(t, webhook.Verify(d.Body, d.Header, callbackSecret))
		assert.True(t, d.At.After(d.Received))
		assert.WithinDuration(t, time.Now(), d.Received, time.Minute)
	}
	require.Equal(t, http.StatusOK, b.post(t, messageOf("bad")), "a duplicate changes nothing")
	assert.Equal(t, "dead", b.state(t, messageOf("bad")))

	healed.Store(true)
	key := webhook.DeduperKey([]byte(messageOf("bad")))
	require.NoError(t, b.RetryDead(t.Context(), b.river, key))
	b.settled(t, messageOf("bad"), "handled")
	assert.Equal(t, []string{"bad", "good"}, b.effects(t))
	require.NoError(t, b.DropDead(t.Context(), webhook.DeduperKey([]byte(messageOf("bad too")))))
	assert.Equal(t, "handled", b.state(t, messageOf("bad too")))
	assert.Empty(t, b.dead(t))
	jobs := one[int](t, b.pool, `SELECT count(*) FROM river_job`)
	for _, key := range []string{key, "", "unknown"} {
		require.ErrorIs(t, b.RetryDead(t.Context(), b.river, key), pgconversation.ErrNoDeadCallback)
		require.ErrorIs(t, b.DropDead(t.Context(), key), pgconversation.ErrNoDeadCallback)
	}
	require.EqualError(t, b.DropDead(t.Context(), key), "pgconversation: Inbox.DropDead: there is no dead callback with this key")
	var rejected *conversation.ArgumentError
	require.ErrorAs(t, b.RetryDead(t.Context(), nil, key), &rejected)
	assert.Equal(t, "riverClient", rejected.Field)
	assert.Equal(t, jobs, one[int](t, b.pool, `SELECT count(*) FROM river_job`), "no job was inserted")
}

func TestWhatIsNotACallbackIsDeadImmediately(t *testing.T) {
	t.Parallel()
	b := newInboxBench(t, write)
	b.start(t)
	for body, want := range map[string]string{`[]`: "dead", `not JSON`: "dead", `{}`: "handled", `{"event":"ice"}`: "handled"} {
		require.Equal(t, http.StatusOK, b.post(t, body), body)
		b.settled(t, body, want)
	}
	require.Len(t, b.dead(t), 2)
	assert.Equal(t, 1, b.dead(t)[0].Tries)
}

func TestDeadCallbacksAreListedInPages(t *testing.T) {
	t.Parallel()
	b := newInboxBench(t, write)
	for i := range 45 { // of three pages; of those that became dead at the same time, by their key
		b.exec(t, `INSERT INTO conversation_callbacks (key, state, at, job, body) VALUES ($1, 'dead', to_timestamp($2), 1, '')`, fmt.Sprintf("%02d", i), i/30)
	}
	b.exec(t, `INSERT INTO conversation_callbacks (key, job) VALUES ('waiting', 1)`)
	var keys []string
	for _, d := range b.dead(t) {
		keys = append(keys, d.Key)
	}
	require.Len(t, keys, 45)
	assert.IsIncreasing(t, keys)
	for dead, err := range b.Dead(t.Context()) {
		require.NoError(t, err)
		assert.Equal(t, "00", dead.Key)
		break
	}
	b.pool.Close()
	for dead, err := range b.Dead(t.Context()) {
		assert.Nil(t, dead)
		assert.ErrorContains(t, err, "Inbox.Dead")
	}
}

// TestACallbackWhoseJobHasEndedIsDead has jobs that River ended, or a person.
func TestACallbackWhoseJobHasEndedIsDead(t *testing.T) {
	t.Parallel()
	b := newInboxBench(t, write)
	for _, id := range []string{"cancelled", "discarded", "deleted", "available", "running", "retryable", "handled"} {
		require.Equal(t, http.StatusOK, b.post(t, messageOf(id)))
		job := b.jobOf(t, messageOf(id), 1)
		switch id {
		case "handled":
			require.NoError(t, b.Work(t.Context(), job))
			b.exec(t, `DELETE FROM river_job WHERE id = $1`, job.ID)
		case "deleted":
			b.exec(t, `DELETE FROM river_job WHERE id = $1`, job.ID)
		default:
			b.exec(t, `UPDATE river_job SET state = $2::river_job_state,
				finalized_at = CASE WHEN $2 IN ('cancelled', 'discarded') THEN now() END WHERE id = $1`, job.ID, id)
		}
	}
	require.NoError(t, pgconversation.BuryCallbacks(t.Context(), b.pool, ""))
	require.NoError(t, pgconversation.BuryCallbacks(t.Context(), b.pool, "public"))
	for id, want := range map[string]string{
		"cancelled": "dead", "discarded": "dead", "deleted": "dead", "available": "waiting", "running": "waiting", "retryable": "waiting", "handled": "handled",
	} {
		assert.Equal(t, want, b.state(t, messageOf(id)), id)
	}
	assert.Len(t, b.dead(t), 3)
	require.NoError(t, b.RetryDead(t.Context(), b.river, webhook.DeduperKey([]byte(messageOf("deleted")))))
	require.NoError(t, b.Work(t.Context(), b.jobOf(t, messageOf("deleted"), 1)))
	assert.Equal(t, []string{"deleted", "handled"}, b.effects(t))
}

func TestRetryDeadRejectsNoClient(t *testing.T) {
	t.Parallel()
	b := newInboxBench(t, write)
	wrong, ok := b.RetryDead(t.Context(), nil, "k").(*conversation.ArgumentError) //nolint:errorlint // It is returned as it is.
	require.True(t, ok)
	assert.Equal(t, "riverClient", wrong.Field)
}

func TestOnlyHandledCallbacksAreForgotten(t *testing.T) {
	t.Parallel()
	b := newInboxBench(t, write)
	for key, row := range map[string][2]string{
		"old": {"handled", "31 days"}, "new": {"handled", "29 days"}, "waiting": {"waiting", "31 days"}, "dead": {"dead", "31 days"}, "fresh": {"handled", "2 days"},
	} {
		b.exec(t, `INSERT INTO conversation_callbacks (key, state, at, job) VALUES ($1, $2, now() - $3::interval, 1)`, key, row[0], row[1])
	}
	kept := func() []string {
		return one[[]string](t, b.pool, `SELECT array_agg(key ORDER BY key) FROM conversation_callbacks`)
	}
	require.NoError(t, pgconversation.ForgetCallbacks(t.Context(), b.pool, 30*24*time.Hour))
	assert.Equal(t, []string{"dead", "fresh", "new", "waiting"}, kept())
	require.NoError(t, pgconversation.ForgetCallbacks(t.Context(), b.pool, time.Hour))
	assert.Equal(t, []string{"dead", "fresh", "waiting"}, kept(), "Sinch may redeliver it")

	b.exec(t, `
		INSERT INTO conversation_callbacks (key, state, at, job) SELECT n, 'handled', now() - interval '31 days' - n * interval '1 second', 1
		FROM generate_series(1, 50001) AS n`)
	require.NoError(t, pgconversation.ForgetCallbacks(t.Context(), b.pool, time.Hour))
	assert.Equal(t, []string{"1", "dead", "fresh", "waiting"}, kept(), "the next run goes on")
}
