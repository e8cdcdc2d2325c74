package conversationtest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestMessagesAreListedByEveryFilter(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		first := reach(t, client, srv.AppID(), conversation.ChannelSMS, "15551230001")
		time.Sleep(time.Hour)
		asked := srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230001"), conversationtest.InboundText("who?")).ID
		middle := conversation.Time{Time: time.Now()}
		time.Sleep(time.Hour)
		other := reach(t, client, srv.AppID(), conversation.ChannelRCS, "15551230002")
		end := conversation.Time{Time: time.Now()}
		for name, tt := range map[string]struct {
			params conversation.ListMessagesParams
			want   []string
		}{
			"nothing":       {conversation.ListMessagesParams{}, []string{other, asked, first}},
			"identity":      {conversation.ListMessagesParams{ChannelIdentity: "15551230001"}, []string{asked, first}},
			"no identity":   {conversation.ListMessagesParams{ChannelIdentity: "15551230003"}, nil},
			"to contacts":   {conversation.ListMessagesParams{Direction: conversation.DirectionToContact}, []string{other, first}},
			"from contacts": {conversation.ListMessagesParams{OnlyRecipientOriginated: new(true)}, []string{asked}},
			"from anybody":  {conversation.ListMessagesParams{OnlyRecipientOriginated: new(false)}, []string{other, asked, first}},
			"from a time":   {conversation.ListMessagesParams{StartTime: middle}, []string{other, asked}},
			"until a time":  {conversation.ListMessagesParams{EndTime: middle}, []string{first}},
			"between times": {conversation.ListMessagesParams{StartTime: middle, EndTime: end}, []string{asked}},
			"source":        {conversation.ListMessagesParams{MessagesSource: conversation.MessageSourceDispatch}, nil},
			"several": {
				conversation.ListMessagesParams{ChannelIdentity: "15551230001", Direction: conversation.DirectionToContact, StartTime: middle}, nil,
			},
		} {
			params := tt.params
			params.PageSize = 1
			assert.Equal(t, tt.want, collect(t, client.Messages.All(t.Context(), &params), messageID), name)
		}

		_, err := client.Messages.List(t.Context(), &conversation.ListMessagesParams{StartTime: end, EndTime: middle})
		require.ErrorIs(t, err, conversation.ErrBadRequest)
		assert.ErrorContains(t, err, "start_time")
	})
}

func TestMessagesAreListedWithoutTheirMetadata(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		id := reach(t, client, srv.AppID(), conversation.ChannelSMS, "15551230001")
		for view, want := range map[conversation.ConversationMessagesView]string{
			"": "note", conversation.ViewWithMetadata: "note", conversation.ViewWithoutMetadata: "",
		} {
			page, err := client.Messages.List(t.Context(), &conversation.ListMessagesParams{View: view})
			require.NoError(t, err)
			require.Len(t, page.Items, 1)
			assert.Equal(t, want, page.Items[0].Metadata)
			assert.Equal(t, conversation.Text("hi"), *page.Items[0].AppMessage)
		}
		message, err := client.Messages.Get(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, "note", message.Metadata, "the view removes nothing")
	})
}

func TestTheMetadataOfAMessageChangesAlone(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		id := reach(t, client, srv.AppID(), conversation.ChannelSMS, "15551230001")
		want, err := client.Messages.Get(t.Context(), id)
		require.NoError(t, err)
		want.Metadata = "changed"

		changed, err := client.Messages.Update(t.Context(), id, &conversation.UpdateMessageRequest{Metadata: "changed"})

		require.NoError(t, err)
		assert.Equal(t, want, changed)
		read, err := client.Messages.Get(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, want, read)
		_, err = client.Messages.Update(t.Context(), "NONE", &conversation.UpdateMessageRequest{Metadata: "changed"})
		assert.ErrorIs(t, err, conversation.ErrNotFound)
	})
}
