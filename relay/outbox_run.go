package relay

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay/internal/option"
)

const (
	// fetchWait is the timeout of one request for a message.
	fetchWait = 10 * time.Second
	// maxUnsettled limits the messages of an app that all workers together hold.
	maxUnsettled = 1000
)

// worker is one call of [Outbox.Run].
type worker struct {
	outboxConfig

	outbox  *Outbox
	client  *conversation.Client
	pace    *pace
	breaker breaker
	slots   chan struct{}   // holds one element for each request in progress
	done    <-chan struct{} // closed when the run should end
	group   sync.WaitGroup

	unchanged unchanged
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
	w := &worker{
		outboxConfig: chosen, outbox: o, client: client,
		pace: newPace(o, chosen.projectRate), slots: make(chan struct{}, chosen.concurrency), done: ctx.Done(),
	}
	w.group.Go(func() { o.relay.keepHouse(ctx) })
	if w.policy != UnknownHold {
		w.group.Go(func() { w.applyPolicy(ctx) })
	}
	w.serveAll(ctx)
	w.group.Wait()
	return nil
}

// serveAll serves each registered app.
func (w *worker) serveAll(ctx context.Context) {
	serving := make(map[string]bool)
	for ctx.Err() == nil {
		watcher, err := w.outbox.relay.appsBucket.WatchAll(ctx, jetstream.IgnoreDeletes())
		if err != nil {
			w.trouble(ctx, "the apps cannot be watched", err)
			continue
		}
		w.follow(ctx, watcher, serving)
		_ = watcher.Stop()
	}
}

func (w *worker) follow(ctx context.Context, watcher jetstream.KeyWatcher, serving map[string]bool) {
	for {
		select {
		case <-ctx.Done():
			return
		case entry, open := <-watcher.Updates():
			if !open {
				return
			}
			if entry == nil { // all apps so far are known
				continue
			}
			if app := string(entry.Value()); !serving[app] {
				serving[app] = true
				w.group.Go(func() { w.serve(ctx, app) })
			}
		}
	}
}

// serve sends the entries of an app.
func (w *worker) serve(ctx context.Context, app string) {
	queue := &appQueue{worker: w, app: app}
	for ctx.Err() == nil {
		consumer, err := w.outbox.relay.js.CreateOrUpdateConsumer(ctx, w.outbox.relay.names.outbox, jetstream.ConsumerConfig{
			Durable: consumerOf(app), FilterSubject: w.outbox.relay.names.entriesOf(app), Description: "messages to send of one app",
			AckPolicy: jetstream.AckExplicitPolicy, AckWait: w.lease, MaxAckPending: maxUnsettled, MaxDeliver: -1,
		})
		if err != nil {
			w.trouble(ctx, "the consumer of an app cannot be created", err)
			continue
		}
		w.trouble(ctx, "messages cannot be fetched", queue.consume(ctx, consumer))
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
			if w.unchanged.since(unknown.ID, uint64(unknown.At.UnixNano())) < w.after { //nolint:gosec // Only compared.
				continue
			}
			if err := outbox.settle(ctx, unknown.ID, how, "by policy"); err != nil {
				w.outbox.relay.log().LogAttrs(ctx, slog.LevelInfo, "relay: an unknown entry was not settled", slog.String("error", err.Error()))
			}
		}
	}
}
