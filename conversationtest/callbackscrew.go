package conversationtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// crew does the work of a server that no request waits for.
type crew struct {
	tasks *tasks
	life  context.Context //nolint:containedctx // It spans the life of the server, as no call does.
	end   context.CancelCauseFunc

	mu      sync.Mutex
	pending int           // How many jobs wait or run.
	idle    chan struct{} // It is closed when none is pending any more.
}

func newCrew(tasks *tasks) *crew {
	life, end := context.WithCancelCause(context.Background())
	return &crew{tasks: tasks, life: life, end: end}
}

// start runs a function on a goroutine of its own, unless the server is closed.
func (c *crew) start(do func()) {
	if !c.tasks.begin() {
		return
	}
	go func() {
		defer c.tasks.end()
		do()
	}()
}

func (c *crew) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pending == 0 {
		c.idle = make(chan struct{})
	}
	c.pending++
}

func (c *crew) done() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending--
	if c.pending == 0 {
		close(c.idle)
	}
}

var errClosed = errors.New("the server is closed")

// wait waits until no job is pending.
func (c *crew) wait(ctx context.Context) error {
	idle, pending := c.whenIdle()
	if pending == 0 {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("conversationtest: callbacks are not delivered yet: %w", context.Cause(ctx))
	case <-c.life.Done():
		return fmt.Errorf("conversationtest: callbacks are not delivered: %w", errClosed)
	}
}

func (c *crew) whenIdle() (idle <-chan struct{}, pending int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.idle, c.pending
}
