package conversationtest

import (
	"context"
	"slices"
	"sync"
	"time"
)

// agenda does jobs one after another, each when it is due. It has a goroutine only while there are jobs.
type agenda struct {
	crew    *crew
	earlier chan struct{} // It tells the goroutine of a job that comes before the one it waits for.

	mu   sync.Mutex
	jobs []job // In the order in which they are due, and of those that are due together as they were added.
	busy bool
}

type job struct {
	due time.Time
	do  func(context.Context)
}

func newAgenda(crew *crew) *agenda {
	return &agenda{crew: crew, earlier: make(chan struct{}, 1)}
}

// add takes up a job that is due after a delay.
func (a *agenda) add(delay time.Duration, do func(context.Context)) {
	a.crew.begin()
	added := job{due: time.Now().Add(delay), do: do}

	a.mu.Lock()
	defer a.mu.Unlock()
	at, _ := slices.BinarySearchFunc(a.jobs, added, func(known, added job) int {
		if known.due.After(added.due) {
			return 1
		}
		return -1
	})
	a.jobs = slices.Insert(a.jobs, at, added)
	switch {
	case !a.busy:
		a.busy = true
		a.crew.start(a.run)
	case at == 0:
		select {
		case a.earlier <- struct{}{}:
		default: // It is told already.
		}
	}
}

// run does jobs until none is left or the server is closed.
func (a *agenda) run() {
	for {
		next, wait := a.next()
		switch {
		case next != nil:
			next(a.crew.life)
			a.crew.done()
		case wait == 0 || !a.sleep(wait):
			return
		}
	}
}

// next takes the first job if it is due, else it says how long to wait for it. Both are zero when there is nothing to do.
func (a *agenda) next() (do func(context.Context), wait time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.jobs) == 0 || a.crew.life.Err() != nil {
		a.busy = false
		return nil, 0
	}
	first := a.jobs[0]
	if wait = time.Until(first.due); wait > 0 {
		return nil, wait
	}
	a.jobs[0] = job{}
	a.jobs = a.jobs[1:]
	return first.do, 0
}

// sleep waits until the time is over or there is an earlier job. It gives false when the server is closed.
func (a *agenda) sleep(wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-a.earlier:
		return true
	case <-a.crew.life.Done():
		return false
	}
}
