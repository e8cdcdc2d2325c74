package conversation

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// RetryPolicy sets when and how often a failed call is retried. A zero field means its default, so the zero RetryPolicy is
// the default policy.
//
// Which failures are retried depends on the call: see the section Retries of the package comment.
//
// A Retry-After is waited for in full, and up to a tenth of it longer, at most a second, so that callers that got the same
// answer do not return in the same instant.
type RetryPolicy struct {
	MaxAttempts      int           // requests in all, including the first. Default 3
	BaseDelay        time.Duration // upper bound of the first wait; it doubles with each attempt. Default 250 ms
	MaxDelay         time.Duration // upper bound of every wait that the server did not ask for. Default 10 s
	MaxRetryAfter    time.Duration // after a longer Retry-After, the call fails immediately. Default 30 s
	Budget           int           // retries that a client can save up; a retry costs 1, a success adds 0.1. Default 50
	AcceptDuplicates bool          // retry sends, creates and merges like reads: they may then happen twice
}

// NoRetry is the policy that never retries a call. As a client's policy it applies to token requests too. A 401 to a cached
// access token still renews the token and retries once.
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

// problem returns what is wrong with the policy, or "".
func (p RetryPolicy) problem() string {
	switch {
	case p.MaxAttempts < 0:
		return fmt.Sprintf("MaxAttempts is %d, below zero: use NoRetry to turn retries off", p.MaxAttempts)
	case p.BaseDelay < 0 || p.MaxDelay < 0 || p.MaxRetryAfter < 0:
		return fmt.Sprintf("BaseDelay (%s), MaxDelay (%s) and MaxRetryAfter (%s) must not be below zero", p.BaseDelay, p.MaxDelay, p.MaxRetryAfter)
	case p.Budget < 0:
		return fmt.Sprintf("Budget is %v, below zero: use NoRetry to turn retries off", p.Budget)
	}
	return ""
}

// class is how safe it is to retry an operation.
type class int

const (
	classReadOnly      class = iota // changes nothing: GET, transcode, capability query
	classIdempotent                 // changes something, but only the first time: PATCH, DELETE, stop
	classNotIdempotent              // changes something each time: sends, creates, merge
)

// operation describes one method of the API.
type operation struct {
	name   string // as callers know it, such as "Messages.Send"
	method string
	route  string // the path with its placeholders
	class  class
}

// retryable reports whether an attempt of the operation that failed with err, an error of this package, may be retried.
func (op operation) retryable(err error, policy RetryPolicy) bool {
	answer := answerIn(err)
	if answer == nil {
		failed, ok := errors.AsType[*TransportError](err)
		return ok && (failed.notSent || op.class != classNotIdempotent || policy.AcceptDuplicates)
	}
	switch {
	case answer.StatusCode == http.StatusTooManyRequests:
		return true
	case outcomeOfStatus(answer.StatusCode) == OutcomeAccepted: // the reply was cut short, but the API acted
		return answer.cause != nil && op.class != classNotIdempotent
	case op.class == classNotIdempotent && !policy.AcceptDuplicates:
		return false
	}
	switch answer.StatusCode {
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return isFromCDN(answer.StatusCode)
}

// isFromCDN reports whether a status is one of those that a content delivery network answers with if it does not get an
// answer from the server behind it.
func isFromCDN(status int) bool { return status >= 520 && status <= 530 }

// replayable reports whether net/http may retry a request of the operation by itself.
func (op operation) replayable(policy RetryPolicy) bool {
	return op.class != classNotIdempotent || policy.AcceptDuplicates
}
