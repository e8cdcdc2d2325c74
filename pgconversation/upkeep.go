package pgconversation

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
)

// UpkeepArgs are the arguments of the periodic River job of [Upkeep].
type UpkeepArgs struct{}

// Kind returns the kind of the job.
func (UpkeepArgs) Kind() string { return "conversation_upkeep" }

// InsertOpts returns how River works the job: before messages, once, and one job for each interval of [PeriodicJobs].
func (UpkeepArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Priority: 1, MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByPeriod: upkeepInterval}}
}

const (
	upkeepInterval   = 30 * time.Second
	defaultRetention = 30 * 24 * time.Hour
	defaultLease     = 5 * time.Minute
	day              = 24 * time.Hour
)

// Upkeep is the [river.Worker] that keeps the outbox in order. Add it in every process, and its job with [PeriodicJobs]. In each run:
//
//   - An attempt without a result that began longer ago than [WithLease] becomes [StateUnknown]: its process crashed. A worker that
//     is late replaces that with the result.
//   - A queued entry whose River job was cancelled becomes [StateCancelled], and its message is erased. One whose job was discarded,
//     because its attempts are used up, or does not exist, becomes [StateDropped], so that [Retry] can queue it again. Both only
//     after a minute.
//   - A callback whose River job was cancelled or deleted becomes dead: see [Inbox.Dead].
//   - Settled entries and handled callbacks that are older than [WithRetention] are deleted.
//
// A run changes at most 50,000 rows for each of these, and looks at as many River jobs; the next run goes on. A River job that was running
// when its process crashed is River's to rescue, after [river.Config].RescueStuckJobsAfter, which is an hour by default: set it to a few
// minutes.
type Upkeep struct {
	river.WorkerDefaults[UpkeepArgs]
	pool             *pgxpool.Pool
	retention, lease time.Duration

	checking sync.Mutex
	checked  position // of the queued entry whose River job was checked last
}

// UpkeepOption configures [NewUpkeep].
type UpkeepOption func(*Upkeep) error

// WithRetention sets how long a settled entry and a handled callback are remembered, the latter for at least 3 days. Afterwards the ID is
// free again: the same message is then stored and sent again if it is inserted again. Unknown entries stay until they are settled.
// Default 30 days; an hour to 3,650 days.
func WithRetention(d time.Duration) UpkeepOption {
	return func(u *Upkeep) error {
		if d < time.Hour || d > 3650*day {
			return argumentError(opUpkeep, "WithRetention", fmt.Sprintf("is %v: use an hour to 3,650 days", d))
		}
		u.retention = d
		return nil
	}
}

// WithLease sets after which time an attempt without a result is unknown. Use more than a minute, in which a request leaves or is not sent, and
// the timeout of the client. Default 5 minutes; a second to 24 hours.
func WithLease(d time.Duration) UpkeepOption {
	return func(u *Upkeep) error {
		if d < time.Second || d > day {
			return argumentError(opUpkeep, "WithLease", fmt.Sprintf("is %v: use a second to 24 hours", d))
		}
		u.lease = d
		return nil
	}
}

// NewUpkeep returns the worker. It panics with a [conversation.ArgumentError] if an argument is not valid.
func NewUpkeep(pool *pgxpool.Pool, opts ...UpkeepOption) *Upkeep {
	if pool == nil {
		panic(argumentError(opUpkeep, "pool", "is nil: pass the pool of the database"))
	}
	u := &Upkeep{pool: pool, retention: defaultRetention, lease: defaultLease, checked: listStart}
	for _, opt := range opts {
		if err := opt(u); err != nil {
			panic(err)
		}
	}
	return u
}

// PeriodicJobs returns the jobs for PeriodicJobs of [river.Config]. They run every 30 seconds, in the queue [river.QueueDefault]. For another
// queue, build them with [river.NewPeriodicJob] and [UpkeepArgs].
func PeriodicJobs() []*river.PeriodicJob {
	upkeep := func() (river.JobArgs, *river.InsertOpts) { return UpkeepArgs{}, nil }
	return []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(upkeepInterval), upkeep, &river.PeriodicJobOpts{RunOnStart: true})}
}

// Timeout returns 10 minutes: a run that has much to do may take longer than River's default of a minute.
func (*Upkeep) Timeout(*river.Job[UpkeepArgs]) time.Duration { return 10 * time.Minute }

// Work does what is due. A step that fails does not keep the others from it.
func (u *Upkeep) Work(ctx context.Context, _ *river.Job[UpkeepArgs]) error {
	riverClient, err := river.ClientFromContextSafely[pgx.Tx](ctx)
	if err != nil {
		return inCall(callUpkeep, err)
	}
	schema := riverClient.Schema()
	return inCall(callUpkeep, errors.Join(
		u.abandonAttempts(ctx), u.checkJobs(ctx, schema), u.forgetEntries(ctx),
		buryCallbacks(ctx, u.pool, schema), forgetCallbacks(ctx, u.pool, u.retention),
	))
}
