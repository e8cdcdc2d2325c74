package conversationtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAMessageToAContactGoesToItsActiveChannelThenByItsOrderThenByThatOfTheApp(t *testing.T) {
	t.Parallel()
	const number = "15551230000"
	srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	client := srv.NewClient(t)
	contact, err := client.Contacts.Create(t.Context(), &conversation.CreateContactRequest{
		ChannelIdentities: []conversation.ChannelIdentity{
			at(conversation.ChannelSMS, number), at(conversation.ChannelMMS, number),
			at(conversation.ChannelRCS, number), at(conversation.ChannelWhatsApp, number),
		},
		ChannelPriority: []conversation.Channel{conversation.ChannelRCS},
		Language:        conversation.LanguageEN,
	})
	require.NoError(t, err)
	var credentials []conversation.ChannelCredential
	for _, channel := range []conversation.Channel{
		conversation.ChannelWhatsApp, conversation.ChannelSMS, conversation.ChannelMMS, conversation.ChannelRCS,
	} {
		credentials = append(credentials, credentialOf(channel))
	}
	_, err = client.Apps.Update(t.Context(), srv.AppID(), &conversation.UpdateAppRequest{ChannelCredentials: credentials})
	require.NoError(t, err)
	tried := func() []conversation.Channel {
		t.Helper()
		sent, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
			AppID: srv.AppID(), Recipient: conversation.ToContact(contact.ID), Message: conversation.Text("hello"),
		})
		require.NoError(t, err)
		var channels []conversation.Channel
		for more := true; more; more = srv.SwitchChannel(sent.MessageID) == nil {
			message, err := client.Messages.Get(t.Context(), sent.MessageID)
			require.NoError(t, err)
			channels = append(channels, message.ChannelIdentity.Channel)
		}
		return channels
	}
	const rcs, whatsApp, sms, mms = conversation.ChannelRCS, conversation.ChannelWhatsApp, conversation.ChannelSMS, conversation.ChannelMMS

	assert.Equal(t, []conversation.Channel{rcs, whatsApp, sms, mms}, tried(), "without a conversation")
	srv.Receive(conversationtest.From(mms, number), conversationtest.InboundText("hi"))
	assert.Equal(t, []conversation.Channel{mms, rcs, whatsApp, sms}, tried(), "after a message on MMS")
}

func TestAMessageToAContactIsNotTriedOnAChannelThatTheAppLacks(t *testing.T) {
	t.Parallel()
	const number = "15551230000"
	srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	client := srv.NewClient(t)
	_, err := client.Apps.Update(t.Context(), srv.AppID(), &conversation.UpdateAppRequest{
		ChannelCredentials: []conversation.ChannelCredential{credentialOf(conversation.ChannelSMS)},
	})
	require.NoError(t, err)
	contact, err := client.Contacts.Create(t.Context(), &conversation.CreateContactRequest{
		ChannelIdentities: []conversation.ChannelIdentity{at(conversation.ChannelRCS, number), at(conversation.ChannelSMS, number)},
		ChannelPriority:   []conversation.Channel{conversation.ChannelRCS},
		Language:          conversation.LanguageEN,
	})
	require.NoError(t, err)

	sent, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID: srv.AppID(), Recipient: conversation.ToContact(contact.ID), Message: conversation.Text("hello"),
	})
	require.NoError(t, err)

	message, err := client.Messages.Get(t.Context(), sent.MessageID)
	require.NoError(t, err)
	assert.Equal(t, conversation.ChannelSMS, message.ChannelIdentity.Channel)
	assert.ErrorContains(t, srv.SwitchChannel(sent.MessageID), "no further channel")
}
