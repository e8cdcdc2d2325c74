// Package retry computes how long to wait before a request is retried, and bounds how many retries a client makes.
package retry

import (
	"context"
	"math"
	"math/rand/v2"
	"time"
)

// Policy is conversation.RetryPolicy, with every field set. Its fields must stay identical, so that one converts to the
// other.
type Policy struct {
	MaxAttempts      int           // requests in all, including the first
	BaseDelay        time.Duration // upper bound of the first wait; it doubles with each attempt
	MaxDelay         time.Duration // upper bound of every wait that the server did not ask for
	MaxRetryAfter    time.Duration // longest Retry-After that is waited for
	Budget           int           // retries that a client can save up
	AcceptDuplicates bool          // retry requests that are not idempotent like those that are
}

// backoff returns the wait after the given attempt: random, below a bound that doubles with each attempt (full jitter).
func (p Policy) backoff(attempt int) time.Duration {
	bound := min(p.BaseDelay, p.MaxDelay)
	for i := 1; i < attempt && bound < p.MaxDelay; i++ {
		bound += min(bound, p.MaxDelay-bound)
	}
	return rand.N(max(bound, 1)) //nolint:gosec // Jitter needs no secret randomness.
}

// Delay returns how long to wait after the given attempt, and reports whether to wait at all. asked is the wait that the
// server asked for, or 0. Waiting is useless if the server asked for more than the policy allows, or if ctx ends first.
func (p Policy) Delay(ctx context.Context, attempt int, asked time.Duration) (time.Duration, bool) {
	if asked > p.MaxRetryAfter {
		return 0, false
	}
	delay := asked
	if delay == 0 {
		delay = p.backoff(attempt)
	}
	left := time.Duration(math.MaxInt64)
	if deadline, ok := ctx.Deadline(); ok {
		left = time.Until(deadline)
	}
	if left <= delay {
		return delay, false
	}
	return delay + spread(asked, left-asked), true
}

// spread returns a random addition to a wait that the server asked for, so that callers with the same Retry-After do not
// return in the same instant: up to a tenth of the wait, at most a second, and less than room.
func spread(asked, room time.Duration) time.Duration {
	most := min(asked/10, time.Second, room-1)
	return rand.N(max(most, 0) + 1) //nolint:gosec // Jitter needs no secret randomness.
}

// Wait sleeps for the delay. If ctx ends first, it returns the cause immediately.
func Wait(ctx context.Context, delay time.Duration) error {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
