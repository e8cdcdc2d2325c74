package schedule

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Queue runs jobs one after another, each when it is due. It has a goroutine only while there are jobs.
type Queue struct {
	workers *Workers
	quiet   bool          // Whether Wait does not wait for the jobs.
	earlier chan struct{} // Wakes the goroutine when a job comes before the one that it waits for.

	mu   sync.Mutex
	jobs []job // In the order in which they are due; jobs that are due at the same time are in the order of Add.
	busy bool
}

type job struct {
	due   time.Time
	ahead time.Duration // How far the clock was ahead when the job began to wait.
	do    func(ctx context.Context, behind time.Duration)
}

// NewQueue returns a Queue without jobs. Its jobs are pending at the workers.
func NewQueue(workers *Workers) *Queue {
	return &Queue{workers: workers, earlier: make(chan struct{}, 1)}
}

// NewQuietQueue returns a Queue whose jobs are not pending at the workers, so that nobody waits for one that is due in days.
func NewQuietQueue(workers *Workers) *Queue {
	quiet := NewQueue(workers)
	quiet.quiet = true
	return quiet
}

// Add adds a job that is due after a delay.
func (q *Queue) Add(delay time.Duration, do func(context.Context)) {
	q.AddNext(0, delay, func(ctx context.Context, _ time.Duration) { do(ctx) })
}

// AddNext adds a job that is due after a delay from another job. That job was behind its time because the clock was moved
// further than to it, and so may be the new one: it is passed how far. In this way a move of an hour runs all that happens
// within the hour.
func (q *Queue) AddNext(behind, delay time.Duration, do func(ctx context.Context, behind time.Duration)) {
	if !q.quiet {
		q.workers.begin()
	}
	clock := q.workers.clock
	added := job{due: clock.Steady().Add(delay - behind), ahead: clock.Ahead() - behind, do: do}

	q.mu.Lock()
	defer q.mu.Unlock()
	at, _ := slices.BinarySearchFunc(q.jobs, added, func(known, added job) int {
		if known.due.After(added.due) {
			return 1
		}
		return -1
	})
	q.jobs = slices.Insert(q.jobs, at, added)
	switch {
	case !q.busy:
		q.busy = true
		q.workers.Go(q.run)
	case at == 0:
		select {
		case q.earlier <- struct{}{}:
		default: // The goroutine has not read the last one yet.
		}
	}
}

// run runs jobs until none is left or the workers are stopped.
func (q *Queue) run() {
	for {
		moved := q.workers.clock.Moved() // Before the time is read, so that no move is missed.
		next, wait := q.next()
		switch {
		case next != nil:
			next(q.workers.life)
			if !q.quiet {
				q.workers.done()
			}
		case wait == 0 || !q.sleep(wait, moved):
			return
		}
	}
}

// next removes and returns the first job if it is due, else it returns the time until then. Both results are zero if
// there is nothing to do.
func (q *Queue) next() (do func(context.Context), wait time.Duration) {
	now, ahead := q.workers.clock.Steady(), q.workers.clock.Ahead()
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.jobs) == 0 || q.workers.life.Err() != nil {
		q.busy = false
		return nil, 0
	}
	first := q.jobs[0]
	if wait = first.due.Sub(now); wait > 0 {
		return nil, wait
	}
	q.jobs[0] = job{}
	q.jobs = q.jobs[1:]
	behind := min(-wait, ahead-first.ahead)
	return func(ctx context.Context) { first.do(ctx, behind) }, 0
}

// sleep waits until the time is over, the clock is moved or there is an earlier job. It returns false when the workers are
// stopped.
func (q *Queue) sleep(wait time.Duration, moved <-chan struct{}) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-moved:
		return true
	case <-q.earlier:
		return true
	case <-q.workers.life.Done():
		return false
	}
}
