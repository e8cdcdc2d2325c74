package pgconversation_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/pgconversation"
	"github.com/sinchgo/conversation/webhook"
)

const callbackSecret = "a secret of callbacks"

// inboxTime is the time limit for what must happen.
const inboxTime = 20 * time.Second

// eagerInbox is an inbox whose jobs are retried immediately.
type eagerInbox struct{ *pgconversation.Inbox }

func (eagerInbox) NextRetry(*river.Job[pgconversation.CallbackArgs]) time.Time { return time.Now() }

// inboxBench is an inbox on a new database, with a table for what functions write.
type inboxBench struct {
	*pgconversation.Inbox
	pool     *pgxpool.Pool
	receiver *webhook.Receiver
	river    *river.Client[pgx.Tx]
}

// newInboxBench returns an inbox whose function f runs for each message, with its ID.
func newInboxBench(t *testing.T, f func(ctx context.Context, id string) error, opts ...pgconversation.InboxOption) *inboxBench {
	t.Helper()
	b := &inboxBench{pool: newDatabase(t)}
	b.exec(t, `CREATE TABLE effects (id text NOT NULL)`)
	var err error
	b.receiver, err = webhook.NewReceiver(webhook.WithSecret(callbackSecret))
	require.NoError(t, err)
	webhook.On(b.receiver, func(ctx context.Context, e *webhook.MessageInbound) error { return f(ctx, e.Message.ID) })
	b.Inbox = pgconversation.NewInbox(b.receiver, b.pool, opts...)
	workers := river.NewWorkers()
	river.AddWorker(workers, eagerInbox{b.Inbox})
	b.river, err = river.NewClient(riverpgxv5.New(b.pool), &river.Config{
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}, "callbacks": {MaxWorkers: 1}},
		Workers: workers, TestOnly: true, FetchCooldown: time.Millisecond, FetchPollInterval: 10 * time.Millisecond,
	})
	require.NoError(t, err)
	return b
}

// start has River work until the test ends.
func (b *inboxBench) start(t *testing.T) {
	t.Helper()
	require.NoError(t, b.river.Start(context.WithoutCancel(t.Context())))
	t.Cleanup(func() { require.NoError(t, b.river.StopAndCancel(context.WithoutCancel(t.Context()))) })
}

// post delivers a callback as Sinch does, and returns the status code.
func (b *inboxBench) post(t *testing.T, body string) int {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/sinch", bytes.NewReader([]byte(body)))
	req.Header = webhook.Sign([]byte(body), callbackSecret, "n", time.Now())
	req.Header.Set("Authorization", "Bearer of secrets")
	req.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	b.Handler(b.river).ServeHTTP(answer, req)
	return answer.Code
}

// jobOf returns the job of a callback in an attempt.
func (b *inboxBench) jobOf(t *testing.T, body string, attempt int) *river.Job[pgconversation.CallbackArgs] {
	t.Helper()
	key := webhook.DeduperKey([]byte(body))
	row, err := b.river.JobGet(t.Context(), one[int64](t, b.pool, `SELECT job FROM conversation_callbacks WHERE key = $1`, key))
	require.NoError(t, err)
	row.Attempt = attempt
	return &river.Job[pgconversation.CallbackArgs]{JobRow: row, Args: pgconversation.CallbackArgs{Key: key}}
}

// state returns the state of a callback.
func (b *inboxBench) state(t *testing.T, body string) string {
	t.Helper()
	return one[string](t, b.pool, `SELECT state FROM conversation_callbacks WHERE key = $1`, webhook.DeduperKey([]byte(body)))
}

// settled waits until a callback has a state.
func (b *inboxBench) settled(t *testing.T, body, want string) {
	t.Helper()
	require.Eventually(t, func() bool { return b.state(t, body) == want }, inboxTime, 5*time.Millisecond, "%s is not %s", body, want)
}

func (b *inboxBench) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := b.pool.Exec(t.Context(), sql, args...)
	require.NoError(t, err)
}

// effects returns the IDs that functions have written, in order.
func (b *inboxBench) effects(t *testing.T) []string {
	t.Helper()
	rows, err := b.pool.Query(t.Context(), `SELECT id FROM effects ORDER BY id`)
	require.NoError(t, err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return ids
}

// dead returns the dead callbacks.
func (b *inboxBench) dead(t *testing.T) []*pgconversation.DeadCallback {
	t.Helper()
	var all []*pgconversation.DeadCallback
	for dead, err := range b.Dead(t.Context()) {
		require.NoError(t, err)
		all = append(all, dead)
	}
	return all
}

// one returns the only value of a query.
func one[T any](t *testing.T, pool *pgxpool.Pool, sql string, args ...any) T {
	t.Helper()
	var value T
	require.NoError(t, pool.QueryRow(t.Context(), sql, args...).Scan(&value), sql)
	return value
}

// write writes an ID in the transaction of a function.
func write(ctx context.Context, id string) error {
	tx, ok := pgconversation.Tx(ctx)
	if !ok {
		return fmt.Errorf("%s has no transaction", id)
	}
	_, err := tx.Exec(ctx, `INSERT INTO effects (id) VALUES ($1)`, id)
	return err
}

// messageOf returns the body of a message from a contact.
func messageOf(id string) string {
	return fmt.Sprintf(`{"app_id":"A","message":{"id":%q,"conversation_id":"C"}}`, id)
}
