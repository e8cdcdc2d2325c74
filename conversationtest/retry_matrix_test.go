package conversationtest_test

import (
	"context"
	"errors"
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

// maxAttempts is the default of the retry policy.
const maxAttempts = 3

// TestEveryOperationMeetsEveryFaultAtEveryAttempt is the retry matrix. Attempts before the one that meets the fault are
// answered with 429, after which every operation is retried; those after it succeed. The requests that the fake has
// recorded decide.
func TestEveryOperationMeetsEveryFaultAtEveryAttempt(t *testing.T) {
	t.Parallel()
	for _, op := range matrixOperations(t) {
		t.Run(op.id, func(t *testing.T) {
			t.Parallel()
			for _, kind := range matrixKinds {
				for attempt := 1; attempt <= maxAttempts; attempt++ {
					t.Run(fmt.Sprintf("%s at attempt %d", kind.name, attempt), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) { matrixCell{op, kind, attempt}.check(t) })
					})
				}
			}
		})
	}
}

// matrixCell is one cell of the matrix.
type matrixCell struct {
	op      matrixOperation
	kind    matrixKind
	attempt int // The one that meets the fault.
}

func (c matrixCell) check(t *testing.T) {
	t.Helper()
	s := setStage(t, c.op)
	watch := new(stopwatch)
	client := s.srv.NewClient(t, conversation.WithHTTPClient(&http.Client{Transport: s}), conversation.WithMiddleware(watch.wrap))
	if c.kind.retried == withOtherToken {
		require.NoError(t, client.Do(t.Context(), http.MethodGet, "/v1/projects/{project_id}/apps", nil, nil), "the token that is rejected later")
		watch.starts = nil
	}
	before, old := s.effects(t, c.op.id), len(apiRequests(s.srv))
	fault := c.kind.fault
	fault.Skip, fault.Times = c.attempt-1, 1
	hits := s.srv.Fault(fault)
	if c.attempt > 1 {
		s.srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultRateLimit, Times: c.attempt - 1})
	}
	ctx, cancel := c.context(t, watch)
	defer cancel()

	_, err := c.op.row.call(ctx, client, c.op.request)
	ended := time.Now()

	require.Equal(t, 1, hits.Hits(), "%v", err)
	assert.Equal(t, c.outcome(), conversation.OutcomeOf(err), "%v", err)
	assert.Equal(t, c.attempts(), attemptsOf(err, len(watch.starts)), "%v", err)
	assert.Len(t, watch.starts, c.attempts())
	assert.Len(t, apiRequests(s.srv)[old:], c.arrivals())
	c.checkWaits(t, watch.starts, ended)
	if !c.op.idempotent {
		assert.Equal(t, c.effects(), s.effects(t, c.op.id)-before, "how often it was handled")
	}
}

// context returns a context that ends when the kind requires it.
func (c matrixCell) context(t *testing.T, watch *stopwatch) (context.Context, context.CancelFunc) {
	t.Helper()
	if c.kind.deadline > 0 {
		return context.WithTimeout(t.Context(), c.kind.deadline)
	}
	ctx, cancel := context.WithCancel(t.Context())
	watch.onStart = func(attempt int) {
		if attempt == c.attempt && c.kind.cancelAfter > 0 {
			time.AfterFunc(c.kind.cancelAfter, cancel)
		}
	}
	return ctx, cancel
}

// retried reports whether another attempt follows the one that meets the fault.
func (c matrixCell) retried() bool {
	switch c.kind.retried {
	case withOtherToken:
		return true
	case always:
		return c.attempt < maxAttempts
	case ifIdempotent:
		return c.attempt < maxAttempts && c.op.idempotent
	default:
		return false
	}
}

func (c matrixCell) outcome() conversation.Outcome {
	if c.retried() {
		return accepted
	}
	if c.kind.fault.Kind == conversationtest.FaultEmptyBody && !c.op.replies() {
		return accepted
	}
	return c.kind.outcome
}

func (c matrixCell) attempts() int {
	if c.retried() {
		return c.attempt + 1
	}
	return c.attempt
}

// arrivals returns how many requests reach the server.
func (c matrixCell) arrivals() int {
	if c.kind.lost {
		return c.attempts() - 1
	}
	return c.attempts()
}

// lasts returns the duration of the attempt that meets the fault, including a wait that the context ends. The last
// attempt has no wait.
func (c matrixCell) lasts() time.Duration {
	if c.attempt == maxAttempts && c.kind.fault.RetryAfter != "" {
		return 0
	}
	return c.kind.lasts
}

// effects returns how often a call that is not idempotent is handled: never twice.
func (c matrixCell) effects() int {
	if c.kind.handled || c.retried() {
		return 1
	}
	return 0
}

// checkWaits checks that the time between attempts is within full jitter, or is the wait that the server asked for, and
// that the call returns immediately after the last attempt.
func (c matrixCell) checkWaits(t *testing.T, starts []time.Time, ended time.Time) {
	t.Helper()
	for i, start := range starts {
		next, isLast := ended, i == len(starts)-1
		if !isLast {
			next = starts[i+1]
		}
		passed := next.Sub(start)
		if i+1 == c.attempt {
			passed -= c.lasts()
		}
		switch {
		case isLast, i+1 == c.attempt && c.kind.retried == withOtherToken:
			assert.Zero(t, passed, "attempt %d", i+1)
		case i+1 == c.attempt && c.kind.wait > 0:
			assert.GreaterOrEqual(t, passed, c.kind.wait, "the wait that the server asked for")
			assert.LessOrEqual(t, passed, c.kind.wait+min(c.kind.wait/10, time.Second), "and a tenth at most")
		default:
			assert.GreaterOrEqual(t, passed, time.Duration(0))
			assert.Less(t, passed, 250*time.Millisecond<<i, "the wait after attempt %d", i+1)
		}
	}
}

// attemptsOf returns the number of attempts that an error reports, or otherwise.
func attemptsOf(err error, otherwise int) int {
	if answer, ok := errors.AsType[*conversation.Error](err); ok {
		return answer.Attempts
	}
	if failed, ok := errors.AsType[*conversation.TransportError](err); ok {
		return failed.Attempts
	}
	return otherwise
}

func TestTheMatrixHasAtLeastThirtyKindsOfFaults(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, kind := range matrixKinds {
		names[kind.name] = true
	}
	for _, kind := range wireKinds {
		names[kind.name] = true
	}
	t.Logf("%d kinds", len(names))
	assert.Len(t, names, len(matrixKinds)+len(wireKinds), "each name is unique")
	assert.GreaterOrEqual(t, len(names), 30)
}
