package transport

import (
	"sync"
	"time"
)

// Attempts with the same timeout expire in the order in which they began, so one timer serves all of them: it is set to the deadline
// of the oldest. It stays set when that attempt ends early, and is set to the next deadline when it fires.

// queue is the running attempts with one timeout, the oldest first.
type queue struct {
	timeout     time.Duration
	first, last *attempt
}

// queues has the queue of each timeout whose timer is set.
var queues = struct {
	sync.Mutex
	of map[time.Duration]*queue
}{of: map[time.Duration]*queue{}}

// realTime is before any run of this code. An earlier clock is that of a bubble of testing/synctest, which begins in 2000. Timers
// and channels of a bubble must not be used outside of it, so its attempts share no timer.
var realTime = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// expireLater expires the attempt at its deadline, which is a timeout from now, unless leave is called before.
func (a *attempt) expireLater(timeout time.Duration) {
	if a.deadline.Before(realTime) {
		a.timer = time.AfterFunc(timeout, a.expire)
		return
	}
	queues.Lock()
	defer queues.Unlock()
	q := queues.of[timeout]
	if q == nil {
		q = &queue{timeout: timeout}
		queues.of[timeout] = q
		time.AfterFunc(timeout, q.fire)
	}
	q.push(a)
}

// leave ends the wait for the deadline.
func (a *attempt) leave() {
	if a.timer != nil {
		a.timer.Stop()
		return
	}
	queues.Lock()
	defer queues.Unlock()
	if a.queue != nil {
		a.queue.remove(a)
	}
}

// fire expires the attempts that are due.
func (q *queue) fire() {
	for _, a := range q.due(time.Now()) {
		a.expire()
	}
}

// due removes the attempts that are due. It sets the timer to the next deadline, if there is one.
func (q *queue) due(now time.Time) []*attempt {
	queues.Lock()
	defer queues.Unlock()
	var due []*attempt
	for q.first != nil && !q.first.deadline.After(now) {
		due = append(due, q.first)
		q.remove(q.first)
	}
	if q.first == nil {
		delete(queues.of, q.timeout)
	} else {
		time.AfterFunc(q.first.deadline.Sub(now), q.fire)
	}
	return due
}

func (q *queue) push(a *attempt) {
	a.queue, a.before = q, q.last
	if q.last == nil {
		q.first = a
	} else {
		q.last.next = a
	}
	q.last = a
}

func (q *queue) remove(a *attempt) {
	if a.before == nil {
		q.first = a.next
	} else {
		a.before.next = a.next
	}
	if a.next == nil {
		q.last = a.before
	} else {
		a.next.before = a.before
	}
	a.queue, a.before, a.next = nil, nil, nil
}
