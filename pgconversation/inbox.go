package pgconversation

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/webhook"
)

// endTime limits what is recorded after a function has run, also when its context has ended.
const endTime = 10 * time.Second

// CallbackArgs are the arguments of the River job that handles a callback. They name it, and have nothing of its content.
type CallbackArgs struct {
	Key string `json:"key"` // [webhook.DeduperKey] of its body
}

// Kind returns the kind of the job.
func (CallbackArgs) Kind() string { return "conversation_callback" }

// Inbox is a durable queue of callbacks. [Inbox.Handler] stores them as they arrive. The Inbox is also the [river.Worker] that passes them to
// the functions of a receiver: add it with [river.AddWorker] in any number of processes.
//
// A function runs in a transaction ([Tx]) that also marks the callback as handled, so what it writes in it is committed exactly once. If
// it fails or panics, the transaction is rolled back, and River retries the job by its schedule. What it does elsewhere must be idempotent. After
// the last try ([WithTries]) the callback is dead: see [Inbox.Dead]. A callback that was stored before is not stored again, whatever its outcome.
//
// Delivery reports are recorded in the outbox first (see [Fold]), and remain so if the function fails.
//
// While a function runs, it occupies a connection of the pool. Let the pool have more connections than River has workers
// (pool_max_conns), or both wait for each other.
type Inbox struct {
	river.WorkerDefaults[CallbackArgs]
	receiver *webhook.Receiver
	pool     *pgxpool.Pool
	opts     river.InsertOpts
	timeout  time.Duration
}

// NewInbox returns the inbox whose callbacks the functions of receiver handle. A [webhook.Deduper] of the receiver has no effect. NewInbox
// panics with a [conversation.ArgumentError] if an argument is not valid.
func NewInbox(receiver *webhook.Receiver, pool *pgxpool.Pool, opts ...InboxOption) *Inbox {
	switch {
	case receiver == nil:
		panic(inboxError("receiver", "is nil: pass the one whose functions handle the callbacks"))
	case pool == nil:
		panic(inboxError("pool", "is nil: pass the pool of the database"))
	}
	i := &Inbox{receiver: receiver, pool: pool, opts: river.InsertOpts{MaxAttempts: defaultTries}}
	for _, opt := range opts {
		if err := opt(i); err != nil {
			panic(err)
		}
	}
	return i
}

// Timeout returns that of [WithHandlerTimeout].
func (i *Inbox) Timeout(*river.Job[CallbackArgs]) time.Duration { return i.timeout }

// Work handles a callback, unless it was handled before.
func (i *Inbox) Work(ctx context.Context, job *river.Job[CallbackArgs]) error {
	err := i.handle(ctx, job.Args.Key)
	if err == nil {
		return nil
	}
	reason := errors.New(outbox.Redact(err.Error()))
	last := job.Attempt >= job.MaxAttempts
	_, malformed := errors.AsType[*webhook.ParseError](err)
	_, failed := errors.AsType[*functionError](err)
	switch {
	case errors.Is(ctx.Err(), context.Canceled): // the process stops
		return river.JobSnooze(againAfter)
	case malformed:
		return i.bury(ctx, job, reason.Error(), river.JobCancel(reason))
	case failed && last:
		return i.bury(ctx, job, reason.Error(), reason)
	case last: // no function ran
		return river.JobSnooze(againAfter)
	}
	return reason
}

// functionError is the failure of a function, or of the transaction in which it ran.
type functionError struct{ error }

func (e *functionError) Unwrap() error { return e.error }

// bury makes a callback dead, and returns the result of its job.
func (i *Inbox) bury(ctx context.Context, job *river.Job[CallbackArgs], reason string, result error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	buried, err := i.pool.Exec(ctx, `
		UPDATE conversation_callbacks SET state = 'dead', at = clock_timestamp(), tries = $2, reason = $3
		WHERE key = $1 AND (state <> 'handled') IS TRUE`, job.Args.Key, job.Attempt, reason)
	switch {
	case err != nil:
		return river.JobSnooze(againAfter)
	case buried.RowsAffected() == 0: // it was committed, though the server did not answer
		return nil
	}
	return result
}
