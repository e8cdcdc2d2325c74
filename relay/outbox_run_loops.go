package relay

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation"
)

const (
	// limitLife is how long the published rates are cached.
	limitLife = 5 * time.Minute
	// limitPause is the least time between two calls that read them.
	limitPause = time.Second
	// dispatchLead is how long before its slot an attempt is recorded.
	dispatchLead = 30 * time.Millisecond
	// saveEvery is how often the paces of the apps are stored, and idle apps are forgotten.
	saveEvery = 10 * time.Second
	// indexEvery is the least time between two readings of all queued entries. They heal whatever was missed.
	indexEvery = 30 * time.Second
	// indexShare limits the time that is spent on that.
	indexShare = 50
)

// keep renews the shards of the worker until the context ends.
func (w *worker) keep(ctx context.Context) {
	for ctx.Err() == nil {
		if err := callOnce(ctx, w.keeper.tick); err != nil {
			w.trouble(ctx, "the shards of the workers cannot be renewed", err)
		}
		_ = sleep(ctx, beatEvery)
	}
}

// gained reads the entries of new shards.
func (w *worker) gained(added []int) {
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), callTime)
		defer cancel()
		w.loadPaces(ctx, added)
		w.reread()
	}()
}

// reread has the entries read again from the beginning of the stream.
func (w *worker) reread() {
	select {
	case w.again <- struct{}{}:
	default:
	}
}

// follow reads the sequence numbers of the queued entries until the context ends.
func (w *worker) follow(ctx context.Context) {
	for ctx.Err() == nil {
		reading, stop := context.WithCancel(ctx)
		took := make(chan time.Duration, 1)
		w.group.Go(func() { w.awaitReread(reading, stop, took) })
		err := w.read(reading, took)
		again := reading.Err() != nil
		stop()
		if !again {
			w.trouble(ctx, "the queued entries cannot be read", err)
		}
	}
}

// awaitReread stops a reading when another is needed: after new shards, or after a while.
func (w *worker) awaitReread(ctx context.Context, stop func(), took <-chan time.Duration) {
	defer stop()
	var old <-chan time.Time
	for {
		select {
		case d := <-took:
			old = time.After(max(indexEvery, indexShare*d))
		case <-old:
			return
		case <-w.again:
			return
		case <-ctx.Done():
			return
		}
	}
}

// read reads all queued entries, and then those that are added.
func (w *worker) read(ctx context.Context, took chan<- time.Duration) error {
	r := w.outbox.relay
	consumer, err := r.js.OrderedConsumer(ctx, r.names.outbox, headersOnly(r.names.all(kindEntry)))
	if err != nil {
		return err
	}
	defer r.removeConsumer(ctx, r.names.outbox, consumer)
	messages, err := consumer.Messages(jetstream.PullExpiry(5*time.Second), jetstream.PullHeartbeat(time.Second))
	if err != nil {
		return err
	}
	defer messages.Stop()
	began, left := time.Now(), consumer.CachedInfo().NumPending
	w.queues.clear()
	if left == 0 {
		took <- 0
	}
	for {
		msg, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return err
		}
		meta, err := msg.Metadata()
		if err != nil {
			return err
		}
		w.queues.add(refOf(msg.Subject(), nil).app, meta.Sequence.Stream)
		if left > 0 {
			if left--; left == 0 || meta.NumPending == 0 {
				left = 0
				took <- time.Since(began)
			}
		}
	}
}

// dispatch starts the attempts, each in its slot.
func (w *worker) dispatch(ctx context.Context) {
	for {
		from, err := w.awaitReady(ctx)
		if err != nil {
			return
		}
		select {
		case w.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		turn, err := w.pace.next(ctx, from, w.queues.demand)
		if err == nil {
			err = sleep(ctx, time.Until(turn.from.Add(-dispatchLead)))
		}
		if err != nil {
			<-w.slots
			return
		}
		at := later(turn.from, time.Now())
		if !w.keeper.valid(at) {
			<-w.slots
			w.pace.giveBack(turn)
			_ = sleep(ctx, beatEvery/10)
			continue
		}
		queue, seq := w.queues.take(at)
		if queue == nil {
			<-w.slots
			w.pace.giveBack(turn)
			continue
		}
		a := &attempt{worker: w, queue: queue, seq: seq, turn: turn}
		w.group.Go(func() {
			defer func() { <-w.slots }()
			a.run(context.WithoutCancel(ctx))
			w.queues.done(queue, seq, a.again, a.after)
		})
	}
}

// awaitReady waits until shortly before an app may send, and returns when that is.
func (w *worker) awaitReady(ctx context.Context) (time.Time, error) {
	for {
		now := time.Now()
		wait := w.queues.wait(now)
		from := now.Add(wait)
		switch {
		case wait < 0:
			wait = time.Minute
		case !w.keeper.valid(now):
			wait = beatEvery / 10
		case wait > dispatchLead:
			wait -= dispatchLead
		default:
			pause := w.breaker.pause(now)
			if pause == 0 {
				return from, ctx.Err()
			}
			if err := sleep(ctx, pause); err != nil {
				return from, err
			}
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-w.queues.wake:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			return from, ctx.Err()
		}
	}
}

// housekeep stores the paces and forgets idle apps.
func (w *worker) housekeep(ctx context.Context) {
	for {
		timer := time.NewTimer(saveEvery)
		select {
		case <-timer.C:
		case <-w.slowed:
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			return
		}
		w.savePaces(ctx)
		w.queues.forgetIdle(time.Now())
	}
}

// followLimits reads the rates that the apps publish, when an app has entries and no rate, and after a while.
func (w *worker) followLimits(ctx context.Context) {
	for {
		timer := time.NewTimer(limitLife)
		select {
		case <-w.queues.asks:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			return
		}
		w.queues.setLimits(w.published(ctx))
		_ = sleep(ctx, limitPause)
	}
}

// published returns the rates that the apps publish. An error means the default for those that have none yet.
func (w *worker) published(ctx context.Context) map[string]float64 {
	limits := make(map[string]float64)
	list, err := w.listApps(ctx)
	if err != nil {
		return w.queues.limits()
	}
	for _, app := range list.Apps {
		limits[app.ID] = defaultAppRate
		if app.RateLimits != nil && app.RateLimits.Outbound > 0 {
			limits[app.ID] = float64(app.RateLimits.Outbound)
		}
	}
	return limits
}

// listApps reads the apps from Sinch. A panic becomes its error.
func (w *worker) listApps(ctx context.Context) (_ *conversation.AppList, failed error) {
	defer func() {
		if value := recover(); value != nil {
			failed = new(reach).panicked(value)
		}
	}()
	list, err := w.client.Apps.List(ctx, conversation.WithRequestRetry(conversation.NoRetry))
	if err == nil && list == nil {
		err = errors.New("no list")
	}
	return list, err
}
