package pace

import (
	"context"
	"sync/atomic"
	"time"
)

// Limiter spaces events evenly, in the order in which they come. It is a token bucket that holds one token, so that no
// second has more events than the rate allows, and one.
type Limiter struct {
	interval time.Duration
	turn     chan time.Time // holds the time of the next event while nobody waits for it
	waiting  atomic.Int64
}

// NewLimiter returns a Limiter of perSecond events.
func NewLimiter(perSecond float64) *Limiter {
	l := &Limiter{interval: time.Duration(float64(time.Second) / perSecond), turn: make(chan time.Time, 1)}
	l.turn <- time.Time{}
	return l
}

// Wait blocks until the next event may happen. It returns the context's error if the context ends before, and returns
// [context.DeadlineExceeded] immediately if the context's deadline leaves too little time. An event that did not happen takes nothing
// from the rate.
func (l *Limiter) Wait(ctx context.Context) error {
	ahead := l.waiting.Add(1) - 1
	defer l.waiting.Add(-1)
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < time.Duration(ahead)*l.interval {
		return context.DeadlineExceeded
	}
	var next time.Time
	select {
	case next = <-l.turn:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := sleepUntil(ctx, next); err != nil {
		l.turn <- next
		return err
	}
	if now := time.Now(); next.Before(now) {
		next = now
	}
	l.turn <- next.Add(l.interval)
	return nil
}

// sleepUntil waits for a moment, unless the context ends before or its deadline is earlier.
func sleepUntil(ctx context.Context, moment time.Time) error {
	delay := time.Until(moment)
	if delay <= 0 {
		return ctx.Err()
	}
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(moment) {
		return context.DeadlineExceeded
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
