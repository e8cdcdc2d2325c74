package conversationtest_test

import (
	"bytes"
	"context"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestOtherProgramsSeeAResetWhereConnectingFails(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})
	own := &http.Client{Transport: &http.Transport{}}
	defer own.CloseIdleConnections()
	client := srv.NewClient(t, conversation.WithHTTPClient(own), conversation.WithRetry(conversation.NoRetry))
	refused := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultRefuse, Times: 1})

	_, err := client.Messages.Send(t.Context(), hello(srv.AppID()))

	require.ErrorIs(t, err, syscall.ECONNRESET)
	assert.Equal(t, unknown, conversation.OutcomeOf(err))
	assert.Empty(t, srv.Sent())
	assert.Equal(t, 1, refused.Hits())

	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultConnectHang, Times: 1})
	_, err = client.Messages.Send(t.Context(), hello(srv.AppID()), conversation.WithRequestTimeout(50*time.Millisecond))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Empty(t, srv.Sent())
}

func TestOnlyHalfOfTheRequestIsReadWhenTheConnectionBreaksInTheMiddle(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
		t.Helper()
		srv := start(t, cfg)
		srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultResetMidRequest})
		_, err := srv.NewClient(t).Messages.Send(t.Context(), hello(srv.AppID()))
		require.Error(t, err)

		srv.ClearFaults()
		_, err = srv.NewClient(t).Messages.Send(t.Context(), hello(srv.AppID()))
		require.NoError(t, err)

		requests := apiRequests(srv)
		require.Len(t, requests, 2)
		assert.Zero(t, requests[0].Status)
		half, whole := requests[0].Body, requests[1].Body
		assert.Len(t, half, len(whole)/2)
		assert.True(t, bytes.HasPrefix(whole, half))
	})
}

func TestASendThatIsNotAcceptedIsNotInTheLedgerEvenIfItsAnswerIsLost(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept})

	_, err := srv.NewClient(t).Messages.Send(t.Context(), hello("OTHER"))

	assert.Equal(t, unknown, conversation.OutcomeOf(err))
	assert.Empty(t, srv.Sent())
}

func TestCloseEndsWhateverHangs(t *testing.T) {
	t.Parallel()
	for _, fault := range []conversationtest.Fault{
		{Kind: conversationtest.FaultConnectHang},
		{Kind: conversationtest.FaultHang},
		{Kind: conversationtest.FaultHangAfterAccept},
		{Kind: conversationtest.FaultStall},
		{Kind: conversationtest.FaultSlow, Delay: time.Hour},
		{Kind: conversationtest.FaultRefuse, Delay: time.Hour},
	} {
		t.Run(fault.Kind.String(), func(t *testing.T) {
			t.Parallel()
			inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
				t.Helper()
				srv := start(t, cfg)
				client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry), conversation.WithTimeout(24*time.Hour))
				active := srv.Fault(fault)
				began, ended := time.Now(), make(chan error)
				go func() {
					_, err := client.Messages.Send(t.Context(), hello(srv.AppID()))
					ended <- err
				}()
				for active.Hits() == 0 {
					time.Sleep(time.Millisecond)
				}

				srv.Close()

				require.Error(t, <-ended)
				assert.Less(t, time.Since(began), time.Minute)
			})
		})
	}
}
