package conversation

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// RetryPolicy says when and how often a failed call is repeated. A field left zero means its default, so the zero
// RetryPolicy is the default policy.
//
// What may be repeated at all depends on the call. Reads, updates and deletes are repeated after network errors, 408,
// 429, 500, 502, 503 and 504. Sends, creates and merges are repeated only after 429 and when it is proven that the
// request was not sent, because the API has no idempotency key and a repeated send can reach a person twice.
type RetryPolicy struct {
	MaxAttempts      int           // requests in all, the first included. Default 3
	BaseDelay        time.Duration // upper bound of the first wait; it doubles with each attempt. Default 250 ms
	MaxDelay         time.Duration // upper bound of every wait that the reply does not ask for. Default 10 s
	MaxRetryAfter    time.Duration // a Retry-After beyond it is not waited for: the error comes at once. Default 30 s
	Budget           int           // repeats that a client can save up; a repeat takes 1, a success gives 0.1. Default 50
	AcceptDuplicates bool          // repeat sends, creates and merges like reads: what they do may then happen twice
}

// NoRetry is the policy that never repeats a call; as a client's policy it holds for token requests too. A 401 to a kept
// access token still renews it and repeats once.
var NoRetry = RetryPolicy{MaxAttempts: 1}

const (
	defaultMaxAttempts   = 3
	defaultBaseDelay     = 250 * time.Millisecond
	defaultMaxDelay      = 10 * time.Second
	defaultMaxRetryAfter = 30 * time.Second
	defaultBudget        = 50
)

func (p RetryPolicy) withDefaults() RetryPolicy {
	if p.MaxAttempts == 0 {
		p.MaxAttempts = defaultMaxAttempts
	}
	if p.BaseDelay == 0 {
		p.BaseDelay = defaultBaseDelay
	}
	if p.MaxDelay == 0 {
		p.MaxDelay = defaultMaxDelay
	}
	if p.MaxRetryAfter == 0 {
		p.MaxRetryAfter = defaultMaxRetryAfter
	}
	if p.Budget == 0 {
		p.Budget = defaultBudget
	}
	return p
}

// problem says what is wrong with a policy.
func (p RetryPolicy) problem() string {
	switch {
	case p.MaxAttempts < 0:
		return "MaxAttempts is below zero: use NoRetry to turn repeats off"
	case p.BaseDelay < 0 || p.MaxDelay < 0 || p.MaxRetryAfter < 0:
		return "BaseDelay, MaxDelay and MaxRetryAfter must not be below zero"
	case p.Budget < 0:
		return "Budget is below zero: use NoRetry to turn repeats off"
	}
	return ""
}

// backoff is the wait after the given attempt, drawn evenly from zero to a bound that doubles (full jitter).
func (p RetryPolicy) backoff(attempt int) time.Duration {
	bound := min(p.BaseDelay, p.MaxDelay)
	for i := 1; i < attempt && bound < p.MaxDelay; i++ {
		bound += min(bound, p.MaxDelay-bound)
	}
	return rand.N(max(bound, 1)) //nolint:gosec // Jitter needs no secret randomness.
}

// class is how safe it is to repeat an operation.
type class int

const (
	classReadOnly      class = iota // changes nothing: GET, transcode, capability query
	classIdempotent                 // changes something, the same however often: PATCH, DELETE, stop
	classNotIdempotent              // what it does happens again: sends, creates, merge
)

// operation is what one method of the API is to the transport.
type operation struct {
	name   string // as the caller knows it, such as "Messages.Send"
	method string
	route  string // the path with its placeholders, for logs
	class  class
}

// repeatable reports whether a failed attempt of the operation may be repeated. The error is one of this package's.
func (op operation) repeatable(err error, policy RetryPolicy) bool {
	answer := answerIn(err)
	if answer == nil {
		failed, ok := errors.AsType[*TransportError](err)
		return ok && (failed.notSent || op.class != classNotIdempotent || policy.AcceptDuplicates)
	}
	switch {
	case answer.StatusCode == http.StatusTooManyRequests:
		return true
	case outcomeOfStatus(answer.StatusCode) == OutcomeAccepted: // cut short: the API has it, so a send stays as it is
		return answer.cause != nil && op.class != classNotIdempotent
	case op.class == classNotIdempotent && !policy.AcceptDuplicates:
		return false
	}
	switch answer.StatusCode {
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// retryDelay is how long to wait before repeating, and whether waiting is worth it: not when the reply asks for more
// than the policy allows, nor when the context ends first.
func retryDelay(ctx context.Context, policy RetryPolicy, attempt int, asked time.Duration) (time.Duration, bool) {
	if asked > policy.MaxRetryAfter {
		return 0, false
	}
	delay := asked
	if delay == 0 {
		delay = policy.backoff(attempt)
	}
	deadline, ok := ctx.Deadline()
	return delay, !ok || time.Until(deadline) > delay
}

// wait sleeps until the delay is over or the context ends, and gives the context's error if it ended.
func wait(ctx context.Context, delay time.Duration) error {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// retryBudget is the bucket that keeps repeats from multiplying the load of an outage. It counts in tenths.
type retryBudget struct {
	mu   sync.Mutex
	size int
	left int
}

const (
	retryCost     = 10
	successRefund = 1
)

func newRetryBudget(size int) *retryBudget {
	size = min(size, math.MaxInt/retryCost)
	return &retryBudget{size: size * retryCost, left: size * retryCost}
}

// take pays for one repeat, and reports whether there was enough left.
func (b *retryBudget) take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < retryCost {
		return false
	}
	b.left -= retryCost
	return true
}

// refund gives back what a success is worth.
func (b *retryBudget) refund() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = min(b.size, b.left+successRefund)
}
