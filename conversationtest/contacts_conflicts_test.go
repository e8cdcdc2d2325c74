package conversationtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestContactsThatShareANumberAreInConflict(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, _ *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		first, second := known(t, client, conversation.ChannelSMS, "15551230002"), known(t, client, conversation.ChannelRCS, "15551230002")
		third, fourth := known(t, client, conversation.ChannelSMS, "15551230001"), known(t, client, conversation.ChannelMMS, "15551230001")
		known(t, client, conversation.ChannelSMS, "15551230003")
		known(t, client, conversation.ChannelWhatsApp, "15551230003") // No SIM-based channel.
		conflicts := func() []conversation.IdentityConflict {
			t.Helper()
			return collect(t, client.Contacts.AllIdentityConflicts(t.Context(), &conversation.ListIdentityConflictsParams{PageSize: 1}),
				func(c *conversation.IdentityConflict) conversation.IdentityConflict { return *c })
		}

		assert.Equal(t, []conversation.IdentityConflict{
			{Identity: "15551230001", Channels: []string{"SMS", "MMS"}, ContactIDs: []string{third, fourth}},
			{Identity: "15551230002", Channels: []string{"SMS", "RCS"}, ContactIDs: []string{first, second}},
		}, conflicts())

		_, err := client.Contacts.Merge(t.Context(), &conversation.MergeContactsRequest{DestinationID: first, SourceID: second})
		require.NoError(t, err)
		assert.Len(t, conflicts(), 1, "a merge ends a conflict")
	})
}

func TestContactsAreListedByWhoTheyAre(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, _ *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		bySMS, byRCS := known(t, client, conversation.ChannelSMS, "15551230001"), known(t, client, conversation.ChannelRCS, "15551230001")
		find := func(params conversation.ListContactsParams) []string {
			t.Helper()
			return collect(t, client.Contacts.All(t.Context(), &params), func(c *conversation.Contact) string { return c.ID })
		}
		assert.Equal(t, []string{byRCS, bySMS}, find(conversation.ListContactsParams{ExternalID: "crm-15551230001"}))
		assert.Empty(t, find(conversation.ListContactsParams{ExternalID: "crm-2"}))
		assert.Equal(t, []string{bySMS}, find(conversation.ListContactsParams{Channel: conversation.ChannelSMS, Identity: "15551230001"}))
		assert.Empty(t, find(conversation.ListContactsParams{Channel: conversation.ChannelSMS, Identity: "15551230002"}))
		for field, params := range map[string]conversation.ListContactsParams{
			"external_id": {ExternalID: "crm-15551230001", Channel: conversation.ChannelSMS, Identity: "15551230001"},
			"channel: ":   {Identity: "15551230001"},
			"identity: ":  {Channel: conversation.ChannelSMS},
		} {
			_, err := client.Contacts.List(t.Context(), &params)
			require.ErrorIs(t, err, conversation.ErrBadRequest, field)
			require.ErrorContains(t, err, field)
		}
	})
}

func TestTheChannelPriorityDecidesWhereAContactIsReached(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		contact, err := client.Contacts.Create(t.Context(), &conversation.CreateContactRequest{
			ChannelIdentities: []conversation.ChannelIdentity{
				{Channel: conversation.ChannelSMS, Identity: "15551230001"}, {Channel: conversation.ChannelRCS, Identity: "15551230001"},
			},
			ChannelPriority: []conversation.Channel{conversation.ChannelRCS}, Language: "EN",
		})
		require.NoError(t, err)
		assert.Equal(t, []conversation.Channel{conversation.ChannelRCS}, contact.ChannelPriority)
		request := hello(srv.AppID())
		request.Recipient = conversation.ToContact(contact.ID)
		reached := func() conversation.Channel {
			t.Helper()
			sent, err := client.Messages.Send(t.Context(), request)
			require.NoError(t, err)
			message, err := client.Messages.Get(t.Context(), sent.MessageID)
			require.NoError(t, err)
			return message.ChannelIdentity.Channel
		}
		assert.Equal(t, conversation.ChannelRCS, reached())
		request.ChannelPriorityOrder = []conversation.Channel{conversation.ChannelSMS}
		assert.Equal(t, conversation.ChannelSMS, reached(), "the message's own order comes first")
	})
}
