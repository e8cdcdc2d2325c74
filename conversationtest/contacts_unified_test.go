package conversationtest_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAUnifiedContactHasItsNumberOnEveryChannelOfPhones(t *testing.T) {
	t.Parallel()
	const number, other = "15551230000", "15559870000"
	srv := start(t, conversationtest.Config{InMemory: true, Mode: conversation.ProcessingModeConversation})
	client := srv.NewClient(t)
	create := func(identities ...conversation.ChannelIdentity) *conversation.Contact {
		t.Helper()
		contact, err := client.Contacts.Create(t.Context(), &conversation.CreateContactRequest{
			ChannelIdentities: identities, Language: conversation.LanguageEN,
		})
		require.NoError(t, err)
		return contact
	}
	sms, mms, rcs, whatsApp := conversation.ChannelSMS, conversation.ChannelMMS, conversation.ChannelRCS, conversation.ChannelWhatsApp
	assert.Len(t, create(at(sms, "15550000001")).ChannelIdentities, 1, "the project does not unify")
	_, err := client.ProjectSettings.Create(t.Context(), &conversation.ProjectSettingsRequest{
		ContactSettings: &conversation.ContactSettings{UnifiedContactIDEnabled: true},
	})
	require.NoError(t, err)

	contact := create(at(sms, number), at(whatsApp, number))
	assert.Equal(t, []conversation.ChannelIdentity{at(sms, number), at(whatsApp, number), at(mms, number), at(rcs, number)},
		contact.ChannelIdentities)
	assert.Len(t, create(at(whatsApp, other)).ChannelIdentities, 1, "WhatsApp is not unified")

	srv.Receive(conversationtest.From(rcs, number), conversationtest.InboundText("hi"))
	srv.Receive(conversationtest.From(mms, "15550000001"), conversationtest.InboundText("hi"))
	srv.Receive(conversationtest.From(rcs, "15550000002"), conversationtest.InboundText("hi"))
	updated, err := client.Contacts.Update(t.Context(), contact.ID, &conversation.UpdateContactRequest{
		ChannelIdentities: []conversation.ChannelIdentity{at(rcs, other)},
	})
	require.NoError(t, err)
	assert.Equal(t, []conversation.ChannelIdentity{at(rcs, other), at(sms, other), at(mms, other)}, updated.ChannelIdentities)

	var sizes []int
	for known, err := range client.Contacts.All(t.Context(), nil) {
		require.NoError(t, err)
		sizes = append(sizes, len(known.ChannelIdentities))
	}
	slices.Sort(sizes)
	assert.Equal(t, []int{1, 3, 3, 3}, sizes, "nobody has two contacts")
}
