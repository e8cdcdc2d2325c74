package conversationtest_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// wireKind is a column of the retry matrix that needs control of the connection.
type wireKind struct {
	name     string
	fault    wireFault
	isHTTP2  bool
	retried  retryRule
	outcome  conversation.Outcome // The outcome of a call that ends with it.
	handled  bool
	lasts    time.Duration
	replayed func(op matrixOperation) bool // Reports whether package net/http itself retries the request.
	byChance bool                          // It does so only sometimes.
}

var wireKinds = []wireKind{
	{
		name: "HTTP/1.1: closed while the request is written", fault: wireCutWriting, retried: ifIdempotent, outcome: unknown,
		replayed: isGET, byChance: true, // If it notices the closed connection in time.
	},
	{
		name: "HTTP/1.1: nothing more is read while the request is written", fault: wireHangWriting, retried: ifIdempotent,
		outcome: unknown, lasts: attemptTimeout, replayed: isNone,
	},
	{
		name: "HTTP/1.1: a kept connection closed after the request was handled", fault: wireCut, retried: ifIdempotent,
		outcome: unknown, handled: true, replayed: isGET,
	},
	{
		name: "HTTP/1.1: closed in the middle of the answer", fault: wireHalf, retried: ifIdempotent, outcome: accepted, handled: true,
		replayed: isNone,
	},
	{name: "HTTP/2: GOAWAY before the request", fault: wireGoAway, isHTTP2: true, retried: always, outcome: notSent, replayed: isIdempotent},
	{
		name: "HTTP/2: GOAWAY after the request was handled", fault: wireGoAwayLate, isHTTP2: true, retried: ifIdempotent,
		outcome: unknown, handled: true, replayed: isNone,
	},
	{name: "HTTP/2: GOAWAY and the answer", fault: wireGoAwayKept, isHTTP2: true, outcome: accepted, handled: true, replayed: isNone},
	{name: "HTTP/2: REFUSED_STREAM", fault: wireRefused, isHTTP2: true, retried: always, outcome: notSent, replayed: isIdempotent},
	{
		name: "HTTP/2: PROTOCOL_ERROR after the request was handled", fault: wireProtocolError, isHTTP2: true, retried: ifIdempotent,
		outcome: unknown, handled: true, replayed: isIdempotent, byChance: true, // Not since Go 1.27.
	},
	{
		name: "HTTP/2: INTERNAL_ERROR after the request was handled", fault: wireInternalError, isHTTP2: true, retried: ifIdempotent,
		outcome: unknown, handled: true, replayed: isNone,
	},
	{
		name: "HTTP/2: CANCEL in the middle of the answer", fault: wireCancelHalf, isHTTP2: true, retried: ifIdempotent,
		outcome: accepted, handled: true, replayed: isNone,
	},
	{
		name: "HTTP/2: closed after the request was handled", fault: wireCut, isHTTP2: true, retried: ifIdempotent,
		outcome: unknown, handled: true, replayed: isNone,
	},
}

func isNone(matrixOperation) bool          { return false }
func isGET(op matrixOperation) bool        { return op.method == http.MethodGet }
func isIdempotent(op matrixOperation) bool { return op.idempotent }

// TestEveryOperationMeetsEveryFaultOfHTTPAtEveryAttempt is the part of the retry matrix in which package net/http itself
// retries some requests.
func TestEveryOperationMeetsEveryFaultOfHTTPAtEveryAttempt(t *testing.T) {
	t.Parallel()
	for _, op := range matrixOperations(t) {
		t.Run(op.id, func(t *testing.T) {
			t.Parallel()
			for _, kind := range wireKinds {
				for attempt := 1; attempt <= maxAttempts; attempt++ {
					t.Run(fmt.Sprintf("%s at attempt %d", kind.name, attempt), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) { kind.check(t, op, attempt) })
					})
				}
			}
		})
	}
}

func (k wireKind) check(t *testing.T, op matrixOperation, attempt int) {
	t.Helper()
	s := setStage(t, op)
	watch := new(stopwatch)
	f := newFront(t, s, s.srv.BaseURL(), k.isHTTP2)
	client := f.newClient(t, s.srv, conversation.WithMiddleware(watch.wrap))
	_, err := client.Apps.List(t.Context())
	require.NoError(t, err, "the connection that is reused later")
	watch.starts = nil
	before, old := s.effects(t, op.id), len(apiRequests(s.srv))
	f.plan(k.fault, attempt-1)
	if attempt > 1 {
		s.srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultRateLimit, Times: attempt - 1})
	}

	_, err = op.row.call(t.Context(), client, op.request)
	ended := time.Now()

	cell := matrixCell{op: op, attempt: attempt, kind: matrixKind{
		retried: k.retried, outcome: k.outcome, handled: k.handled, lasts: k.lasts,
	}}
	requests := cell.attempts()
	if k.replayed(op) && (!k.byChance || err == nil && len(watch.starts) == attempt) {
		requests = attempt + 1
		cell.kind.retried, cell.kind.outcome = never, accepted
	}
	assert.Equal(t, cell.outcome(), conversation.OutcomeOf(err), "%v", err)
	assert.Len(t, watch.starts, cell.attempts())
	assert.Equal(t, requests, f.seen())
	if !k.handled {
		requests--
	}
	assert.Len(t, apiRequests(s.srv)[old:], requests)
	cell.checkWaits(t, watch.starts, ended)
	if !op.idempotent {
		assert.Equal(t, cell.effects(), s.effects(t, op.id)-before, "how often it was handled: %v", err)
	}
}
