package pace

import (
	"context"
	"math"
	"sync/atomic"
	"time"
)

// Limiter spaces events evenly, in the order in which they come. It is a token bucket that holds one token, so that no
// second has more events than the rate allows, and one, apart from those that a late timer held back (see catchUp).
type Limiter struct {
	interval time.Duration
	turn     chan turn // holds the next turn while nobody waits for it
	waiting  atomic.Int64
}

// turn is the time of the next event, and that of the last one.
type turn struct{ next, last time.Time }

// NewLimiter returns a Limiter of perSecond events, which must be above zero.
func NewLimiter(perSecond float64) *Limiter {
	interval := min(float64(time.Second)/perSecond, float64(math.MaxInt64/2))
	l := &Limiter{interval: time.Duration(interval), turn: make(chan turn, 1)}
	l.turn <- turn{}
	return l
}

// Wait blocks until the next event may happen. It returns the context's error if the context ends before, and returns
// [context.DeadlineExceeded] immediately if the context's deadline leaves too little time. An event that did not happen takes nothing
// from the rate.
func (l *Limiter) Wait(ctx context.Context) error {
	ahead := l.waiting.Add(1) - 1
	defer l.waiting.Add(-1)
	if deadline, ok := ctx.Deadline(); ok && ahead > 0 && time.Until(deadline)/time.Duration(ahead) < l.interval {
		return context.DeadlineExceeded
	}
	var own turn
	select {
	case own = <-l.turn:
	case <-ctx.Done():
		return ctx.Err()
	}
	slept, err := sleepUntil(ctx, own.next)
	if err != nil {
		l.turn <- own
		return err
	}
	now := time.Now()
	onTime := now
	if slept || now.Sub(own.last) < catchUp {
		onTime = now.Add(-catchUp) // it is late because of a timer, not for want of events
	}
	if own.next.Before(onTime) {
		own.next = onTime
	}
	l.turn <- turn{next: own.next.Add(l.interval), last: now}
	return nil
}

// sleepUntil waits for a moment, unless the context ends before or its deadline is earlier. It reports whether it had to
// wait.
func sleepUntil(ctx context.Context, moment time.Time) (bool, error) {
	delay := time.Until(moment)
	if delay <= 0 {
		return false, ctx.Err()
	}
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(moment) {
		return false, context.DeadlineExceeded
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}
