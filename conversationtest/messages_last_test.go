package conversationtest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheLastMessageOfEachIsFound(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		old := reach(t, client, srv.AppID(), conversation.ChannelSMS, "15551230001")
		two := reach(t, client, srv.AppID(), conversation.ChannelRCS, "15551230002")
		time.Sleep(time.Hour)
		now := conversation.Time{Time: time.Now()}
		three := reach(t, client, srv.AppID(), conversation.ChannelSMS, "15551230003")
		one := srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230001"), conversationtest.InboundText("hi"))
		for name, tt := range map[string]struct {
			request lastRequest
			want    []string
		}{
			"everybody":               {lastRequest{}, []string{one.ID, three, two}},
			"identities":              {lastRequest{ChannelIdentities: []string{"15551230001", "15551230002", "15551230009"}}, []string{one.ID, two}},
			"a contact":               {lastRequest{ContactIDs: []string{one.ContactID}}, []string{one.ID}},
			"a direction":             {lastRequest{Direction: conversation.DirectionToContact}, []string{three, two, old}},
			"a channel":               {lastRequest{Channel: conversation.ChannelRCS}, []string{two}},
			"until a time":            {lastRequest{EndTime: now}, []string{two, old}},
			"from a time":             {lastRequest{StartTime: now}, []string{one.ID, three}},
			"an app":                  {lastRequest{AppID: srv.AppID(), ChannelIdentities: []string{"15551230003"}}, []string{three}},
			"an app without messages": {lastRequest{AppID: "OTHER"}, nil},
		} {
			request := tt.request
			request.MessagesSource, request.PageSize = conversation.MessageSourceConversation, 1
			assert.Equal(t, tt.want, collect(t, client.Messages.AllLastMessages(t.Context(), &request), messageID), name)
		}
		page, err := client.Messages.LastMessages(t.Context(), &lastRequest{ChannelIdentities: []string{"15551230001"}})
		require.NoError(t, err)
		assert.Len(t, page.Items, 1, "the default source is the conversations")
		page, err = client.Messages.LastMessages(t.Context(), &lastRequest{MessagesSource: conversation.MessageSourceDispatch})
		require.NoError(t, err)
		assert.Empty(t, page.Items)
	})
}

func TestLastMessagesOfConflictingFiltersAreRejected(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		reach(t, client, srv.AppID(), conversation.ChannelSMS, "15551230001")
		reach(t, client, srv.AppID(), conversation.ChannelSMS, "15551230002")
		page, err := client.Messages.LastMessages(t.Context(), &lastRequest{
			MessagesSource: conversation.MessageSourceConversation, PageSize: 1,
		})
		require.NoError(t, err)
		for field, request := range map[string]*lastRequest{
			"page_token": {PageToken: page.NextPageToken, Direction: conversation.DirectionToApp},
			"start_time": {
				StartTime: conversation.Time{Time: time.Now()}, EndTime: conversation.Time{Time: time.Now().Add(-time.Hour)},
			},
		} {
			_, err := client.Messages.LastMessages(t.Context(), request)
			require.ErrorIs(t, err, conversation.ErrBadRequest, field)
			require.ErrorContains(t, err, field)
		}
	})
}
