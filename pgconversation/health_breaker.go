package pgconversation

import (
	"math/rand/v2"
	"time"
)

const (
	// breakerTrips is the number of consecutive failures that begin a hold.
	breakerTrips = 5
	// breakerFirst and breakerMost limit the waits before a probe, which double.
	breakerFirst = time.Second
	breakerMost  = time.Minute
	// probeTime is how long another probe waits for the result of one.
	probeTime = 10 * time.Second
	// breakerStep is the time between two of the jobs that are back during a hold.
	breakerStep = 20 * time.Millisecond
	// maxHold limits how long a job is snoozed during a hold.
	maxHold = 5 * time.Minute
)

// breaker holds jobs back after consecutive failures, and then allows one at a time: a probe.
type breaker struct {
	failed  int       // consecutive
	since   time.Time // begin of the hold; zero if there is none
	until   time.Time // no probe before
	probing bool
	tries   int       // probes that failed
	tail    time.Time // when the last one of the snoozed jobs is back
}

// holds reports whether jobs are held back.
func (b *breaker) holds() bool { return !b.since.IsZero() }

// pause returns how long a job is snoozed, or 0 if it may send, during a hold as a probe.
func (b *breaker) pause(now time.Time) time.Duration {
	if !b.holds() {
		return 0
	}
	if now.Before(b.until) {
		return b.snooze(now)
	}
	b.probing, b.until = true, now.Add(probeTime)
	return 0
}

// fail records a failure, and reports whether it begins a hold.
func (b *breaker) fail(now time.Time) (began bool) {
	b.failed++
	switch {
	case b.failed < breakerTrips:
		return false
	case !b.holds():
		b.since, b.until = now, now.Add(breakerFirst)
		return true
	case b.probing:
		b.tries++
		b.probing, b.until = false, now.Add(min(breakerFirst<<min(b.tries, 10), breakerMost))
	}
	return false
}

// snooze returns how long a job waits. The jobs are spread, so that however many there are, few are back at a time.
func (b *breaker) snooze(now time.Time) time.Duration {
	b.tail = later(later(b.tail, b.until), now.Add(breakerFirst)).Add(breakerStep)
	if wait := b.tail.Sub(now); wait <= maxHold {
		return wait
	}
	b.tail = now.Add(maxHold)
	return maxHold/2 + rand.N(maxHold/2) //nolint:gosec // Not a secret.
}
