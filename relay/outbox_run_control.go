package relay

import (
	"context"
	"time"
)

// keep renews the shards of the worker until the context ends.
func (w *worker) keep(ctx context.Context) {
	for ctx.Err() == nil {
		if err := callOnce(ctx, w.beat); err != nil {
			w.trouble(ctx, "the shards of the workers cannot be renewed", err)
		}
		_ = sleep(ctx, beatEvery)
	}
}

// beat reads what operators have set, and then renews the shards. Without either, the worker soon stops sending.
func (w *worker) beat(ctx context.Context) error {
	asked := time.Now()
	now, revision, err := w.outbox.control(ctx)
	if err != nil {
		return err
	}
	if revision != w.revision {
		w.revision = revision
		if w.queues.setControl(now) {
			w.breaker.reset()
		}
	}
	w.obeyed.Store(&asked)
	return w.keeper.tick(ctx)
}

// valid reports whether the worker may send: it owns its shards, and knows what operators have set.
func (w *worker) valid(now time.Time) bool {
	obeyed := w.obeyed.Load()
	return w.keeper.valid(now) && obeyed != nil && now.Sub(*obeyed) < heldFor
}

// gained loads the paces of new shards, and reads their entries.
func (w *worker) gained(added []int) {
	go func() {
		ctx := context.Background()
		for !w.ended() {
			err := callOnce(ctx, func(ctx context.Context) error { return w.loadPaces(ctx, added) })
			if err == nil {
				w.queues.loaded(added)
				w.reread()
				return
			}
			w.trouble(ctx, "the paces of the apps cannot be read", err)
		}
	}()
}
