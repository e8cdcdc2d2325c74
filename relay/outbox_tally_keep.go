package relay

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

// tallyEvery is how often the stored tally is brought up to date while a worker runs.
const tallyEvery = time.Second

// keepTally keeps the stored tally up to date until the context ends. The owner of the first shard does it. It first counts all
// entries, in case a process crashed while it removed some.
func (w *worker) keepTally(ctx context.Context) {
	counted := false
	for sleep(ctx, tallyEvery) == nil {
		if !w.queues.owns(0) {
			continue
		}
		var err error
		if counted {
			_, err = w.outbox.currentTally(ctx, 0)
		} else {
			err = w.outbox.recount(ctx)
			counted = err == nil
		}
		if err != nil && ctx.Err() == nil {
			w.outbox.relay.log().LogAttrs(ctx, slog.LevelWarn, "relay: the entries could not be counted", slog.String("error", outbox.Redact(err.Error())))
		}
	}
}

// recount counts all entries.
func (o *Outbox) recount(ctx context.Context) error {
	for {
		before, _, err := o.storedTally(ctx)
		if err != nil {
			return err
		}
		t := newTally()
		t.Removed = before.Removed
		for {
			if t, _, err = o.update(ctx, t); err != nil {
				return err
			}
			now, revision, err := o.storedTally(ctx)
			if err != nil {
				return err
			}
			if now.Removed != before.Removed {
				break // entries were forgotten meanwhile, which may have been counted
			}
			if stored, err := o.storeTally(ctx, t, revision); stored != 0 || err != nil {
				return errors.Join(err, o.markBare(ctx, t.bare))
			}
		}
	}
}

// markBare stores the marks by which the rejected and dropped entries of earlier versions are listed. Their messages are gone.
func (o *Outbox) markBare(ctx context.Context, bare []ref) error {
	for _, of := range bare {
		s, err := o.state(ctx, of)
		if err != nil {
			return err
		}
		if k := asideKinds[s.State]; k == kindRejected || k == kindDropped {
			msg := o.relay.names.message(s.ref, k, nil, nil)
			msg.Header.Set(lostHeader, "true")
			_, err = o.relay.js.PublishMsg(ctx, msg, jetstream.WithExpectLastSequencePerSubject(0))
		}
		if err != nil && !isConflict(err) {
			return err
		}
	}
	return nil
}

// subtract removes forgotten entries from the stored tally.
func (o *Outbox) subtract(ctx context.Context, gone []forgotten) error {
	for {
		t, revision, err := o.storedTally(ctx)
		if err != nil || revision == 0 || len(gone) == 0 {
			return err
		}
		t.Removed++
		for _, one := range gone {
			t.add(one.of, 0, "", one.mark)
		}
		if stored, err := o.storeTally(ctx, t, revision); stored != 0 || err != nil {
			return err
		}
		if err := sleep(ctx, conflictWait); err != nil {
			return err
		}
	}
}

// forgotten is a settled entry whose record was removed.
type forgotten struct {
	of   ref
	mark mark
}

func forgottenOf(msg jetstream.Msg) forgotten {
	header := msg.Headers()
	return forgotten{
		refOf(msg.Subject(), nil), markOf(State(header.Get(headerState)), conversation.DeliveryStatus(header.Get(headerDelivery))),
	}
}

// noteStored counts n entries that were stored by this process. From time to time it has the tally brought up to date, so that the
// next reader does not have to count all of them.
func (o *Outbox) noteStored(ctx context.Context, n int64) {
	if o.stored.Add(n) < longBacklog || !o.counting.CompareAndSwap(false, true) {
		return
	}
	o.stored.Store(0)
	go func() {
		defer o.counting.Store(false)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTime)
		defer cancel()
		_, _ = o.tally(ctx) // the next reader counts the rest
	}()
}
