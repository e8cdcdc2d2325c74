package relay

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation"
)

// limitLife is how long the published rate of an app is cached.
const limitLife = 5 * time.Minute

// appQueue is the queue of one app in one worker. One message at a time waits for its turn.
type appQueue struct {
	worker *worker
	app    string

	limit   float64
	limitAt time.Time

	stuck stuckSearch
}

// consume processes messages one by one until the context ends or the engine fails.
func (q *appQueue) consume(ctx context.Context, consumer jetstream.Consumer) error {
	for {
		if q.stuck.due() {
			if err := q.unstick(ctx, consumer); err != nil {
				return err
			}
		}
		msg, err := next(ctx, consumer)
		if err != nil {
			return err
		}
		if msg == nil {
			continue
		}
		q.take(ctx, msg)
	}
}

// next returns the next message, or nil if none arrives in time.
func next(ctx context.Context, consumer jetstream.Consumer) (jetstream.Msg, error) {
	fetch, cancel := context.WithTimeout(ctx, fetchWait)
	defer cancel()
	msg, err := consumer.Next(jetstream.FetchContext(fetch))
	switch {
	case err == nil:
		return msg, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, nats.ErrTimeout), errors.Is(err, context.DeadlineExceeded), errors.Is(err, jetstream.ErrNoMessages):
		return nil, nil //nolint:nilnil // None arrived.
	}
	return nil, err
}

// take waits for the turn of a message, and then starts its attempt.
func (q *appQueue) take(ctx context.Context, msg jetstream.Msg) {
	w := q.worker
	meta, err := msg.Metadata()
	if err != nil {
		return
	}
	a := &attempt{
		worker: w, msg: msg, of: refOf(msg.Subject(), msg.Headers()), seq: meta.Sequence.Stream, limit: q.rate(ctx), taken: time.Now(),
	}
	if meta.NumDelivered > 1 || a.of.round > 0 {
		if ready, err := a.maySend(ctx); err != nil || !ready {
			return // after an error, the message is redelivered
		}
	}
	if a.turn, err = q.turn(ctx, a, int(meta.NumPending)+1); err != nil { //nolint:gosec // No queue is that long.
		_ = msg.Nak()
		return
	}
	w.group.Go(func() {
		defer func() { <-w.slots }()
		a.run(context.WithoutCancel(ctx))
	})
}

// turn waits until a message may be sent, and acquires one of the worker's slots for it.
func (q *appQueue) turn(ctx context.Context, a *attempt, backlog int) (slot, error) {
	w := q.worker
	for pause := w.breaker.pause(time.Now()); pause > 0; pause = w.breaker.pause(time.Now()) {
		a.heartbeat()
		if err := sleep(ctx, min(pause, w.lease/leaseShare)); err != nil {
			return slot{}, err
		}
	}
	select {
	case w.slots <- struct{}{}:
	case <-ctx.Done():
		return slot{}, ctx.Err()
	}
	turn, err := w.pace.wait(ctx, q.app, a.limit, backlog, a.heartbeat)
	if err != nil {
		<-w.slots
	}
	return turn, err
}

// rate returns how many requests a second the app may send.
func (q *appQueue) rate(ctx context.Context) float64 {
	if q.worker.appRate > 0 {
		return q.worker.appRate
	}
	if q.limit == 0 || time.Since(q.limitAt) > limitLife {
		q.limit, q.limitAt = q.published(ctx), time.Now()
	}
	return q.limit
}

// published returns the rate that the app publishes, or Sinch's default.
func (q *appQueue) published(ctx context.Context) float64 {
	app, err := q.getApp(ctx)
	if err == nil && app.RateLimits != nil && app.RateLimits.Outbound > 0 {
		return float64(app.RateLimits.Outbound)
	}
	if q.limit > 0 {
		return q.limit
	}
	return defaultAppRate
}

// getApp reads the app from Sinch. A panic becomes its error.
func (q *appQueue) getApp(ctx context.Context) (_ *conversation.App, failed error) {
	defer func() {
		if value := recover(); value != nil {
			failed = new(reach).panicked(value)
		}
	}()
	return q.worker.client.Apps.Get(ctx, q.app, conversation.WithRequestRetry(conversation.NoRetry))
}
