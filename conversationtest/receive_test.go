package conversationtest_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAMessageOfAContactIsStoredAndDelivered(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		content conversation.ContactMessage
		want    string
	}{
		"text":     {conversationtest.InboundText("hi"), `{"text_message": {"text": "hi"}}`},
		"media":    {conversationtest.InboundMedia("https://a.example/cat.png"), `{"media_message": {"url": "https://a.example/cat.png"}}`},
		"choice":   {conversationtest.InboundChoice("M1", "yes"), `{"choice_response_message": {"message_id": "M1", "postback_data": "yes"}}`},
		"location": {conversationtest.InboundLocation("Home", 59.33, 18.07), `{"location_message": {"title": "Home", "coordinates": {"latitude": 59.33, "longitude": 18.07}}}`},
		"a reply":  {conversationtest.InReplyTo("M1", conversationtest.InboundText("hi")), `{"text_message": {"text": "hi"}, "reply_to": {"message_id": "M1"}}`},
		"any kind": {
			conversation.ContactMessage{FallbackMessage: &conversation.FallbackMessage{RawMessage: "?"}},
			`{"fallback_message": {"raw_message": "?"}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
				hooked(srv, "", allTriggers...)

				message := srv.Receive(sms(), test.content)

				stored := `"id": "` + message.ID + `", "contact_id": "` + message.ContactID + `",
					"conversation_id": "` + message.ConversationID + `", "direction": "TO_APP",
					"accept_time": "2000-01-01T00:00:00Z", "channel_identity": ` + phoneJSON + `, "contact_message": ` + test.want
				checkCallbacks(t, srv, 0,
					conversation.TriggerContactCreate, `"contact_create_notification": {"contact": `+contactOf(message.ContactID)+`}`,
					conversation.TriggerConversationStart, `"conversation_start_notification": `+
						talkOf(srv, message.ConversationID, message.ContactID, "true", texted),
					conversation.TriggerMessageInbound, `"message": {"processing_mode": "CONVERSATION", `+stored+`}`,
				)
				read, err := srv.NewClient(t).Messages.Get(t.Context(), message.ID)
				require.NoError(t, err)
				again, err := json.Marshal(read.ContactMessage)
				require.NoError(t, err)
				assert.Equal(t, conversation.DirectionToApp, read.Direction)
				assert.JSONEq(t, test.want, string(again))
			})
		})
	}
}

func TestAContactGoesOnInItsConversation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
		id := sendText(t, srv, "How was it?")
		sent, err := srv.NewClient(t).Messages.Get(t.Context(), id)
		require.NoError(t, err)

		message := srv.Receive(sms(), conversationtest.InboundText("Good."))

		assert.Equal(t, sent.ContactID, message.ContactID)
		assert.Equal(t, sent.ConversationID, message.ConversationID)
		page, err := srv.NewClient(t).Messages.List(t.Context(), &conversation.ListMessagesParams{MessagesSource: conversation.MessageSourceConversation, ConversationID: sent.ConversationID})
		require.NoError(t, err)
		require.Len(t, page.Items, 2)
		assert.Equal(t, message.ID, page.Items[0].ID)
		assert.Len(t, srv.Sent(), 1, "the message of a contact was not sent")
	})
}

func TestAContactCanSpeakToAnotherApp(t *testing.T) {
	t.Parallel()
	other := conversationtest.Project{ID: "other", AppID: "other-app"}
	cfg := conversationtest.Config{Mode: conversation.ProcessingModeConversation, Projects: []conversationtest.Project{other}}
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, cfg)
		hooked(srv, "", allTriggers...)

		message := srv.Receive(sms().To("other-app"), conversationtest.InboundText("hi"))

		client, err := conversation.NewClient("other", srv.OptionsFor(srv.Projects()[1])...)
		require.NoError(t, err)
		talk, err := client.Conversations.Get(t.Context(), message.ConversationID)
		require.NoError(t, err)
		assert.Equal(t, "other-app", talk.AppID)
		assert.Empty(t, srv.Callbacks())
	})
}

func TestReceiveSharesNothingWithItsCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
		content := conversationtest.InboundText("hi")
		message := srv.Receive(sms(), content)
		content.TextMessage.Text = "changed"
		message.ContactMessage.TextMessage.Text = "changed"
		message.ChannelIdentity.Identity = "changed"
		conversationtest.InReplyTo("M1", content)

		read, err := srv.NewClient(t).Messages.Get(t.Context(), message.ID)

		require.NoError(t, err)
		assert.Equal(t, "hi", read.ContactMessage.Text())
		assert.Equal(t, "15551230000", read.ChannelIdentity.Identity)
		assert.Nil(t, content.ReplyTo)
	})
}

func TestAContactThatCannotSpeakPanics(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	defer srv.Close()
	hi := conversationtest.InboundText("hi")

	assert.PanicsWithValue(t, `conversationtest: there is no app "none"`, func() { srv.Receive(sms().To("none"), hi) })
	assert.Panics(t, func() { srv.Receive(conversationtest.Sender{}, hi) })
	assert.Panics(t, func() { srv.Receive(conversationtest.From("", "1"), hi) })
	assert.Panics(t, func() { srv.Receive(conversationtest.From(conversation.ChannelSMS, ""), hi) })
	assert.Panics(t, func() { srv.Receive(sms(), conversation.ContactMessage{}) })
}

func TestWhatAContactDoesIsDelivered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
		message := srv.Receive(sms(), conversationtest.InboundText("hi"))
		hooked(srv, "", allTriggers...)

		began, ended := srv.Composing(sms()), srv.ComposingEnd(sms())
		srv.OptIn(sms())
		srv.OptOut(sms())
		settle(t, srv)

		event := func(id, kind string) string {
			return `"event": {"id": "` + id + `", "direction": "TO_APP", "contact_event": {"` + kind + `": {}},
				"channel_identity": ` + phoneJSON + `, "contact_id": "` + message.ContactID + `",
				"conversation_id": "` + message.ConversationID + `", "accept_time": "2000-01-01T00:00:00Z",
				"processing_mode": "CONVERSATION"}`
		}
		require.Len(t, srv.Callbacks(), 4)
		consent := func(number int, field, status string) string {
			id, ok := payload(t, &srv.Callbacks()[number], field)["request_id"].(string)
			require.True(t, ok)
			return `"` + field + `": {"request_id": "` + id + `", "contact_id": "` + message.ContactID + `",
				"channel": "SMS", "identity": "15551230000", "status": "` + status + `", "processing_mode": "CONVERSATION"}`
		}
		checkCallbacks(t, srv, 0,
			conversation.TriggerEventInbound, event(began, "composing_event"),
			conversation.TriggerEventInbound, event(ended, "composing_end_event"),
			conversation.TriggerOptIn, consent(2, "opt_in_notification", "OPT_IN_SUCCEEDED"),
			conversation.TriggerOptOut, consent(3, "opt_out_notification", "OPT_OUT_SUCCEEDED"),
		)
	})
}

func TestNobodySpeaksToAnAppThatWasDeleted(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{})
	require.NoError(t, srv.NewClient(t).Apps.Delete(t.Context(), srv.AppID()))
	assert.Panics(t, func() {
		srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230000"), conversationtest.InboundText("hi"))
	})
}
