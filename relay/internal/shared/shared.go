// Package shared runs one call for all that wait for it.
package shared

import (
	"context"
	"sync"
	"time"
)

// Calls runs calls one after another. The call that somebody waits for begins after they came.
type Calls struct {
	Do    func(context.Context) error
	Pause time.Duration // before each call, so that more can join it

	mu      sync.Mutex
	next    *call // has not begun; nil if nobody waits
	running bool
}

type call struct {
	done chan struct{}
	err  error
}

// Wait returns the result of a call that begins after it was called, or the error of ctx if that ends first. The call goes on
// then, because it may be for others.
func (c *Calls) Wait(ctx context.Context) error {
	own := c.join() //nolint:contextcheck // The call is for others too.
	select {
	case <-own.done:
		return own.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Calls) join() *call {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next == nil {
		c.next = &call{done: make(chan struct{})}
	}
	if !c.running {
		c.running = true
		go c.run()
	}
	return c.next
}

// run calls as long as somebody waits.
func (c *Calls) run() {
	for {
		if c.Pause > 0 {
			time.Sleep(c.Pause)
		}
		c.mu.Lock()
		own := c.next
		c.next = nil
		if own == nil {
			c.running = false
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		own.err = c.Do(context.Background())
		close(own.done)
	}
}
