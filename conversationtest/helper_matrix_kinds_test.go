package conversationtest_test

import (
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// matrixKind is a column of the retry matrix: a fault of one attempt of a call.
type matrixKind struct {
	name    string
	fault   conversationtest.Fault
	retried retryRule
	outcome conversation.Outcome // The outcome of a call that ends with it.
	handled bool                 // The server handles the request.
	lost    bool                 // The request never arrives.
	lasts   time.Duration        // From the attempt to its end.
	wait    time.Duration        // Before the next attempt, to the nanosecond. Zero: full jitter.

	deadline    time.Duration // Of the call's context.
	cancelAfter time.Duration // When the context is canceled, counted from the attempt.
}

// retryRule selects the calls that are retried.
type retryRule int

const (
	never          retryRule = iota
	ifIdempotent             // Idempotent calls.
	always                   // All calls: the server has certainly not handled the request.
	withOtherToken           // All calls, immediately, and without counting the attempt.
)

// attemptTimeout is the default of the client's option.
const attemptTimeout = 30 * time.Second

// matrixKinds are the faults that the fake itself injects. Those that need a front are wireKinds.
var matrixKinds = []matrixKind{
	{name: "connection refused", fault: of(conversationtest.FaultRefuse), retried: always, outcome: notSent, lost: true},
	{name: "host not found", fault: of(conversationtest.FaultUnknownHost), retried: always, outcome: notSent, lost: true},
	{name: "bad certificate", fault: of(conversationtest.FaultBadCertificate), retried: always, outcome: notSent, lost: true},
	{name: "connecting hangs", fault: of(conversationtest.FaultConnectHang), retried: always, outcome: notSent, lost: true, lasts: attemptTimeout},

	{name: "reset before the body is read", fault: of(conversationtest.FaultReset), retried: ifIdempotent, outcome: unknown},
	{name: "closed before the body is read", fault: graceful(conversationtest.FaultReset), retried: ifIdempotent, outcome: unknown},
	{name: "no answer, not handled", fault: of(conversationtest.FaultHang), retried: ifIdempotent, outcome: unknown, lasts: attemptTimeout},
	{name: "reset in the middle of the body", fault: of(conversationtest.FaultResetMidRequest), retried: ifIdempotent, outcome: unknown},
	{name: "closed in the middle of the body", fault: graceful(conversationtest.FaultResetMidRequest), retried: ifIdempotent, outcome: unknown},
	{name: "reset after it was handled", fault: of(conversationtest.FaultDropAfterAccept), retried: ifIdempotent, outcome: unknown, handled: true},
	{name: "closed after it was handled", fault: graceful(conversationtest.FaultDropAfterAccept), retried: ifIdempotent, outcome: unknown, handled: true},
	{name: "no answer, handled", fault: of(conversationtest.FaultHangAfterAccept), retried: ifIdempotent, outcome: unknown, handled: true, lasts: attemptTimeout},
	{name: "half an answer, then closed", fault: of(conversationtest.FaultTruncatedBody), retried: ifIdempotent, outcome: accepted, handled: true},
	{name: "half an answer, then nothing", fault: of(conversationtest.FaultStall), retried: ifIdempotent, outcome: accepted, handled: true, lasts: attemptTimeout},
	{name: "half an answer in gzip", fault: of(conversationtest.FaultCutGzip), retried: ifIdempotent, outcome: accepted, handled: true},
	{name: "an answer that is not JSON", fault: of(conversationtest.FaultBadJSON), outcome: accepted, handled: true},
	{name: "an answer without a body", fault: of(conversationtest.FaultEmptyBody), outcome: unknown, handled: true},
	{
		name: "200 with a page of HTML", outcome: unknown, handled: true,
		fault: conversationtest.Fault{Kind: conversationtest.FaultBadJSON, Body: "<!DOCTYPE html><html></html>"},
	},
	{
		name: "a slow answer", outcome: accepted, handled: true, lasts: 5 * time.Second,
		fault: conversationtest.Fault{Kind: conversationtest.FaultSlow, Delay: 5 * time.Second},
	},

	{name: "400", fault: status(400), outcome: rejected},
	{name: "403", fault: status(403), outcome: rejected},
	{name: "409", fault: status(409), outcome: rejected},
	{name: "501", fault: status(501), outcome: rejected},
	{name: "307", fault: of(conversationtest.FaultRedirect), outcome: rejected},
	{name: "408", fault: status(408), retried: ifIdempotent, outcome: unknown},
	{name: "500", fault: status(500), retried: ifIdempotent, outcome: unknown},
	{name: "502 with a page of HTML", fault: of(conversationtest.FaultHTML), retried: ifIdempotent, outcome: unknown},
	{name: "503", fault: status(503), retried: ifIdempotent, outcome: unknown},
	{name: "504", fault: status(504), retried: ifIdempotent, outcome: unknown},
	{name: "520", fault: status(520), retried: ifIdempotent, outcome: unknown},
	{name: "530", fault: status(530), retried: ifIdempotent, outcome: unknown},
	{name: "531", fault: status(531), outcome: unknown},
	{name: "504 after it was handled", fault: of(conversationtest.FaultStatusAfterAccept), retried: ifIdempotent, outcome: unknown, handled: true},
	{name: "505", fault: status(505), outcome: unknown},
	{name: "401, the token expired", fault: of(conversationtest.FaultExpiredToken), retried: withOtherToken, outcome: notSent},
	{name: "401, all tokens revoked", fault: of(conversationtest.FaultRevokeTokens), retried: withOtherToken, outcome: notSent},

	{name: "429", fault: limited(""), retried: always, outcome: notSent},
	{name: "429 with Retry-After", fault: limited("7"), retried: always, outcome: notSent, wait: 7 * time.Second},
	{name: "429 with Retry-After in fractions", fault: limited("2.5"), retried: always, outcome: notSent, wait: 3 * time.Second},
	{
		name: "429 with Retry-After as a date", retried: always, outcome: notSent, wait: 7 * time.Second,
		fault: conversationtest.Fault{Kind: conversationtest.FaultRateLimit, RetryAfter: "7", RetryAfterDate: true},
	},
	{
		name: "503 with Retry-After", retried: ifIdempotent, outcome: unknown, wait: 7 * time.Second,
		fault: conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 503, RetryAfter: "7"},
	},
	{name: "429 with a Retry-After too long to wait for", fault: limited("31"), outcome: notSent},
	{name: "429 with a Retry-After beyond all numbers", fault: limited("1000000000000000000"), outcome: notSent},
	{name: "429 with a negative Retry-After", fault: limited("-7"), retried: always, outcome: notSent},
	{name: "429 with a Retry-After that is not a number", fault: limited("soon"), retried: always, outcome: notSent},
	{name: "429 with a Retry-After past the deadline", fault: limited("20"), outcome: notSent, deadline: 15 * time.Second},
	{
		name: "canceled while it waits for the retry", fault: limited("20"), outcome: notSent,
		lasts: 5 * time.Second, cancelAfter: 5 * time.Second,
	},
	{
		name: "canceled while the server hangs", fault: of(conversationtest.FaultHangAfterAccept), outcome: unknown, handled: true,
		lasts: 5 * time.Second, cancelAfter: 5 * time.Second,
	},
	{
		name: "canceled in the middle of the answer", fault: of(conversationtest.FaultStall), outcome: accepted, handled: true,
		lasts: 5 * time.Second, cancelAfter: 5 * time.Second,
	},
}

func of(kind conversationtest.FaultKind) conversationtest.Fault {
	return conversationtest.Fault{Kind: kind}
}

func graceful(kind conversationtest.FaultKind) conversationtest.Fault {
	return conversationtest.Fault{Kind: kind, Graceful: true}
}

func status(code int) conversationtest.Fault {
	return conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: code}
}

func limited(retryAfter string) conversationtest.Fault {
	return conversationtest.Fault{Kind: conversationtest.FaultRateLimit, RetryAfter: retryAfter}
}
