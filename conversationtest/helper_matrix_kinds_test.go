package conversationtest_test

import (
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// matrixKind is a column of the retry matrix: something that goes wrong with one attempt of a call.
type matrixKind struct {
	name     string
	fault    conversationtest.Fault
	repeated repeatRule
	outcome  conversation.Outcome // Of a call that ends with it.
	handled  bool                 // The server does what the request asks for.
	lost     bool                 // The request never arrives.
	lasts    time.Duration        // From the attempt to its end.
	wait     time.Duration        // Before the next attempt, to the nanosecond. Zero: full jitter.

	deadline    time.Duration // Of the call's context.
	cancelAfter time.Duration // When the context is canceled, counted from the attempt.
}

// repeatRule says which calls are repeated.
type repeatRule int

const (
	never          repeatRule = iota
	ifIdempotent              // Those that do no harm when they are made twice.
	always                    // All of them: it is proven that the server did nothing.
	withOtherToken            // All of them, at once and beside the attempts that are counted.
)

// attemptTimeout is the default of the client's option.
const attemptTimeout = 30 * time.Second

// matrixKinds are the faults that the fake plays by itself. Those that need a connection of their own are wireKinds.
var matrixKinds = []matrixKind{
	{name: "connection refused", fault: of(conversationtest.FaultRefuse), repeated: always, outcome: notSent, lost: true},
	{name: "host not found", fault: of(conversationtest.FaultUnknownHost), repeated: always, outcome: notSent, lost: true},
	{name: "bad certificate", fault: of(conversationtest.FaultBadCertificate), repeated: always, outcome: notSent, lost: true},
	{name: "connecting hangs", fault: of(conversationtest.FaultConnectHang), repeated: always, outcome: notSent, lost: true, lasts: attemptTimeout},

	{name: "reset before the body is read", fault: of(conversationtest.FaultReset), repeated: ifIdempotent, outcome: unknown},
	{name: "closed before the body is read", fault: graceful(conversationtest.FaultReset), repeated: ifIdempotent, outcome: unknown},
	{name: "no answer, not handled", fault: of(conversationtest.FaultHang), repeated: ifIdempotent, outcome: unknown, lasts: attemptTimeout},
	{name: "reset in the middle of the body", fault: of(conversationtest.FaultResetMidRequest), repeated: ifIdempotent, outcome: unknown},
	{name: "closed in the middle of the body", fault: graceful(conversationtest.FaultResetMidRequest), repeated: ifIdempotent, outcome: unknown},
	{name: "reset after it was handled", fault: of(conversationtest.FaultDropAfterAccept), repeated: ifIdempotent, outcome: unknown, handled: true},
	{name: "closed after it was handled", fault: graceful(conversationtest.FaultDropAfterAccept), repeated: ifIdempotent, outcome: unknown, handled: true},
	{name: "no answer, handled", fault: of(conversationtest.FaultHangAfterAccept), repeated: ifIdempotent, outcome: unknown, handled: true, lasts: attemptTimeout},
	{name: "half an answer, then closed", fault: of(conversationtest.FaultTruncatedBody), repeated: ifIdempotent, outcome: accepted, handled: true},
	{name: "half an answer, then nothing", fault: of(conversationtest.FaultStall), repeated: ifIdempotent, outcome: accepted, handled: true, lasts: attemptTimeout},
	{name: "half an answer in gzip", fault: of(conversationtest.FaultCutGzip), repeated: ifIdempotent, outcome: accepted, handled: true},
	{name: "an answer that is no JSON", fault: of(conversationtest.FaultBadJSON), outcome: accepted, handled: true},
	{name: "an answer without a body", fault: of(conversationtest.FaultEmptyBody), outcome: accepted, handled: true},
	{
		name: "200 with a page of HTML", outcome: accepted, handled: true,
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
	{name: "408", fault: status(408), repeated: ifIdempotent, outcome: unknown},
	{name: "500", fault: status(500), repeated: ifIdempotent, outcome: unknown},
	{name: "502 with a page of HTML", fault: of(conversationtest.FaultHTML), repeated: ifIdempotent, outcome: unknown},
	{name: "503", fault: status(503), repeated: ifIdempotent, outcome: unknown},
	{name: "504", fault: status(504), repeated: ifIdempotent, outcome: unknown},
	{name: "504 after it was handled", fault: of(conversationtest.FaultStatusAfterAccept), repeated: ifIdempotent, outcome: unknown, handled: true},
	{name: "505", fault: status(505), outcome: unknown},
	{name: "401, the token expired", fault: of(conversationtest.FaultExpiredToken), repeated: withOtherToken, outcome: notSent},
	{name: "401, all tokens revoked", fault: of(conversationtest.FaultRevokeTokens), repeated: withOtherToken, outcome: notSent},

	{name: "429", fault: limited(""), repeated: always, outcome: notSent},
	{name: "429 with Retry-After", fault: limited("7"), repeated: always, outcome: notSent, wait: 7 * time.Second},
	{
		name: "429 with Retry-After as a date", repeated: always, outcome: notSent, wait: 7 * time.Second,
		fault: conversationtest.Fault{Kind: conversationtest.FaultRateLimit, RetryAfter: "7", RetryAfterDate: true},
	},
	{
		name: "503 with Retry-After", repeated: ifIdempotent, outcome: unknown, wait: 7 * time.Second,
		fault: conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: 503, RetryAfter: "7"},
	},
	{name: "429 with a Retry-After too long to wait for", fault: limited("31"), outcome: notSent},
	{name: "429 with a Retry-After beyond all numbers", fault: limited("1000000000000000000"), outcome: notSent},
	{name: "429 with a negative Retry-After", fault: limited("-7"), repeated: always, outcome: notSent},
	{name: "429 with a Retry-After that is a text", fault: limited("soon"), repeated: always, outcome: notSent},
	{name: "429 with a Retry-After past the deadline", fault: limited("20"), outcome: notSent, deadline: 15 * time.Second},
	{
		name: "canceled while it waits to be repeated", fault: limited("20"), outcome: notSent,
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
