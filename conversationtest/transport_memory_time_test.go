package conversationtest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheTimeOfAnAnswerIsVirtualInMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := start(t, conversationtest.Config{InMemory: true, Latency: 3 * time.Second})
		client := srv.NewClient(t, conversation.WithTimeout(time.Minute))
		began := time.Now()

		_, err := client.Messages.Send(t.Context(), hello(srv.AppID()))
		require.NoError(t, err)
		assert.Equal(t, 3*time.Second, time.Since(began), "the token takes no time")

		srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultSlow, Delay: 7 * time.Second, Times: 1})
		_, err = client.Messages.Send(t.Context(), hello(srv.AppID()))
		require.NoError(t, err)
		assert.Equal(t, 13*time.Second, time.Since(began))

		srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultSlow, Delay: time.Hour, Times: 1})
		_, err = client.Messages.Send(t.Context(), hello(srv.AppID()), conversation.WithRequestTimeout(10*time.Second))
		assert.Equal(t, unknown, conversation.OutcomeOf(err))
		assert.Equal(t, 23*time.Second, time.Since(began), "it ends at the timeout of the client")
		assert.Len(t, srv.Sent(), 3, "the third one was accepted")
	})
}

func TestTheTimeoutOfAClientIsVirtualInMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := start(t, conversationtest.Config{InMemory: true, TokenLifetime: time.Hour})
		client := srv.NewClient(t)
		limited := srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultRateLimit, RetryAfter: "20", RetryAfterDate: true, Times: 1})
		began := time.Now()

		_, err := client.Messages.Send(t.Context(), hello(srv.AppID()))

		require.NoError(t, err)
		assert.Equal(t, 1, limited.Hits())
		assert.InDelta(t, 20, time.Since(began).Seconds(), 1)

		time.Sleep(2 * time.Hour)
		_, err = client.Messages.Send(t.Context(), hello(srv.AppID()))
		require.NoError(t, err)
		assert.Len(t, srv.Requests(), 5, "two tokens and three sends")
		assert.Equal(t, 2*time.Hour, srv.Sent()[1].AcceptedTime.Sub(srv.Sent()[0].AcceptedTime).Round(time.Minute))
	})
}
