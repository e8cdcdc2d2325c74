package pgconversation_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/pgconversation"
	"github.com/sinchgo/conversation/webhook"
)

// TestWhatAFunctionWritesIsRolledBackIfItFails has functions fail in each way, after they have written.
func TestWhatAFunctionWritesIsRolledBackIfItFails(t *testing.T) {
	t.Parallel()
	inTx := func(ctx context.Context, sql string) {
		tx, _ := pgconversation.Tx(ctx)
		_, _ = tx.Exec(ctx, sql)
	}
	fails := map[string]struct {
		fail func(ctx context.Context) error
		want string
	}{
		"error":     {func(context.Context) error { return errors.New("no answer to +46701234567") }, "no answer to"},
		"panic":     {func(context.Context) error { panic("no answer to +46701234567") }, "no answer to"},
		"goroutine": {func(context.Context) error { runtime.Goexit(); return nil }, "ended its goroutine"},
		"aborted":   {func(ctx context.Context) error { inTx(ctx, `SELECT 1 / 0`); return nil }, "aborted the transaction"},
		"rollback":  {func(ctx context.Context) error { inTx(ctx, `ROLLBACK`); return nil }, "ended the transaction"},
		"connection": {func(ctx context.Context) error {
			inTx(ctx, `SELECT pg_terminate_backend(pg_backend_pid())`)
			return nil
		}, ""},
		"deferred": {func(ctx context.Context) error {
			inTx(ctx, `INSERT INTO deferred VALUES (1), (1)`)
			return nil
		}, "duplicate key"},
	}
	var healed atomic.Bool
	b := newInboxBench(t, func(ctx context.Context, id string) error {
		if err := write(ctx, id); err != nil || healed.Load() {
			return err
		}
		return fails[id].fail(ctx)
	})
	b.exec(t, `CREATE TABLE deferred (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)`)
	for name, tt := range fails {
		require.Equal(t, http.StatusOK, b.post(t, messageOf(name)))
		err := b.Work(t.Context(), b.jobOf(t, messageOf(name), 1))
		require.Error(t, err, name)
		assert.ErrorContains(t, err, tt.want, name)
		assert.NotContains(t, err.Error(), "4670123", name)
		assert.Equal(t, "waiting", b.state(t, messageOf(name)), name)
	}
	assert.Empty(t, b.effects(t))
	healed.Store(true)
	for name := range fails {
		require.NoError(t, b.Work(t.Context(), b.jobOf(t, messageOf(name), 2)))
	}
	assert.Len(t, b.effects(t), len(fails))
}

func TestAFunctionDoesNotEndTheTransaction(t *testing.T) {
	t.Parallel()
	b := newInboxBench(t, func(ctx context.Context, id string) error {
		tx, _ := pgconversation.Tx(ctx)
		defer func() { assert.ErrorContains(t, tx.Rollback(ctx), "the inbox ends the transaction") }()
		err := pgx.BeginFunc(ctx, tx, func(nested pgx.Tx) error {
			_, err := nested.Exec(ctx, `SELECT 1 / 0`)
			return err
		})
		assert.Error(t, err)
		assert.ErrorContains(t, tx.Commit(ctx), "the inbox ends the transaction")
		return write(ctx, id)
	})
	require.Equal(t, http.StatusOK, b.post(t, messageOf("m")))
	require.NoError(t, b.Work(t.Context(), b.jobOf(t, messageOf("m"), 1)))
	assert.Equal(t, []string{"m"}, b.effects(t))
}

// TestAReportIsKeptThoughTheFunctionFails also has workers record results while the function runs.
func TestAReportIsKeptThoughTheFunctionFails(t *testing.T) {
	t.Parallel()
	b := newInboxBench(t, write)
	insertEntry(t, b.pool, "order-7", pgconversation.StateUnknown, "")
	body := `{"app_id":"A","correlation_id":"order-7","message_delivery_report":{"message_id":"M","status":"DELIVERED"}}`
	webhook.On(b.receiver, func(ctx context.Context, _ *webhook.MessageDelivery) error {
		_, err := b.pool.Exec(ctx, `UPDATE conversation_outbox SET token = 8 WHERE id = 'order-7'`)
		assert.NoError(t, err, "the entry is not locked")
		return errors.New("broken")
	})
	require.Equal(t, http.StatusOK, b.post(t, body))
	require.ErrorContains(t, b.Work(t.Context(), b.jobOf(t, body, 1)), "broken")
	assert.Equal(t, delivered, entryOf(t, b.pool, "order-7").Delivery)
	assert.Equal(t, "waiting", b.state(t, body))
}

// TestACallbackIsHandledOnceThoughTwoJobsWorkIt has one job that was taken for stuck.
func TestACallbackIsHandledOnceThoughTwoJobsWorkIt(t *testing.T) {
	t.Parallel()
	running, release := make(chan struct{}, 2), make(chan struct{})
	b := newInboxBench(t, func(ctx context.Context, id string) error {
		running <- struct{}{}
		<-release
		return write(ctx, id)
	})
	for _, id := range []string{"m", "another"} {
		require.Equal(t, http.StatusOK, b.post(t, messageOf(id)))
	}
	job := b.jobOf(t, messageOf("m"), 1)
	var both sync.WaitGroup
	work := func() { assert.NoError(t, b.Work(t.Context(), job)) }
	both.Go(work)
	<-running
	both.Go(work)
	require.Eventually(t, func() bool {
		return one[int](t, b.pool, `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR UPDATE'`) == 1
	}, inboxTime, inboxTime/1000, "the other waits for the first")
	close(release)
	both.Wait()
	assert.Equal(t, []string{"m"}, b.effects(t))
	assert.Empty(t, running)
	assert.Equal(t, "waiting", b.state(t, messageOf("another")))
}

func TestAnInboxThatStopsHasFailedNothing(t *testing.T) {
	t.Parallel()
	running := make(chan struct{})
	b := newInboxBench(t, func(ctx context.Context, _ string) error {
		close(running)
		<-ctx.Done()
		return ctx.Err()
	}, pgconversation.WithTries(1))
	require.Equal(t, http.StatusOK, b.post(t, messageOf("m")))
	require.NoError(t, b.river.Start(context.WithoutCancel(t.Context())))
	<-running
	require.NoError(t, b.river.StopAndCancel(t.Context()))
	assert.Equal(t, "waiting", b.state(t, messageOf("m")))
	job := b.jobOf(t, messageOf("m"), 0)
	assert.Contains(t, []string{"available", "scheduled"}, string(job.State))
}

// TestALastAttemptWithoutItsServerIsNotTheLast has a table away.
func TestALastAttemptWithoutItsServerIsNotTheLast(t *testing.T) {
	t.Parallel()
	b := newInboxBench(t, write)
	require.Equal(t, http.StatusOK, b.post(t, messageOf("m")))
	first, last := b.jobOf(t, messageOf("m"), 1), b.jobOf(t, messageOf("m"), 10)
	b.exec(t, `ALTER TABLE conversation_callbacks RENAME TO away`)
	_, snoozed := errors.AsType[*river.JobSnoozeError](b.Work(t.Context(), first))
	assert.False(t, snoozed)
	_, snoozed = errors.AsType[*river.JobSnoozeError](b.Work(t.Context(), last))
	assert.True(t, snoozed)
}
