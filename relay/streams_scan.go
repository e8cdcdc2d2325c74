package relay

import (
	"context"
	"iter"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// scanIdle is how long a scan waits for a message before it checks whether there is one.
const scanIdle = 250 * time.Millisecond

// headersOnly configures a consumer that reads the headers of all messages of a subject.
func headersOnly(subject string) jetstream.OrderedConsumerConfig {
	return jetstream.OrderedConsumerConfig{FilterSubjects: []string{subject}, HeadersOnly: true}
}

// scan returns the messages that a stream holds now, in their order.
func (r *Relay) scan(ctx context.Context, stream string, what jetstream.OrderedConsumerConfig) iter.Seq2[jetstream.Msg, error] {
	return func(yield func(jetstream.Msg, error) bool) {
		if err := r.scanTo(ctx, stream, what, func(msg jetstream.Msg) bool { return yield(msg, nil) }); err != nil {
			yield(nil, err)
		}
	}
}

func (r *Relay) scanTo(ctx context.Context, stream string, what jetstream.OrderedConsumerConfig, yield func(jetstream.Msg) bool) error {
	consumer, err := r.js.OrderedConsumer(ctx, stream, what)
	if err != nil {
		return err
	}
	defer r.removeConsumer(ctx, stream, consumer)
	if consumer.CachedInfo().NumPending == 0 {
		return nil
	}
	messages, err := consumer.Messages()
	if err != nil {
		return err
	}
	defer messages.Stop()
	for idle := false; ; {
		msg, left, err := nextWithin(ctx, messages, scanIdle)
		switch {
		case err != nil:
			return err
		case msg != nil:
			if !yield(msg) || left == 0 {
				return nil
			}
			idle = false
			continue
		}
		// The pending messages may have been removed meanwhile. Check twice, because a message may be on its way.
		info, err := consumer.Info(ctx)
		if err != nil {
			return err
		}
		if info.NumPending == 0 && idle {
			return nil
		}
		idle = info.NumPending == 0
	}
}

// nextWithin returns the next message and the number of messages after it, or nil if none arrives in time.
func nextWithin(ctx context.Context, messages jetstream.MessagesContext, wait time.Duration) (jetstream.Msg, uint64, error) {
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	msg, left, err := nextOf(waiting, messages)
	if err != nil && waiting.Err() != nil && ctx.Err() == nil {
		return nil, 0, nil
	}
	return msg, left, err
}

// removeTime is the timeout for the removal of a consumer.
const removeTime = 5 * time.Second

// removeConsumer removes a consumer that only this process uses. The engine would remove it after five minutes; a
// process that scans a few times a second would reach the limit of consumers before that.
func (r *Relay) removeConsumer(ctx context.Context, stream string, consumer jetstream.Consumer) {
	removing, stop := context.WithTimeout(context.WithoutCancel(ctx), removeTime)
	defer stop()
	_ = r.js.DeleteConsumer(removing, stream, consumer.CachedInfo().Name)
}

// nextOf returns the next message and the number of messages after it.
func nextOf(ctx context.Context, messages jetstream.MessagesContext) (jetstream.Msg, uint64, error) {
	msg, err := messages.Next(jetstream.NextContext(ctx))
	if err != nil {
		return nil, 0, err
	}
	meta, err := msg.Metadata()
	if err != nil {
		return nil, 0, err
	}
	return msg, meta.NumPending, nil
}
