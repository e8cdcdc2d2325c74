package pgconversation_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/pgconversation"
)

// run works the jobs with River until the test ends. Jobs that failed are due again immediately.
func (o *outboxTest) run(worker *pgconversation.Worker, maxAttempts int) {
	o.t.Helper()
	workers := river.NewWorkers()
	river.AddWorker(workers, worker)
	client, err := river.NewClient(riverpgxv5.New(o.pool), &river.Config{
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 20}}, Workers: workers, MaxAttempts: maxAttempts,
		FetchCooldown: 5 * time.Millisecond, FetchPollInterval: 20 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(o.log, nil)), TestOnly: true,
	})
	require.NoError(o.t, err)
	require.NoError(o.t, client.Start(o.t.Context()))
	o.t.Cleanup(func() { <-client.Stopped() })
}

// settled waits until no entry is queued or attempted, and no job is to be worked.
func (o *outboxTest) settled() {
	o.t.Helper()
	require.EventuallyWithT(o.t, func(c *assert.CollectT) {
		_, err := o.pool.Exec(o.t.Context(), `UPDATE river_job SET scheduled_at = now(), state = 'available' WHERE state IN ('scheduled', 'retryable')`)
		require.NoError(c, err)
		var left int
		require.NoError(c, o.pool.QueryRow(o.t.Context(), `SELECT (SELECT count(*) FROM river_job WHERE finalized_at IS NULL)
			+ (SELECT count(*) FROM conversation_outbox WHERE state IN ('queued', 'attempting'))`).Scan(&left))
		assert.Zero(c, left)
	}, time.Minute, 50*time.Millisecond)
}

// stored returns everything that the tables have, as text.
func (o *outboxTest) stored(tables ...string) string {
	o.t.Helper()
	var all strings.Builder
	for _, table := range tables {
		var rows string
		require.NoError(o.t, o.pool.QueryRow(o.t.Context(), `SELECT coalesce(string_agg(t::text, E'\n'), '') FROM `+table+` AS t`).Scan(&rows))
		all.WriteString(rows)
	}
	return all.String()
}

func TestNeitherRiverNorTheLogGetsPersonalData(t *testing.T) {
	t.Parallel()
	o := newOutbox(t)
	const says = `{"error":{"code":400,"message":"cannot send to +46701234567","status":"INVALID_ARGUMENT"}}`
	for i, fault := range []conversationtest.Fault{
		{Kind: conversationtest.FaultStatus, Status: 400, Body: says},
		{Kind: conversationtest.FaultStatus, Status: 500, Body: says},
		{Kind: conversationtest.FaultStatus, Status: 403, Body: says},
		{Kind: conversationtest.FaultRateLimit, Body: says},
		{Kind: conversationtest.FaultRefuse},
		{Kind: conversationtest.FaultResetMidRequest},
		{Kind: conversationtest.FaultDropAfterAccept},
		{Kind: conversationtest.FaultBadJSON},
	} {
		fault.Times, fault.Operation = 1, "Messages.Send"
		o.srv.Fault(fault)
		o.insert(pgconversation.Entry{ID: fmt.Sprint("order-", i)})
	}
	var panicked atomic.Bool
	o.run(o.newWorker(o.srv.NewClient(t, conversation.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(req *http.Request) (*http.Response, error) {
			if !panicked.Swap(true) {
				panic("for +46701234567")
			}
			return next.RoundTrip(req)
		})
	}))), 5)
	o.settled()
	written := o.log.String() + o.stored("river_job")
	o.exec(`UPDATE conversation_outbox SET message = NULL`)
	written += o.stored("conversation_outbox")
	require.Contains(t, written, "order-7")
	for _, secret := range []string{"46701234567", "SESAME", o.srv.KeySecret()} {
		assert.NotContains(t, written, secret)
	}
}

func TestAServerThatCrashesLosesNoEntryAndSendsNoneTwice(t *testing.T) {
	t.Parallel()
	server, pool := startServer(t)
	o := newOutboxOn(t, pool)
	const n = 300
	for i := range n {
		o.insert(pgconversation.Entry{ID: fmt.Sprint("order-", i)})
	}
	o.run(o.worker, 0)
	for range 3 {
		sent := len(o.srv.Sent())
		require.Eventually(t, func() bool { return len(o.srv.Sent()) >= min(sent+20, n) }, 30*time.Second, time.Millisecond)
		require.NoError(t, server.Restart(t.Context(), "immediate"))
	}
	require.Eventually(t, func() bool {
		var left int
		return queueStuckJobs(t, o.pool) == nil && o.pool.QueryRow(t.Context(), `SELECT count(*) FROM conversation_outbox WHERE state <> 'accepted'`).Scan(&left) == nil && left == 0
	}, time.Minute, 100*time.Millisecond)
	ids := make(map[string]bool)
	for _, m := range o.srv.Sent() {
		assert.False(t, ids[m.Request.CorrelationID], "%s was sent twice", m.Request.CorrelationID)
		ids[m.Request.CorrelationID] = true
	}
	assert.Len(t, ids, n)
}
