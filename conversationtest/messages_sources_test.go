package conversationtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestMessagesOfDispatchModeAreReadFromTheirSource(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		ctx, dispatch := t.Context(), conversation.WithMessageSource(conversation.MessageSourceDispatch)
		retain(t, client, srv.AppID())
		id := reach(t, client, srv.AppID(), conversation.ChannelSMS, "15551230001")
		received := srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230001"), conversationtest.InboundText("hi")).ID

		_, err := client.Messages.Get(ctx, id)
		require.ErrorIs(t, err, conversation.ErrNotFound)
		message, err := client.Messages.Get(ctx, id, dispatch)
		require.NoError(t, err)
		assert.Equal(t, conversation.ProcessingModeDispatch, message.ProcessingMode)
		assert.Empty(t, message.ConversationID)
		assert.Equal(t, []string{received, id}, collect(t, client.Messages.All(ctx, &conversation.ListMessagesParams{
			MessagesSource: conversation.MessageSourceDispatch,
		}), messageID))
		assert.Equal(t, []string{received}, collect(t, client.Messages.AllLastMessages(ctx, &lastRequest{MessagesSource: conversation.MessageSourceDispatch, ChannelIdentities: []string{"15551230001"}}), messageID))

		changed, err := client.Messages.Update(ctx, id, &conversation.UpdateMessageRequest{Metadata: "new"}, dispatch)
		require.NoError(t, err)
		assert.Equal(t, "new", changed.Metadata)
		require.NoError(t, client.Messages.Delete(ctx, id, dispatch))
		_, err = client.Messages.Get(ctx, id, dispatch)
		require.ErrorIs(t, err, conversation.ErrNotFound)
		assert.NoError(t, srv.Deliver(id), "its delivery is still reported")
	})
}

func TestASendMayOnlyPassThrough(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		request := hello(srv.AppID())
		request.ProcessingStrategy = conversation.ProcessingStrategyDispatchOnly
		sent, err := client.Messages.Send(t.Context(), request)
		require.NoError(t, err)

		_, err = client.Messages.Get(t.Context(), sent.MessageID)
		require.ErrorIs(t, err, conversation.ErrNotFound)
		contacts, err := client.Contacts.List(t.Context(), nil)
		require.NoError(t, err)
		assert.Empty(t, contacts.Items)
		assert.Len(t, srv.Sent(), 1)
	})
}

func TestEachAppHasItsOwnProcessingMode(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		retain(t, client, srv.AppID())
		other, err := client.Apps.Create(t.Context(), &conversation.CreateAppRequest{
			DisplayName: "Other", ChannelCredentials: fullCredentials[:1],
		})
		require.NoError(t, err)
		reach(t, client, srv.AppID(), conversation.ChannelSMS, "15551230001")
		stored := reach(t, client, other.ID, conversation.ChannelSMS, "15551230001")

		assert.Equal(t, []string{stored}, collect(t, client.Messages.All(t.Context(), nil), messageID))
	})
}
