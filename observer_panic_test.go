package conversation_test

import (
	"context"
	"net/http"
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// panicObserver is an observer that panics in calls of an operation.
type panicObserver struct{ started, ended string }

func (p panicObserver) CallStarted(ctx context.Context, call conversation.CallInfo) context.Context {
	if p.started == call.Operation {
		panic("on purpose")
	}
	return ctx
}

func (p panicObserver) CallEnded(_ context.Context, call conversation.CallInfo, _ conversation.CallResult) {
	if p.ended == call.Operation {
		panic("on purpose")
	}
}

func TestACallThatPanicsIsSeen(t *testing.T) {
	t.Parallel()
	seen := &recorder{}
	client, _ := scripted(t, []step{{status: 200, body: anyReply}}, panicking(1, explode, nil), conversation.WithObserver(seen))
	assert.Panics(t, func() { _ = sendCall.do(t.Context(), client) })
	call := seen.only(t)
	assert.Equal(t, conversation.OutcomeUnknown, call.Outcome, "it may have been sent")
	assert.Equal(t, 1, call.Attempts)
	require.EqualError(t, call.Err, "conversation: Messages.Send: no response: the call panicked or ended its goroutine (the API may have processed the request)")
}

func TestACallWhoseGoroutineEndsIsSeen(t *testing.T) {
	t.Parallel()
	seen := &recorder{}
	end := func(*http.Response) { runtime.Goexit() }
	client, _ := scripted(t, []step{{status: 200, body: anyReply}}, panicking(1, end, nil), conversation.WithObserver(seen))
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = sendCall.do(t.Context(), client)
	}()
	<-done
	assert.Equal(t, conversation.OutcomeUnknown, seen.only(t).Outcome)
}

func TestAPanicOfAnObserverReachesTheCallerOfSendAndOthersSeeTheCall(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		observer panicObserver
		after    int // calls that an observer after it sees
		sent     int
		outcome  conversation.Outcome
	}{
		"at the start": {panicObserver{started: "Messages.Send"}, 0, 0, conversation.OutcomeNotSent},
		"at the end":   {panicObserver{ended: "Messages.Send"}, 1, 1, conversation.OutcomeAccepted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, after := &recorder{}, &recorder{}
			client, wire := scripted(t, []step{{status: 200, body: anyReply}},
				conversation.WithObserver(before), conversation.WithObserver(test.observer), conversation.WithObserver(after))
			assert.PanicsWithValue(t, "on purpose", func() { _ = sendCall.do(t.Context(), client) })
			assert.Equal(t, test.outcome, before.only(t).Outcome)
			assert.Len(t, after.all(t), test.after)
			assert.Len(t, wire.requests(), test.sent)
			require.NoError(t, getCall.do(t.Context(), client), "the client still works")
		})
	}
}

func TestAPanicOfAnObserverDuringSendManyBecomesTheErrorOfTheMessage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		observer panicObserver
		message  *conversation.SendMessageRequest
		outcome  conversation.Outcome
	}{
		"at the start":                       {panicObserver{started: "Messages.Send"}, textMessage(), conversation.OutcomeNotSent},
		"at the end":                         {panicObserver{ended: "Messages.Send"}, textMessage(), conversation.OutcomeUnknown},
		"at the start of a rejected message": {panicObserver{started: "Messages.Send"}, nil, conversation.OutcomeNotSent},
		"at the end of a rejected message":   {panicObserver{ended: "Messages.Send"}, nil, conversation.OutcomeNotSent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, _ := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithObserver(test.observer))
				messages := func(yield func(*conversation.SendMessageRequest) bool) { yield(test.message) }
				sum, _ := client.Messages.SendMany(t.Context(), messages, unlimited)
				require.Len(t, sum.Results, 1)
				assert.Equal(t, test.outcome, sum.Results[0].Outcome)
				require.ErrorContains(t, sum.Results[0].Err, "panic: on purpose (in conversation_test.panicObserver.Call")
			})
		})
	}
}

func TestAPanicOfAnObserverOfTokensIsAnAuthError(t *testing.T) {
	t.Parallel()
	for _, observer := range []panicObserver{{started: "Token"}, {ended: "Token"}} {
		seen := &recorder{}
		p := &platform{token: func(n int, _ *http.Request) (int, string) { return grant(n, 3600) }}
		err := get(t.Context(), p.client(t, conversation.WithObserver(seen), conversation.WithObserver(observer)))
		requireAuthError(t, err)
		require.ErrorContains(t, err, "conversation_test.panicObserver.Call")
		tokens, _ := seen.count(t, "Token")
		assert.Equal(t, 1, tokens)
	}
}

func requireAuthError(t *testing.T, err error) {
	t.Helper()
	var failed *conversation.AuthError
	require.ErrorAs(t, err, &failed)
}
