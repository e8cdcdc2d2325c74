package conversationtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAProfileHasANameThatStaysAndCanBeSet(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		from := conversationtest.From(conversation.ChannelMessenger, "psid-1")
		contactID := srv.Receive(from, conversationtest.InboundText("hi")).ContactID
		name := func(to conversation.Recipient) string {
			t.Helper()
			profile, err := client.Contacts.ChannelProfile(t.Context(), &conversation.GetChannelProfileRequest{
				AppID: srv.AppID(), Recipient: to, Channel: conversation.ProfileChannelMessenger,
			})
			require.NoError(t, err)
			return profile.ProfileName
		}
		known, other := conversation.ToContact(contactID), conversation.ToChannel(conversation.ChannelMessenger, "psid-2")
		assert.Equal(t, "Profile of psid-1", name(known))
		assert.Equal(t, "Profile of psid-2", name(other))

		srv.SetProfile(from, "Ada Lovelace")

		assert.Equal(t, "Ada Lovelace", name(known))
		assert.Equal(t, "Ada Lovelace", name(conversation.ToChannel(conversation.ChannelMessenger, "psid-1")))
		assert.Equal(t, "Profile of psid-2", name(other))
		contacts, err := client.Contacts.List(t.Context(), nil)
		require.NoError(t, err)
		assert.Len(t, contacts.Items, 1, "the call creates no contact")
	})
}

func TestAProfileOfNobodyIsRejected(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		for _, tt := range []struct {
			appID string
			to    conversation.Recipient
			want  error
		}{
			{"NONE", conversation.ToChannel(conversation.ChannelLINE, "1"), conversation.ErrNotFound},
			{srv.AppID(), conversation.ToContact("NONE"), conversation.ErrNotFound},
			{srv.AppID(), conversation.ToChannel(conversation.ChannelSMS, "15551230001"), conversation.ErrBadRequest},
		} {
			_, err := client.Contacts.ChannelProfile(t.Context(), &conversation.GetChannelProfileRequest{
				AppID: tt.appID, Recipient: tt.to, Channel: conversation.ProfileChannelLINE,
			})
			require.ErrorIs(t, err, tt.want)
		}
	})
}
