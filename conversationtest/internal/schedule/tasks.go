// Package schedule runs the work of the fake server: requests that Close ends, and callbacks that no request waits for.
package schedule

import (
	"context"
	"sync"
	"time"
)

// Tasks counts what runs in a server, so that Close can end its waits and wait for it. It is not a sync.WaitGroup, because
// a WaitGroup belongs to a single bubble of testing/synctest for good.
type Tasks struct {
	stopped chan struct{} // Closed by Stop.
	idle    chan struct{} // Closed when Stop was called and no task runs any more.

	mu      sync.Mutex
	running int
	over    bool
}

// NewTasks returns Tasks of which none runs.
func NewTasks() *Tasks {
	return &Tasks{stopped: make(chan struct{}), idle: make(chan struct{})}
}

// Begin reports whether a task may begin. A task that begins must call End.
func (t *Tasks) Begin() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return false
	}
	t.running++
	return true
}

// End ends a task.
func (t *Tasks) End() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running--
	if t.over && t.running == 0 {
		close(t.idle)
	}
}

// Stop ends every pause. No task begins after it. It can be called more than once.
func (t *Tasks) Stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return
	}
	t.over = true
	close(t.stopped)
	if t.running == 0 {
		close(t.idle)
	}
}

// Stopped returns a channel that Stop closes.
func (t *Tasks) Stopped() <-chan struct{} { return t.stopped }

// Over reports whether Stop was called.
func (t *Tasks) Over() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.over
}

// Wait waits until no task runs any more. Call it after Stop.
func (t *Tasks) Wait() { <-t.idle }

// Pause waits for d by the clock, and reports whether d passed before ctx ended and before Stop.
func (t *Tasks) Pause(ctx context.Context, clock *Clock, d time.Duration) bool {
	return clock.pause(ctx, d, t.stopped)
}

// Hang waits until ctx ends or Stop is called.
func (t *Tasks) Hang(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-t.stopped:
	}
}
