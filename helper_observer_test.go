package conversation_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// recorder is an observer that keeps each call.
type recorder struct {
	mu    sync.Mutex
	calls []*recordedCall
}

// recordedCall is a call as an observer saw it.
type recordedCall struct {
	conversation.CallInfo
	conversation.CallResult

	before []conversation.CallInfo // the calls in whose context it was started
	ended  int                     // how often CallEnded was called
}

// recordKey is the key of the calls of a recorder in a context.
type recordKey struct{ r *recorder }

func (r *recorder) CallStarted(ctx context.Context, call conversation.CallInfo) context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	recorded := &recordedCall{CallInfo: call}
	if outer := r.of(ctx); outer != nil {
		recorded.before = append(recorded.before, outer.CallInfo)
	}
	r.calls = append(r.calls, recorded)
	return context.WithValue(ctx, recordKey{r}, recorded)
}

func (r *recorder) CallEnded(ctx context.Context, call conversation.CallInfo, result conversation.CallResult) {
	r.mu.Lock()
	defer r.mu.Unlock()
	recorded := r.of(ctx)
	if recorded == nil || recorded.CallInfo != call {
		panic("CallEnded has another context or call than CallStarted")
	}
	recorded.CallResult = result
	recorded.ended++
}

// of returns the call of a context, or nil.
func (r *recorder) of(ctx context.Context) *recordedCall {
	recorded, _ := ctx.Value(recordKey{r}).(*recordedCall)
	return recorded
}

// all returns the calls so far, in the order in which they were started. Each must have ended once.
func (r *recorder) all(t *testing.T) []recordedCall {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	var calls []recordedCall
	for _, call := range r.calls {
		require.Equal(t, 1, call.ended, "%s is ended once", call.Operation)
		require.Equal(t, conversation.OutcomeOf(call.Err), call.Outcome)
		calls = append(calls, *call)
	}
	return calls
}

// only returns the one call that there was.
func (r *recorder) only(t *testing.T) recordedCall {
	t.Helper()
	calls := r.all(t)
	require.Len(t, calls, 1)
	return calls[0]
}

// attemptRecorder is an observer that keeps each call and each attempt.
type attemptRecorder struct {
	recorder

	attempts recorder
	parents  []string // the operation of the call in whose context each attempt was started
}

func (r *attemptRecorder) AttemptStarted(ctx context.Context, call conversation.CallInfo) context.Context {
	r.mu.Lock()
	r.parents = append(r.parents, r.of(ctx).Operation)
	r.mu.Unlock()
	return r.attempts.CallStarted(ctx, call)
}

func (r *attemptRecorder) AttemptEnded(ctx context.Context, call conversation.CallInfo, result conversation.CallResult) {
	r.attempts.CallEnded(ctx, call, result)
}

// count returns how many calls of an operation there were, and how many requests they sent.
func (r *recorder) count(t *testing.T, operation string) (calls, attempts int) {
	t.Helper()
	for _, call := range r.all(t) {
		if call.Operation == operation {
			calls, attempts = calls+1, attempts+call.Attempts
		}
	}
	return calls, attempts
}
