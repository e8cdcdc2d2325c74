package pgconversation_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/pgconversation"
)

// attempts is an observer that keeps attempts.
type attempts struct {
	name string
	o    *outboxTest

	mu      sync.Mutex
	started []outbox.EntryInfo
	ended   []outbox.EntryResult
	calls   []string // the observers whose context the calls of the client had
	states  []pgconversation.State
}

type observerKey struct{}

func (a *attempts) EntryStarted(ctx context.Context, entry outbox.EntryInfo) context.Context {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.started = append(a.started, entry)
	a.states = append(a.states, a.o.row(entry.ID).State)
	before, _ := ctx.Value(observerKey{}).(string)
	return context.WithValue(ctx, observerKey{}, before+a.name)
}

func (a *attempts) EntryEnded(ctx context.Context, entry outbox.EntryInfo, result outbox.EntryResult) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = append(a.ended, result)
	a.states = append(a.states, a.o.row(entry.ID).State) //nolint:contextcheck // With that of the test.
	own, _ := ctx.Value(observerKey{}).(string)
	a.calls = append(a.calls, own)
}

func (a *attempts) CallStarted(ctx context.Context, call conversation.CallInfo) context.Context {
	a.mu.Lock()
	defer a.mu.Unlock()
	if own, ok := ctx.Value(observerKey{}).(string); ok {
		a.calls = append(a.calls, call.Operation+" of "+own)
	}
	return ctx
}

func (*attempts) CallEnded(context.Context, conversation.CallInfo, conversation.CallResult) {}

// panicking is an observer that panics.
type panicking struct{}

func (panicking) EntryStarted(context.Context, outbox.EntryInfo) context.Context {
	panic("for +46701234567")
}

func (panicking) EntryEnded(context.Context, outbox.EntryInfo, outbox.EntryResult) {
	panic("for +46701234567")
}

func TestAnObserverSeesEachAttemptBetweenItsRecords(t *testing.T) {
	t.Parallel()
	o := newOutbox(t)
	first, second := &attempts{name: "a", o: o}, &attempts{name: "b", o: o}
	worker := o.newWorker(o.srv.NewClient(t, conversation.WithObserver(second)),
		pgconversation.WithObserver(first), pgconversation.WithObserver(panicking{}), pgconversation.WithObserver(second))
	o.srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultRefuse, Operation: "Messages.Send", Times: 1})
	job := o.insert(pgconversation.Entry{ID: "order-1"})[0]
	require.Error(t, worker.Work(t.Context(), job))
	require.NoError(t, worker.Work(t.Context(), job))
	require.NoError(t, worker.Work(t.Context(), job)) // which is no attempt

	want := []outbox.EntryInfo{
		{Operation: "Worker.Work", App: o.srv.AppID(), ID: "order-1", Attempt: 1},
		{Operation: "Worker.Work", App: o.srv.AppID(), ID: "order-1", Attempt: 2},
	}
	assert.Equal(t, want, first.started)
	assert.Equal(t, want, second.started)
	assert.Equal(t, []pgconversation.State{pgconversation.StateAttempting, pgconversation.StateQueued, pgconversation.StateAttempting, pgconversation.StateAccepted}, first.states)
	assert.Equal(t, []string{"a", "a"}, first.calls)
	assert.Equal(t, []string{"Messages.Send of ab", "ab"}, slices.DeleteFunc(second.calls, func(call string) bool { return call == "Token of ab" })[:2])
	require.Len(t, first.ended, 2)
	assert.Equal(t, "queued", first.ended[0].State)
	require.Error(t, first.ended[0].Err)
	assert.Equal(t, "accepted", first.ended[1].State)
	assert.Equal(t, 2, first.ended[1].Attempts)
	require.NoError(t, first.ended[1].Err)
	assert.Positive(t, first.ended[1].Duration)
	assert.Contains(t, o.log.String(), "an observer panicked")
	assert.NotContains(t, o.log.String(), "4670123")
}
