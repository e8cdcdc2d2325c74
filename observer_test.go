package conversation_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestAnObserverSeesHowEachCallEnded(t *testing.T) {
	t.Parallel()
	withID := func(status int, id string) step {
		return step{status: status, header: map[string]string{"X-Request-Id": id}}
	}
	accepted := step{status: 200, body: anyReply, header: map[string]string{"X-Correlation-Id": "last"}}
	for name, test := range map[string]struct {
		call     retriedCall
		steps    []step
		outcome  conversation.Outcome
		status   int
		attempts int
		id       string
		waited   bool
	}{
		"a success":                     {sendCall, []step{accepted}, conversation.OutcomeAccepted, 200, 1, "last", false},
		"a send that was throttled":     {sendCall, []step{withID(429, "a"), accepted}, conversation.OutcomeAccepted, 200, 2, "last", true},
		"a read after failures":         {getCall, []step{withID(503, "a"), {err: errReset}, accepted}, conversation.OutcomeAccepted, 200, 3, "last", true},
		"a read that failed for good":   {getCall, []step{withID(503, "a")}, conversation.OutcomeUnknown, 503, 3, "a", true},
		"a rejected send":               {sendCall, []step{withID(400, "a")}, conversation.OutcomeRejected, 400, 1, "a", false},
		"a send that failed":            {sendCall, []step{withID(503, "a")}, conversation.OutcomeUnknown, 503, 1, "a", false},
		"a send whose connection broke": {sendCall, []step{{err: errReset}}, conversation.OutcomeUnknown, 0, 1, "", false},
		"a send without a connection":   {sendCall, []step{{err: errDial, neverHad: true}}, conversation.OutcomeNotSent, 0, 3, "", true},
		"no reply to the last attempt":  {getCall, []step{withID(503, "a"), {err: errReset}}, conversation.OutcomeUnknown, 0, 3, "", true},
		"a delete that was done before": {deleteCall, []step{{err: errReset}, withID(404, "b")}, conversation.OutcomeAccepted, 404, 2, "b", true},
		"a reply that was cut short":    {sendCall, []step{{status: 200, body: `{"mess`, bodyErr: errReset}}, conversation.OutcomeAccepted, 200, 1, "", false},
		"an id that is a phone number":  {sendCall, []step{withID(400, "+1 555 123 0000")}, conversation.OutcomeRejected, 400, 1, "+*******", false},
		"an id that is the token":       {sendCall, []step{withID(400, "for token")}, conversation.OutcomeRejected, 400, 1, "for [redacted]", false},
		"an id with a group of digits":  {sendCall, []step{withID(400, "01234567-0000-4000-8000-000000000000")}, conversation.OutcomeRejected, 400, 1, "01234567-0000-4000-8000-000000000000", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				seen := &recorder{}
				for i := range test.steps {
					test.steps[i].takes = time.Second
				}
				client, wire := scripted(t, test.steps, conversation.WithObserver(seen))
				began := time.Now()
				err := test.call.do(t.Context(), client)
				took := time.Since(began)

				call := seen.only(t)
				assert.Equal(t, err, call.Err)
				assert.Equal(t, test.outcome, call.Outcome)
				assert.Equal(t, test.status, call.StatusCode)
				assert.Equal(t, test.attempts, call.Attempts)
				assert.Len(t, wire.requests(), call.Attempts)
				assert.Equal(t, test.id, call.RequestID)
				assert.Equal(t, took, call.Duration)
				assert.Equal(t, took-time.Duration(test.attempts)*time.Second, call.Waited)
				assert.Equal(t, test.waited, call.Waited > 0)
			})
		})
	}
}

func TestAnObserverSeesACallThatIsCanceled(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		after    time.Duration // since the call began
		attempts int
		status   int
		waited   time.Duration
	}{
		"before it begins":  {0, 0, 0, 0},
		"while it is sent":  {500 * time.Millisecond, 1, 0, 0},
		"between attempts":  {3 * time.Second, 1, 503, 2 * time.Second},
		"in a second reply": {12 * time.Second, 2, 0, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				seen := &recorder{}
				late := step{status: 503, takes: time.Second, header: map[string]string{"Retry-After": "10"}}
				client, _ := scripted(t, []step{late, {status: 200, takes: time.Hour}}, conversation.WithObserver(seen))
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if test.after == 0 {
					cancel()
				}
				time.AfterFunc(test.after, cancel)
				err := getCall.do(ctx, client)
				require.ErrorIs(t, err, context.Canceled)
				call := seen.only(t)
				assert.Equal(t, err, call.Err)
				assert.Equal(t, test.attempts, call.Attempts)
				assert.Equal(t, test.status, call.StatusCode)
				assert.InDelta(t, test.waited, call.Waited, float64(time.Second), "jitter is up to a second")
				assert.Equal(t, test.after, call.Duration)
			})
		})
	}
}

func TestWaitsForTheRateLimitAreNotBetweenAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := &recorder{}
		client, _ := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithObserver(seen), conversation.WithRateLimit(0.1))
		require.NoError(t, sendCall.do(t.Context(), client))
		require.NoError(t, sendCall.do(t.Context(), client))
		calls := seen.all(t)
		assert.Equal(t, 10*time.Second, calls[1].Duration)
		assert.Zero(t, calls[1].Waited)
	})
}

func TestAFreeCallIsSeenWithoutItsPath(t *testing.T) {
	t.Parallel()
	seen := &recorder{}
	client, _ := scripted(t, []step{{status: 200}}, conversation.WithObserver(seen))
	require.NoError(t, client.Do(t.Context(), http.MethodPut, "/v1/contacts/15551230000", nil, nil))
	require.Error(t, client.Do(t.Context(), http.MethodPost, "15551230000", nil, nil))
	require.Error(t, client.Do(t.Context(), "15551230000\n", "/", nil, nil))
	require.Error(t, client.Do(t.Context(), http.MethodGet, "/", nil, 1))
	var infos []conversation.CallInfo
	for _, call := range seen.all(t) {
		infos = append(infos, call.CallInfo)
	}
	assert.Equal(t, []conversation.CallInfo{
		{Operation: "Do", Method: "PUT", Route: "(free)", Idempotent: true},
		{Operation: "Do", Method: "POST", Route: "(free)"},
		{Operation: "Do", Route: "(free)"},
		{Operation: "Do", Method: "GET", Route: "(free)", Idempotent: true},
	}, infos)
}

func TestACallWithoutAContextIsSeenToo(t *testing.T) {
	t.Parallel()
	seen := &recorder{}
	client, _ := scripted(t, []step{{status: 200}}, conversation.WithObserver(seen))
	var none context.Context
	err := sendCall.do(none, client)
	requireRefused(t, err, "Messages.Send", "ctx")
	assert.Equal(t, err, seen.only(t).Err)
}

func TestOptionsOfARequestAreRejectedInSight(t *testing.T) {
	t.Parallel()
	seen := &recorder{}
	client, _ := scripted(t, []step{{status: 200}}, conversation.WithObserver(seen))
	for _, option := range []conversation.RequestOption{nil, conversation.WithRequestTimeout(-1), conversation.WithMessageSource(conversation.MessageSourceDispatch)} {
		require.Error(t, sendCall.do(t.Context(), client, option))
	}
	require.Len(t, seen.all(t), 3)
	for _, call := range seen.all(t) {
		assert.Len(t, argumentErrors(call.Err), 1)
		assert.Zero(t, call.Attempts)
	}
}

func TestANilObserverIsRejected(t *testing.T) {
	t.Parallel()
	_, err := conversation.NewClient("project", workingBasic(conversation.WithObserver(nil))...)
	requireRefused(t, err, "NewClient", "WithObserver")
	failed, _ := errors.AsType[*conversation.ArgumentError](err)
	assert.Contains(t, failed.Error(), "leave the option out")
}
