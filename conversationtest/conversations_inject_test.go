package conversationtest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAnInjectedMessageIsStoredWithoutACallback(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		into := begin(t, client, srv.AppID(), "15551230001", true)
		talk, err := client.Conversations.Get(t.Context(), into)
		require.NoError(t, err)
		hooked(srv, "", allTriggers...)
		said := conversation.InjectMessageRequest{
			AcceptTime: ago(time.Hour), ChannelIdentity: smsIdentity[0], ContactID: talk.ContactID, Direction: conversation.DirectionToContact,
			AppMessage: new(conversation.Text("hi")), Metadata: "note", SenderID: "46700000001",
		}
		answered := said
		answered.AcceptTime, answered.Direction = ago(time.Minute), conversation.DirectionToApp
		answered.AppMessage, answered.ContactMessage = nil, new(conversationtest.InboundText("hello"))
		require.NoError(t, client.Conversations.InjectMessage(t.Context(), into, &answered))
		require.NoError(t, client.Conversations.InjectMessage(t.Context(), into, &said))

		page, err := client.Messages.List(t.Context(), &conversation.ListMessagesParams{MessagesSource: conversation.MessageSourceConversation, ConversationID: into})
		require.NoError(t, err)
		require.Len(t, page.Items, 2, "in the order of the accept times")
		assert.Equal(t, "hello", page.Items[0].ContactMessage.Text())
		first := page.Items[1]
		assert.NotEmpty(t, first.ID)
		first.ID = ""
		assert.Equal(t, conversation.ConversationMessage{
			AcceptTime: said.AcceptTime, AppMessage: said.AppMessage, ChannelIdentity: &said.ChannelIdentity, ContactID: talk.ContactID,
			ConversationID: into, Direction: conversation.DirectionToContact, Injected: true, Metadata: "note", SenderID: "46700000001",
			ProcessingMode: conversation.ProcessingModeConversation,
		}, first)
		talk, err = client.Conversations.Get(t.Context(), into)
		require.NoError(t, err)
		assert.Equal(t, answered.AcceptTime, talk.LastReceived)
		assert.Empty(t, srv.Sent())
		require.Error(t, srv.Deliver(page.Items[1].ID), "it was not sent")
		settle(t, srv)
		assert.Empty(t, srv.Callbacks())
	})
}

func TestAnInjectedEventIsStored(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		into := begin(t, client, srv.AppID(), "15551230001", true)
		at := ago(time.Hour)
		injected, err := client.Conversations.InjectEvent(t.Context(), into, &conversation.InjectConversationEventRequest{
			AppEvent: composingEvent, AcceptTime: at,
		})
		require.NoError(t, err)
		assert.Equal(t, ago(0), injected.AcceptedTime)

		event, err := client.Events.Get(t.Context(), injected.EventID)
		require.NoError(t, err)
		assert.Equal(t, &composingEvent, event.AppEvent)
		assert.Equal(t, at, event.AcceptTime)
		assert.Equal(t, into, event.ConversationID)
		assert.Equal(t, conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "15551230001"}, event.ChannelIdentity)
		assert.Empty(t, srv.SentEvents())
	})
}

func TestWhatCannotBeInjectedIsRejected(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		into, other := begin(t, client, srv.AppID(), "15551230001", true), known(t, client, conversation.ChannelSMS, "15551230002")
		talk, err := client.Conversations.Get(t.Context(), into)
		require.NoError(t, err)
		const month = 30 * 24 * time.Hour
		for name, tt := range map[string]struct {
			into, contact string
			at            conversation.Time
			want          error
			mentions      string
		}{
			"as long ago as may be":        {into, talk.ContactID, ago(month), nil, ""},
			"too long ago":                 {into, talk.ContactID, ago(month + time.Second), conversation.ErrBadRequest, "accept_time"},
			"in the future":                {into, talk.ContactID, ago(-time.Second), conversation.ErrBadRequest, "accept_time"},
			"with another contact":         {into, other, ago(0), conversation.ErrBadRequest, "contact_id"},
			"with an unknown contact":      {into, "NONE", ago(0), conversation.ErrNotFound, "contact"},
			"into an unknown conversation": {"NONE", talk.ContactID, ago(0), conversation.ErrNotFound, "conversation"},
		} {
			errs := []error{client.Conversations.InjectMessage(t.Context(), tt.into, &conversation.InjectMessageRequest{
				AcceptTime: tt.at, ChannelIdentity: smsIdentity[0], ContactID: tt.contact, Direction: conversation.DirectionToContact,
				AppMessage: new(conversation.Text("hi")),
			})}
			_, err := client.Conversations.InjectEvent(t.Context(), tt.into, &conversation.InjectConversationEventRequest{
				AppEvent: composingEvent, AcceptTime: tt.at, ContactID: tt.contact,
			})
			for _, err := range append(errs, err) {
				require.ErrorIs(t, err, tt.want, name)
				if tt.want != nil {
					require.ErrorContains(t, err, tt.mentions, name)
				}
			}
		}
	})
}
