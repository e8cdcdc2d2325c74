package pgconversation

import (
	"math/rand/v2"
	"slices"
	"time"
)

const (
	// waitersLeast and waitersFor, in time at the rate of an app, limit how many jobs of the app wait in this process.
	waitersLeast = 8
	waitersFor   = 2 * time.Second
	// maxSnooze limits how long a job is snoozed for its turn.
	maxSnooze = 10 * time.Minute
)

// paceWaiter is a job that waits for a turn. It gets a slot or an error.
type paceWaiter struct {
	priority int
	granted  chan slot
	failed   chan error
}

// paceQueue is what this process has of an app: turns that were granted, and the jobs that wait for them.
type paceQueue struct {
	app     string
	spacing time.Duration
	waiters []*paceWaiter // by priority
	slots   []slot        // by time
	early   int           // jobs on their way to the gate without a slot
	free    time.Time     // nothing is granted before, as far as is known
	held    time.Time     // no request before, because of a 429
	again   time.Time     // nothing more is asked for before
	tail    time.Time     // when the last one of the snoozed jobs is back
	timer   *time.Timer   // serves the queue
}

// enter adds a job. If too many wait, the last one is snoozed, which may be this job.
func (q *paceQueue) enter(w *paceWaiter, now time.Time) error {
	if wait := later(q.free, q.held).Sub(now); wait > takeWait {
		return &snoozeError{q.snooze(now), errFarTurn}
	}
	i, _ := slices.BinarySearchFunc(q.waiters, w.priority+1, func(w *paceWaiter, priority int) int { return w.priority - priority })
	q.waiters = slices.Insert(q.waiters, i, w)
	if most := max(waitersLeast, int(waitersFor/q.spacing)); len(q.waiters) > most {
		last := q.waiters[most]
		q.waiters = q.waiters[:most]
		last.failed <- &snoozeError{q.snooze(now), errFarTurn}
	}
	return nil
}

// leave removes a job, and reports whether it still waited.
func (q *paceQueue) leave(w *paceWaiter) bool {
	i := slices.Index(q.waiters, w)
	if i < 0 {
		return false
	}
	q.waiters = slices.Delete(q.waiters, i, i+1)
	return true
}

// dismiss ends the wait of all jobs.
func (q *paceQueue) dismiss(failure func() error) {
	for _, w := range q.waiters {
		w.failed <- failure()
	}
	q.waiters = nil
}

// assign assigns the slots that are near to the first jobs.
func (q *paceQueue) assign(now time.Time) {
	q.expire(now)
	for len(q.waiters) > 0 && len(q.slots) > 0 && q.slots[0].from.Sub(now) <= takeEarly {
		q.waiters[0].granted <- q.slots[0]
		q.waiters, q.slots = q.waiters[1:], q.slots[1:]
	}
}

// expire removes the slots in which too little time is left.
func (q *paceQueue) expire(now time.Time) {
	for len(q.slots) > 0 && q.slots[0].until.Sub(now) < paceLeast {
		q.slots = q.slots[1:]
	}
}

// wants returns how many slots to ask for, or would soon. Jobs that need none yet share a grant.
func (q *paceQueue) wants(now time.Time, soon time.Duration) int {
	missing := len(q.waiters) + q.early - len(q.slots)
	if now.Add(soon).Before(q.again) || 2*missing <= q.early {
		return 0
	}
	return missing
}

// arm has the queue served when something is next to do for the jobs that wait.
func (q *paceQueue) arm(now time.Time) {
	var wait time.Duration
	switch {
	case len(q.waiters) == 0:
		q.timer.Stop()
		return
	case len(q.slots) > 0:
		wait = q.slots[0].from.Sub(now) - takeEarly
		if len(q.waiters) > len(q.slots) && q.again.After(now) {
			wait = min(wait, q.again.Sub(now))
		}
	case q.again.After(now):
		wait = q.again.Sub(now)
	default:
		return // a grant is under way
	}
	q.timer.Reset(max(wait, 0))
}

// add adds what was granted. If it is less than was asked for, there is no more for now.
func (q *paceQueue) add(slots []slot, asked int, free, held, now time.Time) {
	if held.After(now) && held.After(q.held) {
		q.hold(held)
	}
	q.slots = append(q.slots, slots...)
	q.free, q.again = free, now
	if len(slots) < asked {
		q.again = now.Add(grantAgain)
	}
	if later(q.free, q.held).Sub(now) > takeWait {
		q.dismiss(func() error { return &snoozeError{q.snooze(now), errFarTurn} })
	}
}

// hold has the app send nothing before a time.
func (q *paceQueue) hold(until time.Time) {
	q.held = later(q.held, until)
	q.slots = slices.DeleteFunc(q.slots, func(s slot) bool { return s.from.Before(q.held) })
}

// snooze returns when a job may have its turn for which there is none now. The jobs are spread, so that they are not all back at the same time.
func (q *paceQueue) snooze(now time.Time) time.Duration {
	waiting := now.Add(time.Duration(len(q.waiters)) * q.spacing)
	q.tail = later(later(q.tail, later(q.free, q.held)), waiting).Add(q.spacing)
	if wait := q.tail.Sub(now); wait <= maxSnooze {
		return wait
	}
	q.tail = now.Add(maxSnooze)
	return maxSnooze/2 + rand.N(maxSnooze/2) //nolint:gosec // Not a secret.
}

// idle reports whether nothing is to be remembered about the app.
func (q *paceQueue) idle(now time.Time) bool {
	return len(q.waiters) == 0 && len(q.slots) == 0 && q.early == 0 && later(later(q.free, q.held), q.tail).Before(now)
}
