package relay

import (
	"context"
	"errors"
	"fmt"
	"time"

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
)

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
		if !w.valid(at) {
			<-w.slots
			w.pace.giveBack(turn)
			_ = sleep(ctx, beatEvery/10)
			continue
		}
		entry := w.queues.take(at)
		if entry == nil {
			<-w.slots
			w.pace.giveBack(turn)
			continue
		}
		w.group.Go(func() {
			defer func() { <-w.slots }()
			w.attempt(context.WithoutCancel(ctx), entry, turn)
		})
	}
}

// attempt sends an entry. If it turns out to be removed or settled, another one is sent in its turn.
func (w *worker) attempt(ctx context.Context, entry *picked, turn slot) {
	for {
		a := &attempt{worker: w, entry: entry, seq: entry.seq, turn: turn}
		a.run(ctx)
		if a.gone && !a.again {
			if other := w.queues.instead(entry); other != nil {
				entry = other
				continue
			}
			w.pace.giveBack(turn)
		}
		w.queues.done(entry, a.again, a.after)
		return
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
		case !w.valid(now):
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
			failed = fmt.Errorf("panic: %v", value)
		}
	}()
	list, err := w.client.Apps.List(ctx, conversation.WithRequestRetry(conversation.NoRetry))
	if err == nil && list == nil {
		err = errors.New("no list")
	}
	return list, err
}
