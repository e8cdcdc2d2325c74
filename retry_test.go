package conversation_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// retriedCall is one operation of each class, on the wire.
type retriedCall struct {
	name string
	ok   string // the body of a success
	do   func(ctx context.Context, c *conversation.Client, opts ...conversation.RequestOption) error
}

var (
	sendCall = retriedCall{"a send", `{"message_id":"m"}`, func(ctx context.Context, c *conversation.Client, opts ...conversation.RequestOption) error {
		_, err := c.Messages.Send(ctx, textMessage(), opts...)
		return err
	}}
	getCall = retriedCall{"a read", `{"id":"m"}`, func(ctx context.Context, c *conversation.Client, opts ...conversation.RequestOption) error {
		_, err := c.Messages.Get(ctx, "m", opts...)
		return err
	}}
	deleteCall = retriedCall{"a delete", `{}`, func(ctx context.Context, c *conversation.Client, opts ...conversation.RequestOption) error {
		return c.Messages.Delete(ctx, "m", opts...)
	}}
	patchCall = retriedCall{"an update", `{}`, func(ctx context.Context, c *conversation.Client, opts ...conversation.RequestOption) error {
		return c.Do(ctx, http.MethodPatch, "/v1/projects/{project_id}/things/1", map[string]string{"a": "b"}, nil, opts...)
	}}
)

// TestEachClassIsRetriedAfterItsFaultsOnly holds the matrix of design section 9: one fault, then success.
func TestEachClassIsRetriedAfterItsFaultsOnly(t *testing.T) {
	t.Parallel()
	const (
		once, twice = 1, 2
	)
	faults := []struct {
		name               string
		fault              step
		idempotent, unsafe int // requests seen
		outcome            conversation.Outcome
	}{
		{"400", step{status: 400}, once, once, conversation.OutcomeRejected},
		{"403", step{status: 403}, once, once, conversation.OutcomeRejected},
		{"404", step{status: 404}, once, once, conversation.OutcomeRejected},
		{"409", step{status: 409}, once, once, conversation.OutcomeRejected},
		{"401 to a fixed credential", step{status: 401}, once, once, conversation.OutcomeNotSent},
		{"302", step{status: 302}, once, once, conversation.OutcomeRejected},
		{"307", step{status: 307}, once, once, conversation.OutcomeRejected},
		{"501", step{status: 501}, once, once, conversation.OutcomeRejected},
		{"505", step{status: 505}, once, once, conversation.OutcomeUnknown},
		{"408", step{status: 408}, twice, once, conversation.OutcomeUnknown},
		{"429", step{status: 429}, twice, twice, conversation.OutcomeNotSent},
		{"500", step{status: 500}, twice, once, conversation.OutcomeUnknown},
		{"502", step{status: 502}, twice, once, conversation.OutcomeUnknown},
		{"503", step{status: 503}, twice, once, conversation.OutcomeUnknown},
		{"504", step{status: 504}, twice, once, conversation.OutcomeUnknown},
		{"519", step{status: 519}, once, once, conversation.OutcomeUnknown},
		{"520, of a content delivery network", step{status: 520}, twice, once, conversation.OutcomeUnknown},
		{"524, of a content delivery network", step{status: 524}, twice, once, conversation.OutcomeUnknown},
		{"530, of a content delivery network", step{status: 530}, twice, once, conversation.OutcomeUnknown},
		{"531", step{status: 531}, once, once, conversation.OutcomeUnknown},
		{"a dial that failed", step{err: errDial, neverHad: true}, twice, twice, conversation.OutcomeNotSent},
		{"a connection that broke", step{err: errReset}, twice, once, conversation.OutcomeUnknown},
		{"a transport that reports nothing", step{err: errDial, untraced: true}, twice, once, conversation.OutcomeUnknown},
		{"a reply that never comes", step{status: 200, takes: time.Hour}, twice, once, conversation.OutcomeUnknown},
		{"a 200 cut short", step{status: 200, body: `{"id":`, bodyErr: io.ErrUnexpectedEOF}, twice, once, conversation.OutcomeAccepted},
		{"a 200 of HTML", step{status: 200, body: `<html>`}, once, once, conversation.OutcomeUnknown},
	}
	for _, class := range []struct {
		call   retriedCall
		unsafe bool
	}{{sendCall, true}, {getCall, false}, {deleteCall, false}, {patchCall, false}} {
		for _, tt := range faults {
			t.Run(class.call.name+" after "+tt.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					want := tt.idempotent
					if class.unsafe {
						want = tt.unsafe
					}
					client, wire := scripted(t, []step{tt.fault, {status: 200, body: class.call.ok}})
					err := class.call.do(t.Context(), client)
					assert.Len(t, wire.requests(), want)
					if want == twice {
						require.NoError(t, err)
						return
					}
					require.Error(t, err)
					assert.Equal(t, tt.outcome, conversation.OutcomeOf(err), "outcome of %v", err)
					assert.Equal(t, tt.outcome == conversation.OutcomeUnknown, errors.Is(err, conversation.ErrMaybeSent))
				})
			})
		}
	}
}

func TestAcceptDuplicatesRetriesASend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{err: errReset}, {status: 503}, {status: 200, body: sendCall.ok}})
		policy := conversation.RetryPolicy{AcceptDuplicates: true}
		require.NoError(t, sendCall.do(t.Context(), client, conversation.WithRequestRetry(policy)))
		assert.Len(t, wire.requests(), 3)
	})
}

func TestARetriedRequestCarriesTheSameBytes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{status: 429}, {status: 200, body: sendCall.ok}})
		require.NoError(t, sendCall.do(t.Context(), client))
		seen := wire.requests()
		require.Len(t, seen, 2)
		assert.NotEmpty(t, seen[0].body)
		assert.Equal(t, seen[0].body, seen[1].body)
		assert.Equal(t, seen[0].header, seen[1].header)
	})
}

func TestNoRetrySendsOnce(t *testing.T) {
	t.Parallel()
	client, wire := scripted(t, []step{{status: 503}}, conversation.WithRetry(conversation.NoRetry))
	require.ErrorIs(t, getCall.do(t.Context(), client), conversation.ErrUnavailable)
	assert.Len(t, wire.requests(), 1)
}

func TestAttemptsAreBounded(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ attempts, want int }{{0, 3}, {1, 1}, {2, 2}, {5, 5}} {
		t.Run(strconv.Itoa(tt.attempts), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, wire := scripted(t, []step{{status: 503}}, conversation.WithRetry(conversation.RetryPolicy{MaxAttempts: tt.attempts}))
				err := getCall.do(t.Context(), client)
				answer, ok := errors.AsType[*conversation.Error](err)
				require.True(t, ok)
				assert.Equal(t, tt.want, answer.Attempts)
				assert.Len(t, wire.requests(), tt.want)
			})
		})
	}
}

func TestAContextThatEndedBeforeTheCallSendsNothing(t *testing.T) {
	t.Parallel()
	client, wire := scripted(t, []step{{status: 200}})
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("shutting down")
	cancel(cause)
	err := sendCall.do(ctx, client)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, cause)
	assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
	assert.Empty(t, wire.requests())
}
