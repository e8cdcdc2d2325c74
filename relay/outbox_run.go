package relay

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay/internal/option"
	"github.com/sinchgo/conversation/relay/internal/shared"
)

const (
	// leaveTime is how long a worker tries to release its apps when it ends.
	leaveTime = 2 * time.Second
	// confirmPause is how long an attempt waits for others, whose records are confirmed with its own.
	confirmPause = 5 * time.Millisecond
)

// worker is one call of [Outbox.Run].
type worker struct {
	outboxConfig

	outbox  *Outbox
	client  *conversation.Client
	pace    *pace
	queues  *queues
	keeper  *keeper
	breaker breaker
	slots   chan struct{}   // holds one element for each request in progress
	done    <-chan struct{} // closed when the run should end
	again   chan struct{}   // the entries are to be read again
	stale   chan struct{}   // entries turned out to be removed, so that they are worth reading again
	slowed  chan struct{}   // an app got a 429
	group   sync.WaitGroup

	revision uint64                    // of what operators have set; used by beat only
	obeyed   atomic.Pointer[time.Time] // when it was read

	unchanged unchanged
	confirmed *shared.Calls // that the records of attempts are on the disk
}

// Run sends the queued entries until the context ends. It then takes no further entry, completes the requests in
// progress, and returns nil. Any number of processes may run it for the same outbox. The client's retry policy has no
// effect: an entry is retried only if it provably was not sent.
//
// All processes together send at the rates of [WithRates]. After a 429, all of them pause for its app until its
// Retry-After has passed, and then send more slowly. If five requests in a row fail without a reply, with a 5xx or
// without an access token, the worker pauses, and then tries one request at a time. An outage of Sinch thus leaves few
// entries unknown.
//
// If five messages of an app in a row fail because of a wrong setting (a 401 or 403, a 404 of the app or the project, an unknown host), the
// app is paused: its entries stay queued, and one at a time is sent to see whether the setting is mended. [Overview].Pauses has the
// reason. What [Outbox.Pause] and [Outbox.SetRate] set is in effect within two seconds.
//
// A panic during a request, such as of middleware of the client, becomes the reason of its entry, which is unknown unless it
// is proven that nothing was sent. It is logged with its stack.
//
// While the engine is away, Run waits. It returns only a [conversation.ArgumentError] for each invalid argument, such as a
// lease that does not fit [WithRetention].
func (o *Outbox) Run(ctx context.Context, client *conversation.Client, opts ...OutboxOption) error {
	chosen, err := option.Apply(opRunOutbox, defaultOutboxConfig(), opts)
	if client == nil {
		err = errors.Join(argumentError(opRunOutbox, "client", "is nil: pass the result of conversation.NewClient"), err)
	}
	if err != nil {
		return err
	}
	chosen.lease, err = o.agreeLease(ctx, chosen.lease)
	if ctx.Err() != nil {
		return nil //nolint:nilerr // The end of the context is not an error.
	}
	if err != nil {
		return err
	}
	o.newWorker(client, chosen, ctx.Done()).serve(ctx)
	return nil
}

func (o *Outbox) newWorker(client *conversation.Client, chosen outboxConfig, done <-chan struct{}) *worker {
	w := &worker{
		outboxConfig: chosen, outbox: o, client: client, pace: newPace(o, chosen.projectRate), queues: newQueues(chosen.appRate, chosen.concurrency),
		slots: make(chan struct{}, chosen.concurrency), done: done, again: make(chan struct{}, 1), stale: make(chan struct{}, 1),
		slowed: make(chan struct{}, 1),
	}
	w.confirmed = &shared.Calls{Pause: confirmPause, Do: func(ctx context.Context) error { return callOnce(ctx, o.relay.engine.flush) }}
	w.keeper = newKeeper(o.relay.paceBucket, w.queues, w.gained)
	return w
}

// serve sends the entries of the apps that this worker owns until the context ends.
func (w *worker) serve(ctx context.Context) {
	w.group.Go(func() { w.outbox.relay.keepHouse(ctx) })
	if w.policy != UnknownHold {
		w.group.Go(func() { w.applyPolicy(ctx) })
	}
	w.group.Go(func() { w.removeOldConsumers(ctx) })
	w.group.Go(func() { w.readEntries(ctx) })
	w.group.Go(func() { w.expireEntries(ctx) })
	w.group.Go(func() { w.findLost(ctx) })
	w.group.Go(func() { w.keepTally(ctx) })
	w.group.Go(func() { w.followLimits(ctx) })
	w.group.Go(func() { w.housekeep(ctx) })
	w.group.Go(func() { w.dispatch(ctx) })
	sending, stop := context.WithCancel(context.WithoutCancel(ctx)) // the shards are kept until the last request has ended
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		w.keep(sending)
	}()
	w.group.Wait()
	stop()
	<-kept
	leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTime)
	defer cancel()
	w.savePaces(leaving)
	_ = w.keeper.leave(leaving) // without it, the others wait a little longer
}

// removeOldConsumers removes the consumers of earlier versions, one for each app: the engine allows 1,000 for a stream.
func (w *worker) removeOldConsumers(ctx context.Context) {
	names := w.outbox.relay.outboxStream.ConsumerNames(ctx)
	for name := range names.Name() {
		if strings.HasPrefix(name, "app-") {
			_ = w.outbox.relay.js.DeleteConsumer(ctx, w.outbox.relay.names.outbox, name)
		}
	}
}

// ended reports whether the run should end.
func (w *worker) ended() bool {
	select {
	case <-w.done:
		return true
	default:
		return false
	}
}

// trouble logs a failed call to the engine, and waits.
func (w *worker) trouble(ctx context.Context, what string, err error) {
	if ctx.Err() != nil {
		return
	}
	w.outbox.relay.log().LogAttrs(ctx, slog.LevelWarn, "relay: a worker has a problem with the engine", slog.String("what", what), slog.String("error", fmt.Sprint(err)))
	_ = sleep(ctx, engineRetry)
}

// applyPolicy settles entries that have been unknown for too long.
func (w *worker) applyPolicy(ctx context.Context) {
	outbox := w.outbox
	how := map[UnknownPolicy]Settlement{UnknownResend: SettleResend, UnknownDrop: SettleDrop}[w.policy]
	for sleep(ctx, min(max(w.after/4, time.Second), time.Minute)) == nil {
		for unknown, err := range outbox.Unknown(ctx) {
			if err != nil {
				break
			}
			if w.unchanged.since(unknown.ID, uint64(unknown.At.UnixNano())) < w.after {
				continue
			}
			if err := outbox.settle(ctx, unknown.ID, how, "by policy"); err != nil {
				w.outbox.relay.log().LogAttrs(ctx, slog.LevelInfo, "relay: an unknown entry was not settled", slog.String("error", err.Error()))
			}
		}
	}
}
