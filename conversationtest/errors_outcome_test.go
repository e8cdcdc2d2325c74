package conversationtest_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

var allOutcomes = []conversation.Outcome{
	conversation.OutcomeUnknown, conversation.OutcomeAccepted, conversation.OutcomeRejected, conversation.OutcomeNotSent,
}

func TestErrorForHasItsOutcomeHoweverItIsWrapped(t *testing.T) {
	t.Parallel()
	for _, outcome := range allOutcomes {
		err := conversationtest.ErrorFor(outcome)
		assert.Equal(t, outcome, conversation.OutcomeOf(err), outcome)
		if err == nil {
			continue
		}
		for _, wrapped := range []error{
			fmt.Errorf("notify: %w", err),
			fmt.Errorf("job 7: %w", fmt.Errorf("notify: %w", err)),
			errors.Join(errors.New("another"), err),
		} {
			assert.Equal(t, outcome, conversation.OutcomeOf(wrapped), outcome)
			assert.Equal(t, outcome == conversation.OutcomeUnknown, errors.Is(wrapped, conversation.ErrMaybeSent), outcome)
		}
	}
}

// realErrors returns the errors that a client has when the fake fails in the ways of ErrorFor.
func realErrors(t *testing.T) map[conversation.Outcome]error {
	t.Helper()
	srv := inMemory(t, conversationtest.Config{})
	client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry))
	send := func(f conversationtest.Fault) error {
		f.Operation, f.Times = "Messages.Send", 1
		srv.Fault(f)
		_, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
			AppID:     srv.AppID(),
			Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
			Message:   conversation.Text("hello"),
		})
		return err
	}
	return map[conversation.Outcome]error{
		conversation.OutcomeRejected: send(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: http.StatusBadRequest}),
		conversation.OutcomeNotSent:  send(conversationtest.Fault{Kind: conversationtest.FaultRefuse}),
		conversation.OutcomeUnknown:  send(conversationtest.Fault{Kind: conversationtest.FaultReset}),
	}
}

func TestErrorForMatchesWhatARealErrorMatches(t *testing.T) {
	t.Parallel()
	sentinels := []error{
		conversation.ErrBadRequest, conversation.ErrUnauthorized, conversation.ErrForbidden, conversation.ErrNotFound,
		conversation.ErrConflict, conversation.ErrRateLimited, conversation.ErrUnavailable, conversation.ErrMaybeSent,
		syscall.ECONNREFUSED, syscall.ECONNRESET,
	}
	for outcome, returned := range realErrors(t) {
		err := conversationtest.ErrorFor(outcome)
		assert.Equal(t, fmt.Sprintf("%T", returned), fmt.Sprintf("%T", err))
		for _, sentinel := range sentinels {
			assert.Equal(t, errors.Is(returned, sentinel), errors.Is(err, sentinel), "%v: %v", outcome, sentinel)
		}
		_, isNetwork := errors.AsType[*net.OpError](returned)
		_, looksLikeOne := errors.AsType[*net.OpError](err)
		assert.Equal(t, isNetwork, looksLikeOne, outcome)
	}
}

func TestErrorForOfARejectionIsAnErrorOfTheAPI(t *testing.T) {
	t.Parallel()
	failed, ok := errors.AsType[*conversation.Error](conversationtest.ErrorFor(conversation.OutcomeRejected))
	require.True(t, ok)
	assert.Equal(t, http.StatusBadRequest, failed.StatusCode)
	assert.Equal(t, "INVALID_ARGUMENT", failed.Status)
	assert.Equal(t, "Messages.Send", failed.Operation)
	assert.Equal(t, 1, failed.Attempts)
}

func TestErrorForAnUnknownValuePanics(t *testing.T) {
	t.Parallel()
	for _, none := range []conversation.Outcome{-1, 4} {
		assert.Panics(t, func() { _ = conversationtest.ErrorFor(none) })
	}
}
