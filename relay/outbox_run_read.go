package relay

import (
	"context"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// indexEvery is the least time between two readings of all queued entries. They heal whatever was missed.
	indexEvery = 30 * time.Second
	// indexShare limits the time that is spent on that.
	indexShare = 50
	// staleShare limits it if entries turned out to be removed.
	staleShare = 10
)

// readEntries reads the sequence numbers of the queued entries until the context ends.
func (w *worker) readEntries(ctx context.Context) {
	for reading := false; ctx.Err() == nil; {
		info, err := w.outbox.relay.outboxStream.Info(ctx)
		if err == nil {
			last := w.queues.follows(info.State.LastSeq)
			w.reread() // what was missed
			if !reading {
				reading = true
				w.group.Go(func() { w.readAgain(ctx) })
			}
			err = w.follow(ctx, last)
		}
		w.trouble(ctx, "the queued entries cannot be read", err)
	}
}

// follow reads the entries that are added after a message.
func (w *worker) follow(ctx context.Context, last uint64) error {
	r := w.outbox.relay
	config := headersOnly(r.names.all(kindEntry))
	config.DeliverPolicy, config.OptStartSeq = jetstream.DeliverByStartSequencePolicy, last+1
	consumer, err := r.js.OrderedConsumer(ctx, r.names.outbox, config)
	if err != nil {
		return err
	}
	defer r.removeConsumer(ctx, r.names.outbox, consumer)
	messages, err := consumer.Messages(jetstream.PullExpiry(5*time.Second), jetstream.PullHeartbeat(time.Second))
	if err != nil {
		return err
	}
	defer messages.Stop()
	for {
		msg, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return err
		}
		meta, err := msg.Metadata()
		if err != nil {
			return err
		}
		w.queues.follow(refOf(msg.Subject(), msg.Headers()), meta.Sequence.Stream)
	}
}

// readAgain reads all entries when shards are new, and from time to time, until the context ends.
func (w *worker) readAgain(ctx context.Context) {
	for {
		began := time.Now()
		if err := w.readAll(ctx); err != nil {
			w.trouble(ctx, "the queued entries cannot be read", err)
			w.reread()
		}
		took := time.Since(began)
		old := time.NewTimer(max(indexEvery, indexShare*took))
		fit := time.NewTimer(max(time.Second, staleShare*took))
		var stale <-chan struct{}
		for waiting := true; waiting && ctx.Err() == nil; {
			select {
			case <-fit.C:
				stale = w.stale
				continue
			case <-old.C:
			case <-stale:
			case <-w.again:
			case <-ctx.Done():
			}
			waiting = false
		}
		old.Stop()
		fit.Stop()
		if ctx.Err() != nil {
			return
		}
	}
}

// readAll reads all entries that are not followed.
func (w *worker) readAll(ctx context.Context) error {
	r := w.outbox.relay
	last := w.queues.beginReading()
	for msg, err := range r.scan(ctx, r.names.outbox, headersOnly(r.names.all(kindEntry))) {
		if err != nil {
			return err
		}
		meta, err := msg.Metadata()
		if err != nil {
			return err
		}
		if meta.Sequence.Stream > last {
			break
		}
		w.queues.read(refOf(msg.Subject(), msg.Headers()), meta.Sequence.Stream)
	}
	w.queues.endReading()
	return nil
}

// reread has the entries read again from the beginning of the stream.
func (w *worker) reread() { signal(w.again) }

// signal wakes the reader of a channel with room for one element.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
