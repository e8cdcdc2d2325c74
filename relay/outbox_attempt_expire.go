package relay

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nuid"
)

const (
	// expireEvery is how often a worker looks for entries whose time has passed.
	expireEvery = 200 * time.Millisecond
	// expireAgain is the wait before one that is in progress, or could not be recorded, is looked at again.
	expireAgain = time.Second
	// expireMost is how many are recorded concurrently.
	expireMost = 64
)

// late reports whether the request would leave after [Entry.Before], by the clock of the engine, if it left now.
func (a *attempt) late() bool {
	if a.of.before.IsZero() {
		return false
	}
	_, most := a.worker.pace.clock.between()
	return !most.Before(a.of.before.Add(-paceSlack))
}

// expireEntries records that entries have expired, also of apps that are paused or have a long queue, until the context ends.
func (w *worker) expireEntries(ctx context.Context) {
	for sleep(ctx, expireEvery) == nil {
		if !w.queues.canExpire() || w.pace.clock.sync(ctx, false) != nil {
			continue
		}
		for ctx.Err() == nil {
			now, _ := w.pace.clock.between()
			due := w.queues.expired(now, expireMost)
			var all sync.WaitGroup
			for _, e := range due {
				all.Go(func() { w.expireEntry(context.WithoutCancel(ctx), e) })
			}
			all.Wait()
			if len(due) < expireMost {
				break
			}
		}
	}
}

func (w *worker) expireEntry(ctx context.Context, e expiry) {
	a := &attempt{worker: w, seq: e.seq, began: time.Now()}
	found, err := a.load(ctx)
	switch {
	case err != nil:
		a.later(expireAgain)
	case found && a.of.app == e.app:
		a.expire(ctx)
	}
	var again time.Time
	if a.again {
		again = e.before.Add(time.Since(a.began) + max(a.after, expireAgain))
	}
	w.queues.doneExpiring(e, again)
}

// expire records that an entry has expired that was read and was not sent. If its time has not quite passed, it stays in the queue.
func (a *attempt) expire(ctx context.Context) {
	least, _ := a.worker.pace.clock.between()
	if left := a.of.before.Sub(least); left > 0 {
		a.later(left)
		return
	}
	if err := a.recordExpired(ctx); err != nil {
		a.later(expireAgain)
		a.log(ctx, "that an entry has expired could not be recorded", err)
	}
}

func (a *attempt) recordExpired(ctx context.Context) error {
	o := a.worker.outbox
	by := nuid.Next()
	for {
		queued, err := a.maySend(ctx)
		if err != nil || !queued {
			return err
		}
		rec := a.before.record
		rec.State, rec.Reason, rec.MessageID, rec.Delivery, rec.DeliveryReason = StateExpired, "it was not sent before the time of the entry", "", "", ""
		rec.Sum, rec.By = sumOf(a.body), by
		_, err = o.put(ctx, a.of, rec, a.before.seq, a.before.trail().then(a.seq, mark(StateQueued)))
		if errors.Is(err, errConflict) {
			continue // another process was faster: with an attempt, for example
		}
		if err != nil {
			return err
		}
		if before := a.before; before.seq != 0 && before.ref.round < a.of.round {
			if err := o.forget(ctx, a.of, asideKinds[before.State], a.of.round-1); err != nil {
				return err
			}
		}
		return a.removeSettled(ctx, stored{record: rec, ref: a.of})
	}
}
