package conversationtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestSendsToAnAppWithAFullQueueAreThrottled(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{})
	client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry))
	send := func() error {
		_, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
			AppID:     srv.AppID(),
			Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
			Message:   conversation.Text("hello"),
		})
		return err
	}
	require.NoError(t, send())

	full := conversation.QueueStats{OutboundLimit: 100, OutboundSize: 100}
	srv.SetQueueStats(srv.AppID(), full)

	app, err := client.Apps.Get(t.Context(), srv.AppID())
	require.NoError(t, err)
	assert.Equal(t, &full, app.QueueStats)
	require.ErrorIs(t, send(), conversation.ErrRateLimited)
	assert.Len(t, srv.Sent(), 1)
	srv.SetQueueStats(srv.AppID(), conversation.QueueStats{OutboundLimit: 100, OutboundSize: 99})
	require.NoError(t, send())
}

func TestTheQueueOfAMissingAppPanics(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{})
	assert.Panics(t, func() { srv.SetQueueStats("missing", conversation.QueueStats{}) })
}
