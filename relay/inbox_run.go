package relay

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation/relay/internal/option"
	"github.com/sinchgo/conversation/webhook"
)

const (
	// maxHandled bounds how many callbacks are being handled or wait to be tried again, in all processes together. New
	// ones wait beyond it.
	maxHandled = 10_000
	// maxReaders bounds how many readers of all processes may wait for a callback of one consumer.
	maxReaders = 1 << 14
	// awayWait is the wait until an engine that did not answer is asked again, and until a callback that was given back
	// is handed out again.
	awayWait = time.Second
)

var errClosed = errors.New("relay: Inbox.Run: the connection to the engine was closed: end the context of Run before Relay.Close")

// inboxRun is one call of [Inbox.Run].
type inboxRun struct {
	inbox    *Inbox
	receiver *webhook.Receiver
	config   inboxConfig
	settle   func(ctx context.Context, id, messageID string) error
	name     string        // tells its claims from those of others
	slots    chan struct{} // holds one element for each callback that is being handled
	away     atomic.Bool   // the engine does not answer, and that was logged
}

// Run hands callbacks to the functions of the receiver, until the context ends: then those that run are waited for, their
// context being cancelled too, and Run returns nil. Any number of processes may do so at the same time. Each callback is
// handled by one of them.
//
// A callback whose function fails is tried again after a while ([WithBackoff]). After [WithTries] failures it is put with the
// dead letters ([Relay.DeadLetters]), as is one whose body does not decode. A copy of a callback, told by the nonce of its
// signature or else by its body, is not handled if another was; it waits while another is. What the receiver itself has for copies, its
// [webhook.Deduper], is not asked. [webhook.MessageSubmit] and [webhook.MessageDelivery] events settle entries of the outbox
// before the functions see them.
//
// When the engine goes away, Run waits until it is back. It fails at once when an option is wrong, or when the engine does not
// answer at the start; and later only when the connection is closed for good.
func (i *Inbox) Run(ctx context.Context, receiver *webhook.Receiver, opts ...InboxOption) error {
	chosen, err := option.Apply(opRunInbox, defaultInboxConfig(), opts)
	if receiver == nil {
		err = errors.Join(argumentError(opRunInbox, "receiver", "is nil: pass the result of webhook.NewReceiver"), err)
	}
	if err != nil {
		return err
	}
	return i.newRun(receiver, chosen).serve(ctx)
}

func (i *Inbox) newRun(receiver *webhook.Receiver, chosen inboxConfig) *inboxRun {
	return &inboxRun{
		inbox: i, receiver: receiver, config: chosen, settle: i.relay.Outbox().settleFromCallback,
		name: rand.Text(), slots: make(chan struct{}, chosen.handlers),
	}
}

// serve runs the readers: one for each handler, or for each lane when the order counts.
func (run *inboxRun) serve(ctx context.Context) error {
	consumers, err := run.consumers(ctx)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("relay: Inbox.Run: the engine gives no callbacks: %w", err)
	}
	readers := run.config.handlers
	if run.config.inOrder {
		readers = lanes
	}
	results := make(chan error, readers)
	var group sync.WaitGroup
	for n := range readers {
		group.Go(func() { results <- run.read(ctx, consumers[n%len(consumers)]) })
	}
	group.Wait()
	return <-results
}

// consumers makes those of the stream, or finds them.
func (run *inboxRun) consumers(ctx context.Context) ([]jetstream.Consumer, error) {
	configs := []jetstream.ConsumerConfig{{Durable: "inbox", MaxAckPending: maxHandled}}
	if run.config.inOrder {
		configs = nil
		for lane := range lanes {
			configs = append(configs, jetstream.ConsumerConfig{
				Durable: fmt.Sprintf("inbox-%d", lane), FilterSubject: run.inbox.relay.names.lane(lane), MaxAckPending: 1,
			})
		}
	}
	var made []jetstream.Consumer
	for _, config := range configs {
		config.AckPolicy, config.AckWait, config.MaxWaiting = jetstream.AckExplicitPolicy, run.config.lease, maxReaders
		consumer, err := run.inbox.relay.inboxStream.CreateOrUpdateConsumer(ctx, config)
		if err != nil {
			return nil, err
		}
		made = append(made, consumer)
	}
	return made, nil
}

// read handles callbacks one by one until the context ends. An engine that does not answer is asked again.
func (run *inboxRun) read(ctx context.Context, consumer jetstream.Consumer) error {
	for {
		err := run.readOn(ctx, consumer)
		if ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, jetstream.ErrConnectionClosed) || errors.Is(err, nats.ErrConnectionClosed) {
			return errClosed
		}
		if run.away.CompareAndSwap(false, true) {
			run.inbox.relay.log().LogAttrs(ctx, slog.LevelWarn, "relay: the engine gives no callbacks, and is asked again until it does",
				slog.String("error", redact(err.Error())))
		}
		_ = sleep(ctx, awayWait)
		info := consumer.CachedInfo()
		if again, err := run.inbox.relay.inboxStream.CreateOrUpdateConsumer(ctx, info.Config); err == nil {
			consumer = again // somebody may have deleted it
		}
	}
}

// readOn handles callbacks until reading fails. Each is asked for when the one before has been handled: none waits here
// while another process has nothing to do.
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
			run.inbox.relay.log().LogAttrs(ctx, slog.LevelInfo, "relay: the engine gives callbacks again")
		}
		run.handle(ctx, message)
	}
}

// nakPending lets others have what came in the last moment.
func nakPending(messages jetstream.MessagesContext) {
	messages.Drain()
	for {
		message, err := messages.Next(jetstream.NextMaxWait(awayWait))
		if err != nil {
			messages.Stop()
			return
		}
		_ = message.NakWithDelay(awayWait) // it comes back without it too, but later
	}
}
