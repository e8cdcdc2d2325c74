package pgconversation_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/pgconversation"
)

// upkeep runs once.
func (s store) upkeep(t *testing.T, u *pgconversation.Upkeep) {
	t.Helper()
	require.NoError(t, s.runUpkeep(u))
}

var upkeepRuns atomic.Int64

// runUpkeep has River work an upkeep job in a queue that is used once.
func (s store) runUpkeep(u *pgconversation.Upkeep) error {
	ctx := context.Background()
	queue := fmt.Sprint("upkeep", upkeepRuns.Add(1))
	workers := river.NewWorkers()
	river.AddWorker(workers, u)
	riverClient, err := river.NewClient(riverpgxv5.New(s.Pool), &river.Config{
		Queues: map[string]river.QueueConfig{queue: {MaxWorkers: 1}}, Workers: workers, FetchCooldown: 10 * time.Millisecond, FetchPollInterval: 10 * time.Millisecond,
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	ended, cancel := riverClient.Subscribe(river.EventKindJobCompleted, river.EventKindJobFailed)
	defer cancel()
	if err := riverClient.Start(ctx); err != nil {
		return err
	}
	defer func() { _ = riverClient.Stop(ctx) }()
	unique := river.UniqueOpts{ByQueue: true, ByPeriod: time.Hour}
	if _, err := riverClient.Insert(ctx, pgconversation.UpkeepArgs{}, &river.InsertOpts{Queue: queue, UniqueOpts: unique}); err != nil {
		return err
	}
	if event := <-ended; event.Kind == river.EventKindJobFailed {
		return errors.New(event.Job.Errors[0].Error)
	}
	return nil
}

// age makes the state of an entry begin earlier.
func (s store) age(t *testing.T, id string, by time.Duration) {
	t.Helper()
	s.exec(t, `UPDATE conversation_outbox SET at = now() - $2::interval WHERE id = $1`, id, by)
}

func TestAnAttemptThatLastsTooLongBecomesUnknown(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for id, age := range map[string]time.Duration{"new": 50 * time.Second, "old": 70 * time.Second, "older": time.Hour, "queued": time.Hour} {
		s.insertAs(t, id, pgconversation.StateAttempting)
		s.age(t, id, age)
	}
	s.exec(t, `UPDATE conversation_outbox SET state = 'queued' WHERE id = 'queued'`)
	s.upkeep(t, pgconversation.NewUpkeep(s.Pool))
	assert.Equal(t, []string{"older"}, s.listed(t, pgconversation.ListParams{State: pgconversation.StateUnknown}), "the lease is 5 minutes")
	s.upkeep(t, pgconversation.NewUpkeep(s.Pool, pgconversation.WithLease(time.Minute)))
	assert.Equal(t, []string{"older", "old"}, s.listed(t, pgconversation.ListParams{State: pgconversation.StateUnknown}))
	assert.Equal(t, pgconversation.StateAttempting, s.get(t, "new").State)
	assert.Equal(t, pgconversation.StateQueued, s.get(t, "queued").State)
	status := s.get(t, "old")
	assert.Equal(t, "its worker recorded no outcome of the attempt in time", status.Reason)
	assert.WithinDuration(t, time.Now(), status.At, time.Minute)
	assert.True(t, s.hasMessage(t, "old"))
}

func TestSettledEntriesAreForgotten(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	const day = 24 * time.Hour
	for _, state := range []pgconversation.State{"accepted", "rejected", "dropped", "cancelled", "expired", "unknown", "queued"} {
		for name, age := range map[string]time.Duration{"new": 29 * day, "old": 31 * day} {
			id := string(state) + "-" + name
			s.insertAs(t, id, state)
			s.age(t, id, age)
		}
	}
	s.upkeep(t, pgconversation.NewUpkeep(s.Pool))
	left := s.listed(t, pgconversation.ListParams{})
	assert.ElementsMatch(t, []string{
		"unknown-old", "queued-old", "accepted-new", "rejected-new", "dropped-new", "cancelled-new", "expired-new", "unknown-new", "queued-new",
	}, left)
	s.insert(t, pgconversation.Entry{ID: "accepted-old"}) // its ID is free
	assert.Equal(t, pgconversation.StateQueued, s.get(t, "accepted-old").State)

	s.upkeep(t, pgconversation.NewUpkeep(s.Pool, pgconversation.WithRetention(28*day)))
	assert.ElementsMatch(t, []string{"unknown-old", "queued-old", "unknown-new", "queued-new", "accepted-old"}, s.listed(t, pgconversation.ListParams{}))
}

// TestAnEntryWithoutARiverJobIsSettled ends the River jobs of entries as operators do, and as River does.
func TestAnEntryWithoutARiverJobIsSettled(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ctx := t.Context()
	endings := map[string]func(job int64){
		"available": func(int64) {},
		"recent":    func(job int64) { _, _ = s.river.JobCancel(ctx, job) },
		"cancelled": func(job int64) { _, err := s.river.JobCancel(ctx, job); require.NoError(t, err) },
		"deleted":   func(job int64) { _, err := s.river.JobDelete(ctx, job); require.NoError(t, err) },
		"discarded": func(job int64) {
			s.exec(t, `UPDATE river_job SET state = 'discarded', finalized_at = now() WHERE id = $1`, job)
		},
		"completed": func(job int64) {
			s.exec(t, `UPDATE river_job SET state = 'completed', finalized_at = now() WHERE id = $1`, job)
		},
		"running":   func(job int64) { s.exec(t, `UPDATE river_job SET state = 'running' WHERE id = $1`, job) },
		"scheduled": func(job int64) { s.exec(t, `UPDATE river_job SET state = 'scheduled' WHERE id = $1`, job) },
		"another":   func(job int64) { s.exec(t, `UPDATE river_job SET kind = 'another' WHERE id = $1`, job) }, // of the same ID
	}
	for id, end := range endings {
		s.insert(t, pgconversation.Entry{ID: id}, pgconversation.Entry{ID: "accepted-" + id})
		end(s.get(t, id).Job)
		end(s.get(t, "accepted-"+id).Job)
		s.exec(t, `UPDATE conversation_outbox SET state = 'accepted' WHERE id = $1`, "accepted-"+id)
		if id != "recent" {
			s.age(t, id, 2*time.Minute)
		}
	}
	u := pgconversation.NewUpkeep(s.Pool)
	for range 2 {
		s.upkeep(t, u)
	}
	for id := range endings {
		assert.Equal(t, pgconversation.StateAccepted, s.get(t, "accepted-"+id).State)
	}
	for id, want := range map[string]struct {
		state  pgconversation.State
		reason string
	}{
		"available": {state: "queued"}, "recent": {state: "queued"}, "running": {state: "queued"}, "scheduled": {state: "queued"},
		"cancelled": {"cancelled", "its River job was cancelled"},
		"deleted":   {"dropped", "its River job does not exist"},
		"another":   {"dropped", "its River job does not exist"},
		"discarded": {"dropped", "its River job was discarded after its last attempt"},
		"completed": {"dropped", "its River job was completed by something else than the worker"},
	} {
		status := s.get(t, id)
		assert.Equal(t, want.state, status.State, id)
		assert.Equal(t, want.reason, status.Reason, id)
		assert.Equal(t, want.state != pgconversation.StateCancelled, s.hasMessage(t, id), id)
	}
	require.NoError(t, pgconversation.Retry(ctx, s.river, s, "discarded"))
	s.age(t, "discarded", 2*time.Minute)
	s.upkeep(t, u)
	assert.Equal(t, pgconversation.StateQueued, s.get(t, "discarded").State, "it has another job now")
}

func TestUpkeepKeepsCallbacksInOrder(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.insert(t, pgconversation.Entry{ID: "a"}) // whose River job stands for that of a callback
	s.exec(t, `
		INSERT INTO conversation_callbacks (key, state, at, job) VALUES
			('handled 29', 'handled', now() - interval '29 days', 1), ('handled 31', 'handled', now() - interval '31 days', 1),
			('waiting 31', 'waiting', now() - interval '31 days', $1), ('no job', 'waiting', now() - interval '1 hour', -1),
			('dead 31', 'dead', now() - interval '31 days', -1)`, s.get(t, "a").Job)
	s.exec(t, `INSERT INTO conversation_deduper (key, token, keep_until) VALUES ('old', 1, now() - interval '2 days'), ('new', 1, now() + interval '1 hour')`)
	s.upkeep(t, pgconversation.NewUpkeep(s.Pool))
	assert.Equal(t, 4, s.count(t, `SELECT count(*) FROM conversation_callbacks WHERE key <> 'handled 31'`))
	assert.Equal(t, 4, s.count(t, `SELECT count(*) FROM conversation_callbacks`))
	assert.Equal(t, 2, s.count(t, `SELECT count(*) FROM conversation_callbacks WHERE state = 'dead' AND key IN ('no job', 'dead 31')`))
	assert.Equal(t, 1, s.count(t, `SELECT count(*) FROM conversation_deduper WHERE key = 'new'`))
	assert.Equal(t, 1, s.count(t, `SELECT count(*) FROM conversation_deduper`))

	now, err := pgconversation.Overview(t.Context(), s)
	require.NoError(t, err)
	assert.InDelta(t, (31 * 24 * time.Hour).Seconds(), now.OldestCall.Seconds(), 2*time.Hour.Seconds())
	assert.Equal(t, 1, now.Waiting)
	assert.Equal(t, 2, now.Dead)
}

// TestUpkeepGoesOnInTheNextRun has more queued entries than a run looks at, of which the newest has no River job.
func TestUpkeepGoesOnInTheNextRun(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.insert(t, pgconversation.Entry{ID: "first"})
	s.exec(t, `
		INSERT INTO conversation_outbox (id, app, job, sum, at)
		SELECT 'e' || n, 'A', $1, '', now() - interval '1 hour' + n * interval '1 microsecond' FROM generate_series(1, 60000) AS n`, s.get(t, "first").Job)
	s.exec(t, `UPDATE conversation_outbox SET job = -1 WHERE id = 'e60000'`)
	u := pgconversation.NewUpkeep(s.Pool)
	s.upkeep(t, u)
	assert.Equal(t, pgconversation.StateQueued, s.get(t, "e60000").State, "a run looks at 50,000")
	s.upkeep(t, u)
	assert.Equal(t, []string{"e60000"}, s.listed(t, pgconversation.ListParams{State: pgconversation.StateDropped}))
	s.exec(t, `UPDATE conversation_outbox SET job = -1 WHERE id = 'e1'`)
	s.upkeep(t, u)
	assert.Equal(t, []string{"e60000", "e1"}, s.listed(t, pgconversation.ListParams{State: pgconversation.StateDropped}), "it begins anew")
}

func TestUpkeepIsSafeInSeveralProcesses(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	const n = 2_500 // several batches
	s.exec(t, `
		INSERT INTO conversation_outbox (id, app, job, sum, at, state)
		SELECT state || n, 'A', 0, '', now() - interval '1000 days', state
		FROM unnest(ARRAY['accepted', 'attempting', 'queued']) AS state, generate_series(1, $1::int) AS n`, n)
	results := make(chan error)
	for range 4 {
		u := pgconversation.NewUpkeep(s.Pool)
		go func() { results <- errors.Join(s.runUpkeep(u), s.runUpkeep(u)) }() // the second for what the first left to others
	}
	for range 4 {
		require.NoError(t, <-results)
	}
	counts, err := pgconversation.Count(t.Context(), s, "")
	require.NoError(t, err)
	assert.Equal(t, map[pgconversation.State]int{pgconversation.StateUnknown: n, pgconversation.StateDropped: n}, counts.States)
}

// TestRiverRunsUpkeep has River's tables in another schema.
func TestRiverRunsUpkeep(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.exec(t, `CREATE SCHEMA "Jobs"; DROP TABLE river_job CASCADE`)
	migrator, err := rivermigrate.New(riverpgxv5.New(s.Pool), &rivermigrate.Config{Schema: "Jobs"})
	require.NoError(t, err)
	_, err = migrator.Migrate(t.Context(), rivermigrate.DirectionUp, nil)
	require.NoError(t, err)
	workers := river.NewWorkers()
	river.AddWorker(workers, pgconversation.NewUpkeep(s.Pool))
	river.AddWorker(workers, river.WorkFunc(func(context.Context, *river.Job[pgconversation.SendArgs]) error { return nil }))
	s.river, err = river.NewClient(riverpgxv5.New(s.Pool), &river.Config{
		Schema: "Jobs", Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}}, Workers: workers, PeriodicJobs: pgconversation.PeriodicJobs(),
	})
	require.NoError(t, err)
	later := time.Now().Add(time.Hour)
	for i := range 4 {
		s.insert(t, pgconversation.Entry{ID: strconv.Itoa(i), After: later})
		s.age(t, strconv.Itoa(i), time.Hour)
	}
	_, err = s.river.JobDelete(t.Context(), s.get(t, "1").Job)
	require.NoError(t, err)
	require.NoError(t, s.river.Start(t.Context()))
	t.Cleanup(func() { _ = s.river.Stop(context.WithoutCancel(t.Context())) })
	require.Eventually(t, func() bool { return s.get(t, "1").State == pgconversation.StateDropped }, 30*time.Second, 10*time.Millisecond)
	assert.Equal(t, []string{"0", "2", "3"}, s.listed(t, pgconversation.ListParams{State: pgconversation.StateQueued}))
	assert.Equal(t, 1, s.count(t, `SELECT count(*) FROM "Jobs".river_job WHERE kind = 'conversation_upkeep' AND priority = 1 AND max_attempts = 1`))
}

func TestUpkeepRejectsWrongOptions(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for field, create := range map[string]func(){
		"pool":          func() { pgconversation.NewUpkeep(nil) },
		"WithRetention": func() { pgconversation.NewUpkeep(s.Pool, pgconversation.WithRetention(time.Hour-1)) },
		"WithLease":     func() { pgconversation.NewUpkeep(s.Pool, pgconversation.WithLease(time.Second-1)) },
	} {
		func() {
			defer func() {
				wrong, ok := recover().(*conversation.ArgumentError)
				require.True(t, ok, field)
				assert.Equal(t, "pgconversation.NewUpkeep", wrong.Operation)
				assert.Equal(t, field, wrong.Field)
			}()
			create()
		}()
	}
	assert.Panics(t, func() { pgconversation.NewUpkeep(s.Pool, pgconversation.WithRetention(3650*24*time.Hour+1)) })
	assert.Panics(t, func() { pgconversation.NewUpkeep(s.Pool, pgconversation.WithLease(24*time.Hour+1)) })
	assert.NotPanics(t, func() {
		pgconversation.NewUpkeep(s.Pool, pgconversation.WithRetention(time.Hour), pgconversation.WithRetention(3650*24*time.Hour),
			pgconversation.WithLease(time.Second), pgconversation.WithLease(24*time.Hour))
	})
}
