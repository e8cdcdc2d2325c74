package pgconversation_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/pgconversation"
)

func poolOf(t *testing.T, config *pgxpool.Config) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}

// queryLog records the statements about the outbox, with the arguments of the first time.
type queryLog struct {
	mu      sync.Mutex
	queries []pgx.TraceQueryStartData
}

func (l *queryLog) TraceQueryStart(ctx context.Context, _ *pgx.Conn, query pgx.TraceQueryStartData) context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	seen := slices.ContainsFunc(l.queries, func(q pgx.TraceQueryStartData) bool { return q.SQL == query.SQL })
	if strings.Contains(query.SQL, "conversation_outbox") && !strings.Contains(query.SQL, "-- name:") && !seen {
		l.queries = append(l.queries, query)
	}
	return ctx
}

func (*queryLog) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TestEveryQueryIsServedByAnIndex calls every function on a large table, and has the server explain what it was asked. Only Count
// of all entries and Overview read the whole table.
func TestEveryQueryIsServedByAnIndex(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.exec(t, `
		INSERT INTO river_job (args, kind, max_attempts, state, queue, finalized_at)
		SELECT '{}', 'conversation_send', 25, 'completed', 'default', now() FROM generate_series(1, 20000)`)
	s.exec(t, `
		INSERT INTO conversation_outbox (id, app, grp, job, sum, message, at, state)
		SELECT 'e' || n, 'A', CASE n % 4 WHEN 0 THEN '' ELSE 'campaign ' || n % 1000 END, n % 20000, sha256(n::text::bytea), repeat('x', 100)::bytea,
			now() - n * interval '1 second', CASE n % 100
				WHEN 1 THEN 'queued' WHEN 2 THEN 'rejected' WHEN 3 THEN 'unknown' WHEN 4 THEN 'dropped' WHEN 5 THEN 'cancelled' WHEN 6 THEN 'expired'
				WHEN 7 THEN 'attempting' ELSE 'accepted' END
		FROM generate_series(1, 50000) AS n`)
	s.exec(t, `VACUUM ANALYZE`)
	log := &queryLog{}
	config := s.Config()
	config.ConnConfig.Tracer = log
	traced := store{poolOf(t, config), s.river}
	traced.askAll(t)

	require.GreaterOrEqual(t, len(log.queries), 15)
	for _, query := range log.queries {
		plan := explain(t, s, query)
		if strings.Contains(query.SQL, "GROUP BY state") && !strings.Contains(query.SQL, "grp = ") {
			continue // it counts all entries
		}
		assert.NotContains(t, plan, "Seq Scan on conversation_outbox", query.SQL)
		assert.NotContains(t, plan, "Seq Scan on river_job", query.SQL)
	}
}

// explain returns the plan of a statement.
func explain(t *testing.T, s store, query pgx.TraceQueryStartData) string {
	t.Helper()
	rows, err := s.Query(t.Context(), "EXPLAIN "+query.SQL, query.Args...)
	require.NoError(t, err, query.SQL)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err, query.SQL)
	return strings.Join(lines, "\n")
}

// askAll calls every function, and has a worker send a message.
func (s store) askAll(t *testing.T) {
	t.Helper()
	s.insert(t, pgconversation.Entry{ID: "a", Group: "spring"}, pgconversation.Entry{ID: "a", Group: "spring"}, pgconversation.Entry{ID: "b"})
	s.get(t, "a")
	for _, params := range []pgconversation.ListParams{{}, {State: "queued"}, {Group: "spring"}, {State: "accepted", Group: "campaign 1"}, {State: "cancelled"}} {
		for _, err := range pgconversation.List(t.Context(), s, params) {
			require.NoError(t, err)
			break
		}
	}
	for _, group := range []string{"", "spring"} {
		_, err := pgconversation.Count(t.Context(), s, group)
		require.NoError(t, err)
	}
	_, err := pgconversation.Overview(t.Context(), s)
	require.NoError(t, err)
	for id, how := range map[string]pgconversation.Settlement{"e3": pgconversation.SettleAccepted, "e103": pgconversation.SettleDrop, "e203": pgconversation.SettleResend} {
		require.NoError(t, pgconversation.Settle(t.Context(), s.river, s, id, how))
	}
	require.NoError(t, pgconversation.Retry(t.Context(), s.river, s, "e2"))
	require.NoError(t, pgconversation.Cancel(t.Context(), s, "b"))
	s.upkeep(t, pgconversation.NewUpkeep(s.Pool))
	s.send(t)
}

// send has a worker send what is queued.
func (s store) send(t *testing.T) {
	t.Helper()
	client, err := conversation.NewClient("P", conversation.WithRegion(conversation.RegionEU), conversation.WithBasicAuth("K", "S"),
		conversation.WithHTTPClient(&http.Client{Transport: roundTrip(acceptAll)}))
	require.NoError(t, err)
	workers := river.NewWorkers()
	river.AddWorker(workers, pgconversation.NewWorker(client, s.Pool))
	riverClient, err := river.NewClient(riverpgxv5.New(s.Pool), &river.Config{
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 10}}, Workers: workers,
	})
	require.NoError(t, err)
	require.NoError(t, riverClient.Start(t.Context()))
	t.Cleanup(func() { _ = riverClient.Stop(context.WithoutCancel(t.Context())) })
	require.Eventually(t, func() bool { return s.get(t, "a").State == pgconversation.StateAccepted }, 30*time.Second, 10*time.Millisecond)
}
