package schedule

import (
	"context"
	"sync"
)

// Workers run jobs that no request waits for, each on a goroutine, and count those that are pending.
type Workers struct {
	clock *Clock
	tasks *Tasks          // The goroutines.
	life  context.Context //nolint:containedctx // It spans the life of the workers, as no call does.
	end   context.CancelCauseFunc

	mu      sync.Mutex
	pending int           // How many jobs wait or run.
	idle    chan struct{} // Closed when no job is pending any more.
}

// NewWorkers returns Workers whose jobs are due by the clock.
func NewWorkers(clock *Clock) *Workers {
	life, end := context.WithCancelCause(context.Background())
	return &Workers{clock: clock, tasks: NewTasks(), life: life, end: end}
}

// Stop cancels the jobs that run, with the cause. Jobs that wait are dropped.
func (w *Workers) Stop(cause error) {
	w.end(cause)
	w.tasks.Stop()
}

// Join waits until no goroutine runs any more. Call it after Stop.
func (w *Workers) Join() { w.tasks.Wait() }

// Go runs do on a goroutine, unless the workers are stopped.
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

// Wait waits until no job is pending. It returns the cause of ctx if ctx ends first, and that of Stop after Stop.
func (w *Workers) Wait(ctx context.Context) error {
	idle, pending := w.whenIdle()
	if pending == 0 {
		return nil
	}
	select {
	case <-idle:
		return w.cause() // The jobs may have ended because of Stop.
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-w.life.Done():
		return w.cause()
	}
}

// cause returns the cause of Stop, nil before it.
func (w *Workers) cause() error { return context.Cause(w.life) }

func (w *Workers) whenIdle() (idle <-chan struct{}, pending int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.idle, w.pending
}
