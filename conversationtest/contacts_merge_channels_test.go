package conversationtest_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// at returns the identity of a person on a channel.
func at(channel conversation.Channel, identity string) conversation.ChannelIdentity {
	return conversation.ChannelIdentity{Channel: channel, Identity: identity}
}

func TestAMergeMovesTheChannelsThatTheDestinationLacks(t *testing.T) {
	t.Parallel()
	type (
		channels   = []conversation.Channel
		identities = []conversation.ChannelIdentity
	)
	const rcs, sms, whatsApp, viber = conversation.ChannelRCS, conversation.ChannelSMS, conversation.ChannelWhatsApp, conversation.ChannelViber
	one, two := "15551230001", "15551230002"
	for name, test := range map[string]struct {
		stays, goes                       identities
		priority, otherPriority, expected channels
		want                              identities
	}{
		"a channel that it lacks": {
			identities{at(sms, one)}, identities{at(rcs, two)}, channels{sms}, nil, channels{sms, rcs}, identities{at(sms, one), at(rcs, two)},
		},
		"a channel that it has": {
			identities{at(sms, one)}, identities{at(sms, two)}, channels{sms}, channels{sms}, channels{sms}, identities{at(sms, one)},
		},
		"both": {
			identities{at(sms, one), at(rcs, one)},
			identities{at(rcs, two), at(whatsApp, two)},
			channels{rcs, sms},
			nil,
			channels{rcs, sms, whatsApp},
			identities{at(sms, one), at(rcs, one), at(whatsApp, two)},
		},
		"several on one channel": {
			identities{at(sms, one)},
			identities{at(viber, "a"), at(viber, "b")},
			channels{sms},
			nil,
			channels{sms, viber},
			identities{at(sms, one), at(viber, "a"), at(viber, "b")},
		},
		"in the order of the source": {
			identities{at(sms, one)},
			identities{at(rcs, two), at(whatsApp, two)},
			channels{sms},
			channels{whatsApp, rcs},
			channels{sms, whatsApp, rcs},
			identities{at(sms, one), at(rcs, two), at(whatsApp, two)},
		},
		"a channel that had a place already": {
			identities{at(sms, one)}, identities{at(rcs, two)}, channels{rcs, sms}, nil, channels{sms, rcs}, identities{at(sms, one), at(rcs, two)},
		},
		"without a priority": {
			identities{at(sms, one), at(rcs, one)},
			identities{at(whatsApp, two)},
			nil,
			channels{whatsApp},
			channels{sms, rcs, whatsApp},
			identities{at(sms, one), at(rcs, one), at(whatsApp, two)},
		},
		"nothing, without a priority": {
			identities{at(sms, one), at(rcs, one)},
			identities{at(rcs, two), at(sms, two)},
			nil,
			channels{rcs, sms},
			channels{rcs, sms},
			identities{at(sms, one), at(rcs, one)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
			contacts := srv.NewClient(t).Contacts
			create := func(on identities, priority channels) string {
				created, err := contacts.Create(t.Context(), &conversation.CreateContactRequest{
					ChannelIdentities: on, ChannelPriority: priority, Language: conversation.LanguageEN,
				})
				require.NoError(t, err)
				return created.ID
			}
			stays, goes := create(test.stays, test.priority), create(test.goes, test.otherPriority)

			merged, err := contacts.Merge(t.Context(), &conversation.MergeContactsRequest{
				DestinationID: stays, SourceID: goes, Strategy: conversation.MergeStrategyMerge,
			})

			require.NoError(t, err)
			assert.Equal(t, test.want, merged.ChannelIdentities)
			assert.Equal(t, test.expected, merged.ChannelPriority)
		})
	}
}

func TestAMergeMovesMessagesAndEventsIntoTheActiveConversation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
		client := srv.NewClient(t)
		other, err := client.Apps.Create(t.Context(), &conversation.CreateAppRequest{
			DisplayName: "Other", ChannelCredentials: fullCredentials[:1], ProcessingMode: conversation.ProcessingModeConversation,
		})
		require.NoError(t, err)
		one, two := conversationtest.From(conversation.ChannelSMS, "15551230001"), conversationtest.From(conversation.ChannelSMS, "15551230002")
		stays := srv.Receive(one, conversationtest.InboundText("stays"))
		stopped := srv.Receive(two, conversationtest.InboundText("in a conversation that was stopped"))
		require.NoError(t, client.Conversations.Stop(t.Context(), stopped.ConversationID))
		goes := srv.Receive(two, conversationtest.InboundText("goes"))
		srv.Composing(two)
		elsewhere := srv.Receive(two.To(other.ID), conversationtest.InboundText("to another app"))

		_, err = client.Contacts.Merge(t.Context(), &conversation.MergeContactsRequest{DestinationID: stays.ContactID, SourceID: goes.ContactID})
		require.NoError(t, err)

		for id, into := range map[string]string{
			stays.ID: stays.ConversationID, goes.ID: stays.ConversationID, stopped.ID: stays.ConversationID,
			elsewhere.ID: elsewhere.ConversationID,
		} {
			message, err := client.Messages.Get(t.Context(), id)
			require.NoError(t, err)
			assert.Equal(t, stays.ContactID, message.ContactID)
			assert.Equal(t, into, message.ConversationID)
		}
		events, err := client.Events.List(t.Context(), &conversation.ListEventsParams{ConversationID: stays.ConversationID})
		require.NoError(t, err)
		require.Len(t, events.Items, 1)
		assert.Equal(t, stays.ContactID, events.Items[0].ContactID)
		active, err := client.Conversations.List(t.Context(), &conversation.ListConversationsParams{
			ContactID: stays.ContactID, OnlyActive: new(true),
		})
		require.NoError(t, err)
		assert.Len(t, active.Items, 2, "one with each app")
		all, err := client.Conversations.List(t.Context(), &conversation.ListConversationsParams{ContactID: stays.ContactID})
		require.NoError(t, err)
		assert.Len(t, all.Items, 4, "all conversations of both")
	})
}

func TestAMergeIntoAContactWithoutAnActiveConversationKeepsConversationsAsTheyAre(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	client := srv.NewClient(t)
	stays := srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230001"), conversationtest.InboundText("stays"))
	require.NoError(t, client.Conversations.Stop(t.Context(), stays.ConversationID))
	goes := srv.Receive(conversationtest.From(conversation.ChannelRCS, "15551230002"), conversationtest.InboundText("goes"))
	hooked(srv, "", allTriggers...)

	_, err := client.Contacts.Merge(t.Context(), &conversation.MergeContactsRequest{DestinationID: stays.ContactID, SourceID: goes.ContactID})
	require.NoError(t, err)

	moved, err := client.Messages.Get(t.Context(), goes.ID)
	require.NoError(t, err)
	assert.Equal(t, goes.ConversationID, moved.ConversationID)
	talk, err := client.Conversations.Get(t.Context(), goes.ConversationID)
	require.NoError(t, err)
	assert.True(t, talk.Active)
	assert.Equal(t, stays.ContactID, talk.ContactID)
	assert.Equal(t, []conversation.WebhookTrigger{conversation.TriggerContactMerge}, triggersOf(srv))
}

func TestAMergeMovesMessagesOfDispatchModeToo(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	client := srv.NewClient(t)
	goes := srv.Receive(sms(), conversationtest.InboundText("goes")).ContactID
	stays := srv.Receive(conversationtest.From(conversation.ChannelRCS, "15551230002"), conversationtest.InboundText("stays")).ContactID
	sent, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID: srv.AppID(), Recipient: conversation.ToContact(goes), Message: conversation.Text("dispatched"),
		ProcessingStrategy: conversation.ProcessingStrategyDispatchOnly,
	})
	require.NoError(t, err)
	hooked(srv, "", conversation.TriggerMessageDelivery)

	_, err = client.Contacts.Merge(t.Context(), &conversation.MergeContactsRequest{DestinationID: stays, SourceID: goes})
	require.NoError(t, err)
	require.NoError(t, srv.Deliver(sent.MessageID))

	assert.Equal(t, stays, payload(t, &srv.Callbacks()[0], "message_delivery_report")["contact_id"])
}
