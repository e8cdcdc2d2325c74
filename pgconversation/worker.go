package pgconversation

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

// Worker sends the entries of the outbox. It is a [river.Worker]: add it with [river.AddWorker] in any number of processes.
//
// It records each attempt, and commits that, before the request leaves. If it finds an attempt without a result, of a process that crashed,
// it sends nothing: the entry becomes [StateUnknown]. What was not sent is retried by River's schedule. After a 429 the job waits as long
// as Retry-After says. While a setting is wrong, such as the key or the app, jobs wait, and use up no attempt of River.
type Worker struct {
	river.WorkerDefaults[SendArgs]
	client    *conversation.Client
	pool      *pgxpool.Pool
	logger    *slog.Logger
	observers []outbox.Observer
	pace      *pacer
	health    *health
	begins    *batcher
	finishes  *batcher
}

// NewWorker returns a worker that sends with client. The client's retry policy has no effect. NewWorker panics with a [conversation.ArgumentError]
// if an argument is not valid.
func NewWorker(client *conversation.Client, pool *pgxpool.Pool, opts ...WorkerOption) *Worker {
	c := workerConfig{logger: slog.New(slog.DiscardHandler)}
	switch {
	case client == nil:
		panic(&conversation.ArgumentError{Operation: opWorker, Field: "client", Reason: "is nil: pass a client"})
	case pool == nil:
		panic(&conversation.ArgumentError{Operation: opWorker, Field: "pool", Reason: "is nil: pass the pool of the database"})
	}
	for _, opt := range opts {
		if err := opt(&c); err != nil {
			panic(err)
		}
	}
	w := &Worker{
		client: client, pool: pool, logger: c.logger, observers: c.observers,
		pace: newPacer(pool, client, c.appRate, c.projectRate), health: newHealth(c.logger),
	}
	w.begins, w.finishes = newBatcher(w.writeBegins), newBatcher(w.writeFinishes)
	return w
}

// Timeout returns a minute. River ends the context of a job then, which ends its waits, but not a request. After this time and
// RescueStuckJobsAfter of [river.Config] it works the jobs of a process again that crashed.
func (*Worker) Timeout(*river.Job[SendArgs]) time.Duration { return time.Minute }

// Work sends the message of an entry in its turn, unless an attempt was begun before. What the server of the database or this process prevents uses up
// no attempt of River.
func (w *Worker) Work(ctx context.Context, job *river.Job[SendArgs]) error {
	arrived := time.Now()
	if wait := w.health.wait(job.Args.App); wait > 0 {
		return river.JobSnooze(wait)
	}
	turn, err := w.pace.take(ctx, job.Args.App, job.Priority)
	if err != nil {
		return w.notBegun(ctx, err)
	}
	a := &attempt{worker: w, job: job, arrived: arrived, turn: turn, token: rand.Int64()} //nolint:gosec // Not a secret.
	defer w.pace.done(&a.turn)
	if err = ctx.Err(); err == nil {
		err = w.begins.do(ctx, a)
	}
	if err != nil {
		return w.notBegun(ctx, err)
	}
	if a.begun == nil {
		return a.resolve(ctx)
	}
	return a.run(context.WithoutCancel(ctx))
}

// notBegun returns the error with which River works a job again of which nothing was sent.
func (w *Worker) notBegun(ctx context.Context, err error) error {
	if snooze, ok := errors.AsType[*snoozeError](err); ok {
		return river.JobSnooze(snooze.after)
	}
	if ctx.Err() == nil {
		w.log(ctx, "the attempt could not begin, so nothing was sent", err)
	}
	return river.JobSnooze(againAfter)
}

// snoozeError is the reason of a job that is to be worked again after a while, without using up one of River's attempts.
type snoozeError struct {
	after time.Duration
	err   error
}

func (e *snoozeError) Error() string { return e.err.Error() }
