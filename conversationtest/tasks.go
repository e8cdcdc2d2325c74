package conversationtest

import (
	"context"
	"sync"
	"time"
)

// tasks counts the requests that are being answered, so that Close can end their waits and wait for them. It is no
// WaitGroup, since one of these belongs to a single bubble of testing/synctest for good.
type tasks struct {
	closed chan struct{} // Closed by stop.
	idle   chan struct{} // Closed when stop was called and nothing runs any more.

	mu      sync.Mutex
	running int
	stopped bool
}

func newTasks() *tasks {
	return &tasks{closed: make(chan struct{}), idle: make(chan struct{})}
}

// begin reports whether a task may begin, which then must call end.
func (t *tasks) begin() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped {
		return false
	}
	t.running++
	return true
}

func (t *tasks) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running--
	if t.stopped && t.running == 0 {
		close(t.idle)
	}
}

// stop lets no task begin any more and ends every pause. It can be called more than once.
func (t *tasks) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped {
		return
	}
	t.stopped = true
	close(t.closed)
	if t.running == 0 {
		close(t.idle)
	}
}

// over reports whether stop was called.
func (t *tasks) over() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stopped
}

// wait waits until no task runs any more. It must come after stop.
func (t *tasks) wait() { <-t.idle }

// pause waits for a time, and reports whether it passed before the context ended or the server stopped.
func (t *tasks) pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	case <-t.closed:
		return false
	}
}

// hang waits until the context ends or the server stops.
func (t *tasks) hang(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-t.closed:
	}
}
