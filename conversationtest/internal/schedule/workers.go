package schedule

import (
	"context"
	"errors"
	"sync"
)

// Workers run jobs that no request waits for, each on a goroutine, and count those that are pending.
type Workers struct {
	tasks *Tasks
	life  context.Context //nolint:containedctx // It spans the life of the server, as no call does.
	end   context.CancelCauseFunc

	mu      sync.Mutex
	pending int           // How many jobs wait or run.
	idle    chan struct{} // Closed when no job is pending any more.
}

// NewWorkers returns Workers whose goroutines are tasks.
func NewWorkers(tasks *Tasks) *Workers {
	life, end := context.WithCancelCause(context.Background())
	return &Workers{tasks: tasks, life: life, end: end}
}

var errClosed = errors.New("the server is closed")

// Stop cancels the jobs that run. Jobs that wait are dropped.
func (w *Workers) Stop() { w.end(errClosed) }

// Go runs do on a goroutine, unless the server is closed.
func (w *Workers) Go(do func()) {
	if !w.tasks.Begin() {
		return
	}
	go func() {
		defer w.tasks.End()
		do()
	}()
}

// GoJob is Go for a job that is pending until it returns.
func (w *Workers) GoJob(do func()) {
	w.begin()
	w.Go(func() {
		do()
		w.done()
	})
}

func (w *Workers) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pending == 0 {
		w.idle = make(chan struct{})
	}
	w.pending++
}

func (w *Workers) done() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending--
	if w.pending == 0 {
		close(w.idle)
	}
}

// Wait waits until no job is pending. It returns the cause of ctx if ctx ends first, and an error after Stop.
func (w *Workers) Wait(ctx context.Context) error {
	idle, pending := w.whenIdle()
	if pending == 0 {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-w.life.Done():
		return errClosed
	}
}

func (w *Workers) whenIdle() (idle <-chan struct{}, pending int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.idle, w.pending
}
