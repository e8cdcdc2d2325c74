package conversationtest_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestARuleOfAnAnswerIsKept(t *testing.T) {
	t.Parallel()
	reply := func(to string) string { return `{"text_message": {"text": "Yes"}, "reply_to": ` + to + `}` }
	button := func(rest string) string { return `{"text_message": {"text": "Yes"}` + rest + `}` }
	choices := func(list string) string { return `{"choice_message": {"choices": [` + list + `]}}` }
	carousel := func(inner, outer string) string {
		return `{"carousel_message": {"cards": [{"title": "Tea", "choices": [` + inner + `]}], "choices": [` + outer + `]}}`
	}
	event := func(event string) string {
		return `{"app_id": "APP", "recipient": {"identified_by": {"channel_identities": [` + phoneIdentity + `]}}, "event": {` + event + `}}`
	}
	const shown = `, "display_mode": "PERSISTENT"`
	checkRules(t, map[string]rule{
		"the message of a reply":         saying(reply(`{"message_id": "UNKNOWN"}`), reply(`{}`), ".reply_to.message_id"),
		"a reply to a message":           saying(reply(`{"message_id": "UNKNOWN"}`), reply(`"UNKNOWN"`), ".reply_to"),
		"a display mode that is known":   saying(choices(button(shown)), choices(button(`, "display_mode": "FOREVER"`)), ".choice_message.choices[0].display_mode"),
		"a display mode of a card":       saying(carousel(button(shown), button(``)), carousel(button(``), button(shown)), ".carousel_message.choices[0].display_mode"),
		"the default mode, also":         saying(carousel(button(``), button(``)), carousel(button(``), button(`, "display_mode": "DISPLAY_MODE_UNSPECIFIED"`)), ".carousel_message.choices[0].display_mode"),
		"a postback that is an object":   saying(choices(button(`, "postback_data": {"channel": "SMS", "identity": "x"}`)), choices(`{"postback_data": {}}`), ".choice_message.choices[0]"),
		"a postback that is a number":    saying(choices(button(`, "postback_data": 7`)), choices(button(`, "postback_data": 7, "display_mode": 7`)), ".choice_message.choices[0].display_mode"),
		"the postback of a menu item":    saying(menuOf(`"postback_data": "t"`), menuOf(`"postback_data": {}`), ".list_message.sections[0].items[0].choice.postback_data"),
		"one event of several":           {http.MethodPost, "events:send", event(`"read_message_event": {}`), event(`"read_message_event": {}, "composing_event": {}`), "event"},
		"a read event that is an object": {http.MethodPost, "events:send", event(`"read_message_event": {}`), event(`"read_message_event": "M"`), "event.read_message_event"},
	})
}

// menuOf returns a menu of one item.
func menuOf(fields string) string {
	return `{"list_message": {"title": "Tea", "sections": [{"items": [{"choice": {"title": "Green", ` + fields + `}}]}]}}`
}

// TestTheTemplateOfAChannelNeedsNoVersion has a channel that nothing is known of, which a later Get returns.
func TestTheTemplateOfAChannelNeedsNoVersion(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	template := func(overrides string) string {
		return `{"id": "T", "default_translation": "en", "translations": [{"language_code": "en", "text_message": {"text": "Hi"},
			"channel_template_overrides": ` + overrides + `}]}`
	}
	w.templates(http.MethodPost, "", template(`{"WHATSAPP": {"template_reference": {"language_code": "sv"}}}`)).
		fails(http.StatusBadRequest, "INVALID_ARGUMENT", "translations[0].channel_template_overrides.WHATSAPP.template_reference.template_id: ")

	const overrides = `{"WHATSAPP": {"template_reference": {"template_id": "W"}}, "FAX": {"template_reference": {"template_id": "F"}, "parameter_mappings": {"1": "name"}}}`
	w.templates(http.MethodPost, "", template(overrides)).decode(new(any))
	var stored struct {
		Translations []struct {
			Overrides any `json:"channel_template_overrides"`
		} `json:"translations"`
	}
	w.templates(http.MethodGet, "/T", "").decode(&stored)
	kept, err := json.Marshal(stored.Translations[0].Overrides)
	require.NoError(t, err)
	assert.JSONEq(t, overrides, string(kept))
}

// TestAnAnswerIsStoredAsItWasSent reads back what only some channels show. The message does not exist, which is not an error.
func TestAnAnswerIsStoredAsItWasSent(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true, Mode: conversation.ProcessingModeConversation})
	t.Cleanup(srv.Close)
	client := srv.NewClient(t)
	choice := conversation.TextChoice("Yes", "")
	choice.DisplayMode = conversation.DisplayModePersistent
	choice.PostbackJSON = json.RawMessage(`{"order":9007199254740993}`)
	message := conversation.Reply(conversation.Choices("Tea?", choice), "UNKNOWN")
	sent, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID: srv.AppID(), Recipient: conversation.ToChannel(conversation.ChannelRCS, "15551230000"), Message: message,
	})
	require.NoError(t, err)
	stored, err := client.Messages.Get(t.Context(), sent.MessageID)
	require.NoError(t, err)
	got := stored.AppMessage
	assert.Equal(t, &conversation.ReplyTo{MessageID: "UNKNOWN"}, got.ReplyTo)
	assert.Equal(t, conversation.DisplayModePersistent, got.ChoiceMessage.Choices[0].DisplayMode)
	assert.JSONEq(t, `{"order":9007199254740993}`, string(got.ChoiceMessage.Choices[0].PostbackJSON))
	assert.Contains(t, string(got.ChoiceMessage.Choices[0].PostbackJSON), "9007199254740993")

	event, err := client.Events.Send(t.Context(), &conversation.SendEventRequest{
		AppID: srv.AppID(), Recipient: conversation.ToChannel(conversation.ChannelRCS, "15551230000"),
		Event: conversation.AppEvent{ReadMessageEvent: &conversation.ReadMessageEvent{}},
	})
	require.NoError(t, err)
	read, err := client.Events.Get(t.Context(), event.EventID)
	require.NoError(t, err)
	assert.NotNil(t, read.AppEvent.ReadMessageEvent)
}
