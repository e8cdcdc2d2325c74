package relay

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// scan gives the messages that a stream holds under a subject now, in the order in which they came.
func (r *Relay) scan(ctx context.Context, stream, subject string, headersOnly bool) iter.Seq2[jetstream.Msg, error] {
	return func(yield func(jetstream.Msg, error) bool) {
		consumer, err := r.js.OrderedConsumer(ctx, stream, jetstream.OrderedConsumerConfig{
			FilterSubjects: []string{subject}, HeadersOnly: headersOnly,
		})
		if err != nil {
			yield(nil, err)
			return
		}
		defer r.removeConsumer(ctx, stream, consumer)
		if consumer.CachedInfo().NumPending == 0 {
			return
		}
		messages, err := consumer.Messages()
		if err != nil {
			yield(nil, err)
			return
		}
		defer messages.Stop()
		for {
			msg, left, err := nextOf(ctx, messages)
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(msg, nil) || left == 0 {
				return
			}
		}
	}
}

// removeTime is how long the removal of a consumer may take.
const removeTime = 5 * time.Second

// removeConsumer removes a consumer of ours alone. The engine would do so after five minutes: whoever counts a few times a
// second would have it refuse further ones before that.
func (r *Relay) removeConsumer(ctx context.Context, stream string, consumer jetstream.Consumer) {
	removing, stop := context.WithTimeout(context.WithoutCancel(ctx), removeTime)
	defer stop()
	_ = r.js.DeleteConsumer(removing, stream, consumer.CachedInfo().Name)
}

// nextOf gives the next message, and how many come after it.
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

// lastOf gives the last message of a stream under a subject, or nil if there is none.
func lastOf(ctx context.Context, stream jetstream.Stream, subject string) (*jetstream.RawStreamMsg, error) {
	msg, err := stream.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil //nolint:nilnil // Nothing there is no error.
	}
	return msg, err
}
