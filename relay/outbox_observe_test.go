package relay_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/relay"
)

// attempts is an observer that keeps attempts.
type attempts struct {
	name string

	mu      sync.Mutex
	started []outbox.EntryInfo
	ended   []outbox.EntryResult
	calls   []string // the observers whose context the calls of the client had
}

type observerKey struct{}

func (a *attempts) EntryStarted(ctx context.Context, entry outbox.EntryInfo) context.Context {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.started = append(a.started, entry)
	before, _ := ctx.Value(observerKey{}).(string)
	return context.WithValue(ctx, observerKey{}, before+a.name)
}

func (a *attempts) EntryEnded(ctx context.Context, _ outbox.EntryInfo, result outbox.EntryResult) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = append(a.ended, result)
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

func (a *attempts) results() []outbox.EntryResult {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]outbox.EntryResult{}, a.ended...)
}

// panics is an observer that panics.
type panics struct{}

func (panics) EntryStarted(context.Context, outbox.EntryInfo) context.Context { panic("broken") }

func (panics) EntryEnded(context.Context, outbox.EntryInfo, outbox.EntryResult) { panic("broken") }

func TestObserversSeeEachAttemptOfAnEntry(t *testing.T) {
	t.Parallel()
	r := open(t)
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultRateLimit, Times: 1, Operation: "Messages.Send"})
	first, second := &attempts{name: "a"}, &attempts{name: "b"}
	require.NoError(t, r.Outbox().Enqueue(t.Context(), textOf(srv.AppID()), relay.Entry{ID: "one"}))
	work(t, r, srv.NewClient(t, conversation.WithObserver(first)), relay.WithObserver(first), relay.WithObserver(panics{}), relay.WithObserver(second))
	inState(t, r, "one", relay.StateAccepted)
	require.Eventually(t, func() bool { return len(first.results()) == 2 }, 10*time.Second, 10*time.Millisecond)

	ended := second.results()
	require.Len(t, ended, 2)
	assert.Equal(t, []outbox.EntryInfo{
		{Operation: "Outbox.Run", App: srv.AppID(), ID: "one", Attempt: 1}, {Operation: "Outbox.Run", App: srv.AppID(), ID: "one", Attempt: 2},
	}, first.started)
	assert.Equal(t, []string{"queued", "accepted"}, []string{ended[0].State, ended[1].State})
	assert.Equal(t, []int{1, 2}, []int{ended[0].Attempts, ended[1].Attempts})
	require.ErrorIs(t, ended[0].Err, conversation.ErrRateLimited)
	require.NoError(t, ended[1].Err)
	for _, result := range ended {
		assert.GreaterOrEqual(t, result.Duration, result.Waited)
		assert.Positive(t, result.Waited)
	}
	assert.Equal(t, []string{"Messages.Send of ab", "a", "Messages.Send of ab", "a"}, first.calls)
	assert.Equal(t, []string{"ab", "ab"}, second.calls)
}

func TestANilObserverOfEntriesIsRejected(t *testing.T) {
	t.Parallel()
	err := open(t).Outbox().Run(t.Context(), nil, relay.WithObserver(nil))
	require.ErrorContains(t, err, "WithObserver is nil: leave the option out")
}

func TestTheGaugesOfAnOutboxAgreeWithItsOverview(t *testing.T) {
	t.Parallel()
	nc := connection(t)
	r, err := relay.Open(t.Context(), relay.Conn(nc), relay.WithWeakDurability())
	require.NoError(t, err)
	for id, entry := range map[string]relay.Entry{
		"one": {App: "B"}, "sent": {App: "B"}, "later": {App: "A", After: time.Now().Add(time.Hour)},
	} {
		entry.ID = id
		require.NoError(t, r.Outbox().Enqueue(t.Context(), textOf(""), entry))
	}
	note(t, nc, "B", "sent", relay.StateAccepted)
	now, err := r.OutboxOverview(t.Context())
	require.NoError(t, err)
	assert.Less(t, now.Oldest, time.Minute)
	now.Oldest = 0
	assert.Equal(t, outbox.Overview{States: map[string]int{"queued": 2, "accepted": 1}, Due: 1}, now)
}
