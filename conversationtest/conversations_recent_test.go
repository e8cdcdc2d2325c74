package conversationtest_test

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestRecentConversationsHaveTheirNewestMessage(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		silent, stopped := begin(t, client, srv.AppID(), "15551230001", true), begin(t, client, srv.AppID(), "15551230002", false)
		one := reach(t, client, srv.AppID(), conversation.ChannelSMS, "15551230003")
		time.Sleep(time.Hour)
		reach(t, client, srv.AppID(), conversation.ChannelSMS, "15551230004")
		time.Sleep(time.Hour)
		four := reach(t, client, srv.AppID(), conversation.ChannelSMS, "15551230004")
		list := func(order conversation.SortOrder, onlyActive *bool) (conversations, messages []string) {
			t.Helper()
			params := &conversation.ListRecentConversationsParams{AppID: srv.AppID(), OnlyActive: onlyActive, Order: order, PageSize: 1}
			for recent, err := range client.Conversations.AllRecent(t.Context(), params) {
				require.NoError(t, err)
				conversations = append(conversations, recent.Conversation.ID)
				if recent.LastMessage != nil {
					messages = append(messages, recent.LastMessage.ID)
				}
			}
			return conversations, messages
		}

		conversations, messages := list("", nil)
		require.Len(t, conversations, 4)
		assert.Equal(t, []string{stopped, silent}, conversations[2:], "those without a message come last")
		assert.Equal(t, []string{four, one}, messages)
		oldestFirst, messages := list(conversation.SortAscending, nil)
		assert.Equal(t, []string{silent, stopped, conversations[1], conversations[0]}, oldestFirst)
		assert.Equal(t, []string{one, four}, messages)
		active, _ := list(conversation.SortDescending, new(true))
		assert.Equal(t, []string{conversations[0], conversations[1], silent}, active)

		page, err := client.Conversations.Recent(t.Context(), &conversation.ListRecentConversationsParams{AppID: srv.AppID(), PageSize: 3})
		require.NoError(t, err)
		assert.Equal(t, 4, page.TotalSize)
		assert.Equal(t, conversation.Time{Time: time.Now().UTC()}, page.Items[0].Conversation.LastReceived)
		_, err = client.Conversations.Recent(t.Context(), &conversation.ListRecentConversationsParams{AppID: "NONE"})
		assert.ErrorIs(t, err, conversation.ErrNotFound)
	})
}

func TestConversationsAreListedByChannelAndCounted(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		for _, channel := range []conversation.Channel{conversation.ChannelSMS, conversation.ChannelRCS, conversation.ChannelSMS} {
			time.Sleep(time.Second)
			reach(t, client, srv.AppID(), channel, strconv.FormatInt(time.Now().Unix(), 10))
		}
		begin(t, client, srv.AppID(), "15551230001", false)
		for channel, want := range map[conversation.Channel]int{
			"": 4, conversation.ChannelSMS: 2, conversation.ChannelRCS: 1, conversation.ChannelLINE: 0,
		} {
			page, err := client.Conversations.List(t.Context(), &conversation.ListConversationsParams{
				AppID: srv.AppID(), ActiveChannel: channel, PageSize: 1,
			})
			require.NoError(t, err)
			assert.Equal(t, want, page.TotalSize, channel)
			assert.Len(t, page.Items, min(want, 1), channel)
		}
	})
}

func TestAConversationGoesToAnotherContact(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		id, other := begin(t, client, srv.AppID(), "15551230001", true), known(t, client, conversation.ChannelSMS, "15551230002")

		changed, err := client.Conversations.Update(t.Context(), id, &conversation.UpdateConversationRequest{ContactID: &other})
		require.NoError(t, err)
		assert.Equal(t, other, changed.ContactID)
		for _, update := range []*conversation.UpdateConversationRequest{{ContactID: new("NONE")}, {AppID: new("NONE")}} {
			_, err = client.Conversations.Update(t.Context(), id, update)
			require.ErrorIs(t, err, conversation.ErrNotFound)
		}
	})
}

func TestTheCorrelationIDOfASendStaysWithItsConversation(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		request := hello(srv.AppID())
		request.CorrelationID = "order-7"
		_, err := client.Messages.Send(t.Context(), request)
		require.NoError(t, err)
		reach(t, client, srv.AppID(), conversation.ChannelSMS, "15551230000")

		page, err := client.Conversations.List(t.Context(), &conversation.ListConversationsParams{AppID: srv.AppID()})
		require.NoError(t, err)
		assert.Equal(t, "order-7", page.Items[0].CorrelationID)
	})
}

func TestASendChangesTheMetadataOfItsConversationFieldByField(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		for _, step := range []struct {
			metadata string
			strategy conversation.ConversationMetadataUpdateStrategy
			want     string
		}{
			{`{"a": 1, "b": {"c": 2}}`, conversation.MetadataMergePatch, `{"a":1,"b":{"c":2}}`},
			{`{"a": null, "b": {"d": 3}}`, conversation.MetadataMergePatch, `{"b":{"c":2,"d":3}}`},
			{`{"e": 9007199254740993}`, conversation.MetadataReplace, `{"e":9007199254740993}`},
			{`{"f": 5.10}`, "", `{"f":5.10}`},
		} {
			request := hello(srv.AppID())
			request.ConversationMetadata, request.ConversationMetadataUpdateStrategy = step.metadata, step.strategy
			_, err := client.Messages.Send(t.Context(), request)
			require.NoError(t, err)
			page, err := client.Conversations.List(t.Context(), &conversation.ListConversationsParams{AppID: srv.AppID()})
			require.NoError(t, err)
			kept, err := json.Marshal(page.Items[0].MetadataJSON)
			require.NoError(t, err)
			assert.Equal(t, step.want, string(kept), "with the digits that were sent")
		}
	})
}
