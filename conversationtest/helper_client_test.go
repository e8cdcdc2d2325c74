package conversationtest_test

import (
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// collect returns the key of each item of all pages.
func collect[T, Key any](t *testing.T, all iter.Seq2[*T, error], key func(*T) Key) []Key {
	t.Helper()
	var keys []Key
	for item, err := range all {
		require.NoError(t, err)
		keys = append(keys, key(item))
	}
	return keys
}

func messageID(m *conversation.ConversationMessage) string { return m.ID }

// reach sends text to an identity and returns the id of the message.
func reach(t *testing.T, client *conversation.Client, appID string, channel conversation.Channel, identity string) string {
	t.Helper()
	sent, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID: appID, Recipient: conversation.ToChannel(channel, identity), Message: conversation.Text("hi"), MessageMetadata: "note",
	})
	require.NoError(t, err)
	return sent.MessageID
}

func hello(appID string) *conversation.SendMessageRequest {
	return &conversation.SendMessageRequest{
		AppID:     appID,
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:   conversation.Text("hello"),
	}
}

var atOnce = conversation.WithRetry(conversation.RetryPolicy{BaseDelay: time.Nanosecond, MaxDelay: time.Nanosecond})

const (
	accepted = conversation.OutcomeAccepted
	rejected = conversation.OutcomeRejected
	notSent  = conversation.OutcomeNotSent
	unknown  = conversation.OutcomeUnknown
)

// known creates a contact with an identity and returns the id of the contact.
func known(t *testing.T, client *conversation.Client, channel conversation.Channel, identity string) string {
	t.Helper()
	contact, err := client.Contacts.Create(t.Context(), &conversation.CreateContactRequest{
		ChannelIdentities: []conversation.ChannelIdentity{{Channel: channel, Identity: identity}}, Language: "EN", ExternalID: "crm-" + identity,
	})
	require.NoError(t, err)
	return contact.ID
}

// begin starts a conversation with a new contact and returns the id of the conversation.
func begin(t *testing.T, client *conversation.Client, appID, number string, active bool) string {
	t.Helper()
	created, err := client.Conversations.Create(t.Context(), &conversation.CreateConversationRequest{
		AppID: appID, ContactID: known(t, client, conversation.ChannelSMS, number), Active: &active,
	})
	require.NoError(t, err)
	return created.ID
}

// retain makes an app keep the messages that it sends in dispatch mode.
func retain(t *testing.T, client *conversation.Client, appID string) {
	t.Helper()
	_, err := client.Apps.Update(t.Context(), appID, &conversation.UpdateAppRequest{
		ProcessingMode:          new(conversation.ProcessingModeDispatch),
		DispatchRetentionPolicy: &conversation.DispatchRetentionPolicy{TTLDays: 7},
	})
	require.NoError(t, err)
}

func ago(d time.Duration) conversation.Time { return conversation.Time{Time: time.Now().UTC().Add(-d)} }

type lastRequest = conversation.LastMessagesRequest
