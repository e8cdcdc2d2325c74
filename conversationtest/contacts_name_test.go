package conversationtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAContactWithoutANameIsUnknown(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	client := srv.NewClient(t, conversation.WithDialect(conversation.DialectPlatform))
	nameOf := func(id string) string {
		t.Helper()
		contact, err := client.Contacts.Get(t.Context(), id)
		require.NoError(t, err)
		return contact.DisplayName
	}
	create := func(number, name string) *conversation.Contact {
		t.Helper()
		created, err := client.Contacts.Create(t.Context(), &conversation.CreateContactRequest{
			ChannelIdentities: []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: number}},
			Language:          conversation.LanguageEN, DisplayName: name,
		})
		require.NoError(t, err)
		return created
	}

	assert.Equal(t, "Unknown", create("15551230001", "").DisplayName)
	named := create("15551230002", "Ada")
	assert.Equal(t, "Ada", named.DisplayName)
	received := srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230003"), conversationtest.InboundText("hi"))
	assert.Equal(t, "Unknown", nameOf(received.ContactID))
	sent, err := client.Messages.Get(t.Context(), sendText(t, srv, "hello"))
	require.NoError(t, err)
	assert.Equal(t, "Unknown", nameOf(sent.ContactID))

	cleared, err := client.Contacts.Update(t.Context(), named.ID, &conversation.UpdateContactRequest{
		UpdateMask: []string{"display_name"},
	})
	require.NoError(t, err)
	assert.Equal(t, "Unknown", cleared.DisplayName)
}
