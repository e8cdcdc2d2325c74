package relay

import (
	"context"
	"sync"
	"time"
)

// confirmWait is how long an attempt waits for others, which are then confirmed with it.
const confirmWait = 5 * time.Millisecond

// confirmations confirm that the records of attempts are on the disk, several with one call.
type confirmations struct {
	mu      sync.Mutex
	next    *confirmation // has not begun; nil if nobody waits
	running bool
}

type confirmation struct {
	done chan struct{}
	err  error
}

// wait returns nil if what the engine acknowledged before the call is on the disk.
func (c *confirmations) wait(ctx context.Context, confirm func(context.Context) error) error {
	own := c.join(confirm) //nolint:contextcheck // The call is for other attempts too.
	select {
	case <-own.done:
		return own.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *confirmations) join(confirm func(context.Context) error) *confirmation {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next == nil {
		c.next = &confirmation{done: make(chan struct{})}
	}
	if !c.running {
		c.running = true
		time.AfterFunc(confirmWait, func() { c.run(confirm) })
	}
	return c.next
}

// run confirms as long as attempts wait. What came during a call waits for the next.
func (c *confirmations) run(confirm func(context.Context) error) {
	c.mu.Lock()
	own := c.next
	c.next = nil
	if own == nil {
		c.running = false
		c.mu.Unlock()
		return
	}
	c.mu.Unlock()
	own.err = callOnce(context.Background(), confirm)
	close(own.done)
	time.AfterFunc(confirmWait, func() { c.run(confirm) })
}
