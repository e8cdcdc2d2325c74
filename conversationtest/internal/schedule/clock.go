package schedule

import (
	"context"
	"sync"
	"time"
)

// Clock is a clock that can be moved forward. A move wakes those who wait for a time.
type Clock struct {
	base func() time.Time

	mu    sync.Mutex
	ahead time.Duration
	moved chan struct{} // Closed by the next move.
}

// NewClock returns a Clock that shows the time of base until it is moved.
func NewClock(base func() time.Time) *Clock {
	return &Clock{base: base, moved: make(chan struct{})}
}

// Now returns the time of base, as far forward as the clock was moved.
func (c *Clock) Now() time.Time { return c.base().Add(c.Ahead()) }

// Steady is Now with time.Now as the base, whose time always passes. Waits are measured with it.
func (c *Clock) Steady() time.Time { return time.Now().Add(c.Ahead()) }

// Ahead returns how far the clock was moved so far.
func (c *Clock) Ahead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead
}

// Advance moves the clock forward by d, and reports whether it did: it is not moved further than the limit.
func (c *Clock) Advance(d, limit time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d > limit-c.ahead {
		return false
	}
	c.ahead += d
	close(c.moved)
	c.moved = make(chan struct{})
	return true
}

// Moved returns a channel that the next move closes.
func (c *Clock) Moved() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moved
}

// Pause waits for d, and reports whether d passed before ctx ended.
func (c *Clock) Pause(ctx context.Context, d time.Duration) bool {
	return c.pause(ctx, d, nil)
}

// pause is Pause that ends when stopped is closed, too.
func (c *Clock) pause(ctx context.Context, d time.Duration, stopped <-chan struct{}) bool {
	if d <= 0 {
		return true
	}
	for end := c.Steady().Add(d); ; {
		moved := c.Moved() // Before the time is read, so that no move is missed.
		timer := time.NewTimer(end.Sub(c.Steady()))
		select {
		case <-timer.C:
			return true
		case <-moved:
			timer.Stop()
		case <-ctx.Done():
			timer.Stop()
			return false
		case <-stopped:
			timer.Stop()
			return false
		}
	}
}
