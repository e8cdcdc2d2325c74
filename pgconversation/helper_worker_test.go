package pgconversation_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/pgconversation"
)

// outboxTest is an outbox with a worker that the test calls, as River would.
type outboxTest struct {
	t      *testing.T
	pool   *pgxpool.Pool
	srv    *conversationtest.Server
	river  *river.Client[pgx.Tx] // inserts only
	worker *pgconversation.Worker
	log    *lockedBuffer
}

// lockedBuffer is a buffer for concurrent use.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// newOutbox returns an outbox on a new database, whose worker sends to a fake of Sinch.
func newOutbox(t *testing.T) *outboxTest {
	t.Helper()
	return newOutboxOn(t, newDatabase(t))
}

// newOutboxOn returns an outbox on a database.
func newOutboxOn(t *testing.T, pool *pgxpool.Pool) *outboxTest {
	t.Helper()
	o := &outboxTest{t: t, pool: pool, srv: conversationtest.NewServer(conversationtest.Config{}), log: &lockedBuffer{}}
	t.Cleanup(o.srv.Close)
	var err error
	o.river, err = river.NewClient(riverpgxv5.New(o.pool), &river.Config{})
	require.NoError(t, err)
	o.worker = o.newWorker(o.srv.NewClient(t))
	return o
}

// newWorker returns a worker that logs to o.log.
func (o *outboxTest) newWorker(client *conversation.Client, opts ...pgconversation.WorkerOption) *pgconversation.Worker {
	opts = append(opts, pgconversation.WithRates(1000, 1000), pgconversation.WithLogger(slog.New(slog.NewTextHandler(o.log, nil))))
	return pgconversation.NewWorker(client, o.pool, opts...)
}

// insert stores messages, and returns the River jobs that send them.
func (o *outboxTest) insert(entries ...pgconversation.Entry) []*river.Job[pgconversation.SendArgs] {
	o.t.Helper()
	for _, e := range entries {
		req := &conversation.SendMessageRequest{AppID: o.srv.AppID(), Recipient: conversation.ToChannels(conversation.ChannelIdentity{
			Channel: conversation.ChannelSMS, Identity: "+46701234567",
		}), Message: conversation.Text("Your code is SESAME.")}
		require.NoError(o.t, pgx.BeginFunc(o.t.Context(), o.pool, func(tx pgx.Tx) error {
			return pgconversation.InsertTx(o.t.Context(), o.river, tx, req, e)
		}))
	}
	jobs := make([]*river.Job[pgconversation.SendArgs], len(entries))
	for i, e := range entries {
		jobs[i] = o.job(e.ID)
	}
	return jobs
}

// completes works a job until it completes, since it may miss its turn on a busy machine.
func (o *outboxTest) completes(worker *pgconversation.Worker, job *river.Job[pgconversation.SendArgs]) {
	o.t.Helper()
	require.EventuallyWithT(o.t, func(c *assert.CollectT) {
		require.NoError(c, worker.Work(o.t.Context(), job))
	}, time.Minute, time.Millisecond)
}

// workInTurn works a job whose entry was not attempted yet, and again if it missed its turn, as on a busy machine.
func (o *outboxTest) workInTurn(worker *pgconversation.Worker, job *river.Job[pgconversation.SendArgs]) error {
	o.t.Helper()
	for {
		err := worker.Work(o.t.Context(), job)
		if o.row(job.Args.ID).Attempts > 0 || o.t.Context().Err() != nil {
			return err
		}
	}
}

// job returns the River job of an entry in its first attempt.
func (o *outboxTest) job(id string) *river.Job[pgconversation.SendArgs] {
	o.t.Helper()
	row := &rivertype.JobRow{Attempt: 1, MaxAttempts: river.MaxAttemptsDefault, Priority: 4}
	var args []byte
	require.NoError(o.t, o.pool.QueryRow(o.t.Context(),
		`SELECT river_job.id, args FROM river_job, conversation_outbox AS entry WHERE entry.id = $1 AND river_job.id = entry.job`, id).Scan(&row.ID, &args))
	job := &river.Job[pgconversation.SendArgs]{JobRow: row}
	require.NoError(o.t, json.Unmarshal(args, &job.Args))
	return job
}

// row is what is stored about an entry.
type row struct {
	State     pgconversation.State
	Reason    string
	MessageID string
	Attempts  int
	Kept      bool // its message is
}

func (o *outboxTest) row(id string) row {
	o.t.Helper()
	var r row
	require.NoError(o.t, o.pool.QueryRow(o.t.Context(),
		`SELECT state, reason, message_id, attempts, message IS NOT NULL FROM conversation_outbox WHERE id = $1`, id).
		Scan(&r.State, &r.Reason, &r.MessageID, &r.Attempts, &r.Kept))
	return r
}

// exec changes the database as another process does.
func (o *outboxTest) exec(sql string, args ...any) {
	o.t.Helper()
	_, err := o.pool.Exec(context.WithoutCancel(o.t.Context()), sql, args...)
	require.NoError(o.t, err)
}
