package relay

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/relay/internal/option"
	"github.com/sinchgo/conversation/webhook"
)

const (
	// maxHandled limits the callbacks that all processes together handle or wait to retry. Further ones wait in the
	// stream.
	maxHandled = 10_000
	// maxReaders limits the readers of all processes that may wait for a callback of one consumer.
	maxReaders = 1 << 14
	// awayWait is the wait before an engine that did not answer is called again, and before a returned callback is
	// redelivered.
	awayWait = time.Second

	// oneConsumer is the consumer of all callbacks, and laneConsumer begins the names of those of the lanes.
	oneConsumer  = "inbox"
	laneConsumer = "inbox-"
)

var errClosed = errors.New("relay: Inbox.Run: the connection to the engine was closed: end the context of Run before Relay.Close")

// inboxRun is one call of [Inbox.Run].
type inboxRun struct {
	inbox    *Inbox
	receiver *webhook.Receiver
	config   inboxConfig
	fold     func(ctx context.Context, said outbox.Report) error
	name     string        // identifies its claims
	slots    chan struct{} // holds one element for each callback that is being handled
	away     atomic.Bool   // the engine does not answer, and that has been logged
}

// Run passes callbacks to the handlers of the receiver until the context ends. It then cancels the contexts of the
// handlers, waits for them, and returns nil. Any number of processes may run it concurrently. Each callback is handled
// by one of them.
//
// A callback whose handler fails is retried after a while ([WithBackoff]). After [WithTries] failures it becomes a dead
// letter ([Relay.DeadLetters]), as does one whose body cannot be decoded. Callbacks with the same
// body are duplicates ([webhook.DeduperKey]): a duplicate waits while another is being handled, and is not handled if that
// succeeds. The [webhook.Deduper] of the receiver is not used. [webhook.MessageSubmit] and
// [webhook.MessageDelivery] events settle entries of the outbox, and set their Delivery, before the handlers run.
//
// While the engine is away, Run waits. It returns a [conversation.ArgumentError] for each invalid argument, such as a lease
// that does not fit [WithRetention], and an error if the engine rejects its consumers or the connection is closed for good.
func (i *Inbox) Run(ctx context.Context, receiver *webhook.Receiver, opts ...InboxOption) error {
	chosen, err := option.Apply(opRunInbox, defaultInboxConfig(), opts)
	if receiver == nil {
		err = errors.Join(argumentError(opRunInbox, "receiver", "is nil: pass the result of webhook.NewReceiver"), err)
	}
	if err != nil {
		return err
	}
	err = i.whenThere(ctx, func() error {
		lease, err := i.relay.agreeLease(ctx, opRunInbox, "WithHandlerLease", chosen.lease, defaultHandlerLease,
			func(s *settings) *time.Duration { return &s.HandlerLease })
		if err == nil {
			chosen.lease = lease
		}
		return err
	})
	if err != nil {
		return i.startError(ctx, err)
	}
	return i.newRun(receiver, chosen).serve(ctx)
}

// whenThere calls do until the engine answers, such as a cluster that elects a leader, or the context ends.
func (i *Inbox) whenThere(ctx context.Context, do func() error) error {
	for logged := false; ; logged = true {
		err := do()
		if err == nil || !isAway(err) || ctx.Err() != nil {
			return err
		}
		if !logged {
			i.relay.log().LogAttrs(ctx, slog.LevelWarn, "relay: the engine delivers no callbacks: trying again", slog.String("error", outbox.Redact(err.Error())))
		}
		if err := sleep(ctx, awayWait); err != nil {
			return err
		}
	}
}

// startError returns the error of a Run that could not start. The end of its context is not an error.
func (*Inbox) startError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil //nolint:nilerr // The end of the context is not an error.
	}
	if _, wrong := errors.AsType[*conversation.ArgumentError](err); wrong {
		return err
	}
	return fmt.Errorf("relay: Inbox.Run: the engine delivers no callbacks: %w", err)
}

func (i *Inbox) newRun(receiver *webhook.Receiver, chosen inboxConfig) *inboxRun {
	return &inboxRun{
		inbox: i, receiver: receiver, config: chosen, fold: i.relay.Outbox().fold,
		name: rand.Text(), slots: make(chan struct{}, chosen.handlers),
	}
}

// serve runs the readers: one for each handler, or one for each lane with WithInOrder.
func (run *inboxRun) serve(ctx context.Context) error {
	var consumers []jetstream.Consumer
	err := run.inbox.whenThere(ctx, func() (err error) {
		consumers, err = run.consumers(ctx)
		return err
	})
	if err != nil {
		return run.inbox.startError(ctx, err)
	}
	readers := run.config.handlers
	if run.config.inOrder {
		readers = lanes
	}
	results := make(chan error, readers)
	var group sync.WaitGroup
	keeping, stop := context.WithCancel(ctx)
	var house sync.WaitGroup
	house.Go(func() { run.inbox.relay.keepHouse(keeping) })
	late := &overdue{run: run, clocks: make(map[string]clockReading), watched: make(map[uint64]*unacked)}
	house.Go(func() { late.watch(keeping) })
	for n := range readers {
		group.Go(func() { results <- run.read(ctx, consumers[n%len(consumers)]) })
	}
	group.Wait()
	stop()
	house.Wait()
	return <-results
}

// consumes reports whether Run reads from a consumer.
func (run *inboxRun) consumes(name string) bool {
	if run.config.inOrder {
		return strings.HasPrefix(name, laneConsumer)
	}
	return name == oneConsumer
}

// consumers creates or finds the consumers of the stream.
func (run *inboxRun) consumers(ctx context.Context) ([]jetstream.Consumer, error) {
	configs := []jetstream.ConsumerConfig{{Durable: oneConsumer, MaxAckPending: maxHandled}}
	if run.config.inOrder {
		configs = nil
		for lane := range lanes {
			configs = append(configs, jetstream.ConsumerConfig{
				Durable: fmt.Sprintf("%s%d", laneConsumer, lane), FilterSubject: run.inbox.relay.names.lane(lane), MaxAckPending: 1,
			})
		}
	}
	var created []jetstream.Consumer
	for _, config := range configs {
		config.AckPolicy, config.AckWait, config.MaxWaiting = jetstream.AckExplicitPolicy, run.config.lease, maxReaders
		consumer, err := run.inbox.relay.inboxStream.CreateOrUpdateConsumer(ctx, config)
		if err != nil {
			return nil, err
		}
		created = append(created, consumer)
	}
	return created, nil
}

// read handles callbacks one by one until the context ends. If the engine does not answer, it tries again.
func (run *inboxRun) read(ctx context.Context, consumer jetstream.Consumer) error {
	for {
		err := run.readOn(ctx, consumer)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // The end of the context is not an error.
		}
		if errors.Is(err, jetstream.ErrConnectionClosed) || errors.Is(err, nats.ErrConnectionClosed) {
			return errClosed
		}
		if run.away.CompareAndSwap(false, true) {
			run.inbox.relay.log().LogAttrs(ctx, slog.LevelWarn, "relay: the engine delivers no callbacks: trying again",
				slog.String("error", outbox.Redact(err.Error())))
		}
		_ = sleep(ctx, awayWait)
		info := consumer.CachedInfo()
		if again, err := run.inbox.relay.inboxStream.CreateOrUpdateConsumer(ctx, info.Config); err == nil {
			consumer = again // another process may have deleted it
		}
	}
}

// readOn handles callbacks until reading fails. It requests each after the previous one has been handled, so that none
// waits here while another process is idle.
func (run *inboxRun) readOn(ctx context.Context, consumer jetstream.Consumer) error {
	messages, err := consumer.Messages(jetstream.PullMaxMessages(1))
	if err != nil {
		return err
	}
	defer nakPending(messages)
	for {
		message, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return err
		}
		if run.away.CompareAndSwap(true, false) {
			run.inbox.relay.log().LogAttrs(ctx, slog.LevelInfo, "relay: the engine delivers callbacks again")
		}
		run.handle(ctx, message)
	}
}

// nakPending returns the callbacks that arrived at the last moment to the queue.
func nakPending(messages jetstream.MessagesContext) {
	messages.Drain()
	for {
		message, err := messages.Next(jetstream.NextMaxWait(awayWait))
		if err != nil {
			messages.Stop()
			return
		}
		_ = message.NakWithDelay(awayWait) // without it, they would be redelivered later
	}
}
