package conversationtest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func eventID(e *conversation.ConversationEvent) string { return e.ID }

// composeTo sends an event to a contact and returns the id of the event.
func composeTo(t *testing.T, client *conversation.Client, appID, contactID string) string {
	t.Helper()
	sent, err := client.Events.Send(t.Context(), &conversation.SendEventRequest{
		AppID: appID, Recipient: conversation.ToContact(contactID), Event: composingEvent,
	})
	require.NoError(t, err)
	return sent.EventID
}

func TestEventsOfBothSidesAreStored(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		ctx, from := t.Context(), conversationtest.From(conversation.ChannelSMS, "15551230001")
		contact := known(t, client, conversation.ChannelSMS, "15551230001")
		sent := composeTo(t, client, srv.AppID(), contact)
		time.Sleep(time.Second)
		received := srv.Composing(from)
		second := known(t, client, conversation.ChannelSMS, "15551230002")
		other := composeTo(t, client, srv.AppID(), second)

		event, err := client.Events.Get(ctx, sent)
		require.NoError(t, err)
		assert.NotEmpty(t, event.ConversationID)
		assert.Equal(t, &conversation.ConversationEvent{
			ID: sent, AppEvent: &composingEvent, AcceptTime: ago(time.Second), Direction: conversation.DirectionToContact,
			ChannelIdentity: conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "15551230001"}, ContactID: contact,
			ConversationID: event.ConversationID, ProcessingMode: conversation.ProcessingModeConversation,
		}, event)
		answer, err := client.Events.Get(ctx, received)
		require.NoError(t, err)
		assert.NotNil(t, answer.ContactEvent.ComposingEvent)
		assert.Nil(t, answer.AppEvent)
		assert.Equal(t, event.ConversationID, answer.ConversationID)

		list := func(params conversation.ListEventsParams) []string {
			t.Helper()
			return collect(t, client.Events.All(ctx, &params), eventID)
		}
		assert.Equal(t, []string{other}, list(conversation.ListEventsParams{ContactID: second}))
		assert.Equal(t, []string{received, sent}, list(conversation.ListEventsParams{ContactID: contact, PageSize: 1}))
		assert.Equal(t, []string{received, sent}, list(conversation.ListEventsParams{ConversationID: event.ConversationID}))

		require.NoError(t, client.Events.Delete(ctx, sent))
		_, err = client.Events.Get(ctx, sent)
		require.ErrorIs(t, err, conversation.ErrNotFound)
		require.ErrorIs(t, client.Events.Delete(ctx, sent), conversation.ErrNotFound)
		assert.Equal(t, []string{received}, list(conversation.ListEventsParams{ContactID: contact}))
	})
}

func TestEventsGoWithWhatTheyBelongTo(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		ctx := t.Context()
		left := func(contact string) int {
			t.Helper()
			return len(collect(t, client.Events.All(ctx, &conversation.ListEventsParams{ContactID: contact}), eventID))
		}
		first, second := known(t, client, conversation.ChannelSMS, "15551230001"), known(t, client, conversation.ChannelSMS, "15551230002")
		id := composeTo(t, client, srv.AppID(), second)

		_, err := client.Contacts.Merge(ctx, &conversation.MergeContactsRequest{DestinationID: first, SourceID: second})
		require.NoError(t, err)
		moved, err := client.Events.Get(ctx, id)
		require.NoError(t, err)
		assert.Equal(t, first, moved.ContactID)

		require.NoError(t, client.Conversations.Delete(ctx, moved.ConversationID))
		assert.Zero(t, left(first), "with the conversation")
		composeTo(t, client, srv.AppID(), first)
		require.NoError(t, client.Contacts.Delete(ctx, first))
		assert.Zero(t, left(first), "with the contact")
		third := known(t, client, conversation.ChannelSMS, "15551230003")
		composeTo(t, client, srv.AppID(), third)
		assert.Equal(t, 1, left(third))
		require.NoError(t, client.Apps.Delete(ctx, srv.AppID()))
		assert.Zero(t, left(third), "with the app")
	})
}

func TestEventsAreNotStoredInDispatchMode(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		retain(t, client, srv.AppID())
		contact := known(t, client, conversation.ChannelSMS, "15551230001")
		composeTo(t, client, srv.AppID(), contact)
		srv.Composing(conversationtest.From(conversation.ChannelSMS, "15551230001"))
		assert.Empty(t, collect(t, client.Events.All(t.Context(), &conversation.ListEventsParams{ContactID: contact}), eventID))
	})
}

func TestAnEventIsReadBackAsItWasSent(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation, AppID: "APP"})
	const content = `{"generic_event": {"payload": {"big": 12345678901234567890}}}`
	var sent struct {
		EventID string `json:"event_id"`
	}
	w.call(http.MethodPost, "events:send", event(byNumber, content)).decode(&sent)
	assert.Contains(t, w.call(http.MethodGet, "events/"+sent.EventID, "").body, `"app_event":`+strings.ReplaceAll(content, " ", ""))
}
