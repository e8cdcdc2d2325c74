package conversation_test

import (
	"io"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestABodyThatEndsInTheMiddleIsAReplyCutShort(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{status: 200, body: `{"id":"m`}, {status: 200, body: getCall.ok}})
		require.NoError(t, getCall.do(t.Context(), client))
		assert.Len(t, wire.requests(), 2)

		client, wire = scripted(t, []step{{status: 200, body: `{"message_id":`}})
		err := sendCall.do(t.Context(), client)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Equal(t, conversation.OutcomeAccepted, conversation.OutcomeOf(err))
		assert.Len(t, wire.requests(), 1)
	})
}

func TestAnOutcomeStaysUnknownAfterAnAttemptThatMayHaveWorked(t *testing.T) {
	t.Parallel()
	twice := conversation.WithRequestRetry(conversation.RetryPolicy{MaxAttempts: 2, AcceptDuplicates: true})
	for _, tt := range []struct {
		name string
		call retriedCall
		then step
	}{
		{"a send, then refused", sendCall, step{status: 400}},
		{"a send, then rate limited", sendCall, step{status: 429}},
		{"a send, then no connection", sendCall, step{err: errDial, neverHad: true}},
		{"an update, then not found", patchCall, step{status: 404}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, _ := scripted(t, []step{{err: errReset}, tt.then})
				err := tt.call.do(t.Context(), client, twice)
				require.ErrorIs(t, err, conversation.ErrMaybeSent)
				assert.Equal(t, conversation.OutcomeUnknown, conversation.OutcomeOf(err))
			})
		})
	}
}

func TestARetriedReadIsJudgedByItsLastAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := scripted(t, []step{{status: 503}, {status: 404}})
		assert.Equal(t, conversation.OutcomeRejected, conversation.OutcomeOf(getCall.do(t.Context(), client)))
	})
}

func TestAnAcceptedRetryIsAcceptedEvenIfItsReplyCannotBeRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := scripted(t, []step{{err: errReset}, {status: 200, body: `{"message_id":`}})
		err := sendCall.do(t.Context(), client, conversation.WithRequestRetry(conversation.RetryPolicy{AcceptDuplicates: true}))
		require.Error(t, err)
		assert.Equal(t, conversation.OutcomeAccepted, conversation.OutcomeOf(err))
	})
}

func TestADeleteThatIsRetriedAndFindsNothingSucceeds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		first step
		done  bool
	}{
		{"after a broken connection", step{err: errReset}, true},
		{"after a 503", step{status: 503}, true},
		{"after a 200 cut short", step{status: 200, bodyErr: io.ErrUnexpectedEOF}, true},
		{"after a 429", step{status: 429}, false},
		{"after a failed dial", step{err: errDial, neverHad: true}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, _ := scripted(t, []step{tt.first, {status: 404}})
				err := deleteCall.do(t.Context(), client)
				if tt.done {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, conversation.ErrNotFound)
				}
			})
		})
	}
}

func TestASendThatIsKnownToBeAcceptedIsNeverRetried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{status: 200, body: `{"message_id":`, bodyErr: io.ErrUnexpectedEOF}, {status: 400}})
		err := sendCall.do(t.Context(), client, conversation.WithRequestRetry(conversation.RetryPolicy{AcceptDuplicates: true}))
		assert.Equal(t, conversation.OutcomeAccepted, conversation.OutcomeOf(err))
		assert.Len(t, wire.requests(), 1)
	})
}

func TestAReplyOfNullIsNoReply(t *testing.T) {
	t.Parallel()
	client, _ := scripted(t, []step{{status: 200, body: " null "}})
	require.ErrorContains(t, sendCall.do(t.Context(), client), "no body")
	require.NoError(t, deleteCall.do(t.Context(), client))
}
