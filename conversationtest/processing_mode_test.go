package conversationtest_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestNothingIsKeptInDispatchMode(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeDispatch})
		hooked(srv, "", conversation.TriggerConversationStart, conversation.TriggerContactCreate,
			conversation.TriggerMessageDelivery, conversation.TriggerMessageInbound)
		client := srv.NewClient(t)
		id := sendText(t, srv, "hello")
		require.Len(t, srv.Sent(), 1, "it was sent nevertheless")

		_, err := client.Messages.Get(t.Context(), id)
		require.ErrorIs(t, err, conversation.ErrNotFound)
		received := srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230000"), conversationtest.InboundText("hi"))
		assert.Empty(t, received.ConversationID)
		inApp := &conversation.ListConversationsParams{AppID: srv.AppID()}
		for name, list := range map[string]func() (int, error){
			"messages":      func() (int, error) { return count(client.Messages.List(t.Context(), nil)) },
			"contacts":      func() (int, error) { return count(client.Contacts.List(t.Context(), nil)) },
			"conversations": func() (int, error) { return count(client.Conversations.List(t.Context(), inApp)) },
		} {
			kept, err := list()
			require.NoError(t, err)
			assert.Zero(t, kept, name)
		}

		require.NoError(t, srv.Deliver(id), "reports are still delivered")
		require.NoError(t, srv.WaitForCallbacks(t.Context()))
		var triggers []conversation.WebhookTrigger
		for _, callback := range srv.Callbacks() {
			triggers = append(triggers, callback.Trigger)
			assert.Contains(t, string(callback.Body), `"processing_mode":"DISPATCH"`)
		}
		assert.Equal(t, []conversation.WebhookTrigger{conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery}, triggers)
	})
}

func count[T any](page *conversation.Page[T], err error) (int, error) {
	if err != nil {
		return 0, err
	}
	return len(page.Items), nil
}

func TestTheFirstMessageStartsAConversationInConversationMode(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	sendText(t, srv, "hello")
	sendText(t, srv, "again")
	kept, err := count(srv.NewClient(t).Conversations.List(t.Context(), &conversation.ListConversationsParams{AppID: srv.AppID()}))
	require.NoError(t, err)
	assert.Equal(t, 1, kept)
}
