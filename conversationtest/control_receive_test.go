package conversationtest_test

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

const from = `"channel": "SMS", "identity": "15551230000"`

// inboundMessages are messages from contacts as in the API, one of each kind.
var inboundMessages = []string{
	`{"text_message": {"text": "hi"}}`,
	`{"media_message": {"url": "https://example.com/a.png", "thumbnail_url": "https://example.com/b.png"}}`,
	`{"media_card_message": {"url": "https://example.com/a.png", "caption": "Look"}}`,
	`{"location_message": {"title": "Home", "label": "here", "coordinates": {"latitude": 55.6, "longitude": 13}}}`,
	`{"choice_response_message": {"message_id": "M", "postback_data": "yes"}}`,
	`{"product_response_message": {"products": [{"id": "1", "marketplace": "M", "quantity": 2}], "title": "Cart", "catalog_id": "C"}}`,
	`{"fallback_message": {"raw_message": "?", "reason": {"code": "UNKNOWN", "description": "odd"}}}`,
	`{"channel_specific_message": {"message_type": "nfm_reply", "message": {"type": "nfm_reply",
		"nfm_reply": {"name": "flow", "response_json": "{}", "body": "Sent"}}}}`,
	`{"text_message": {"text": "yes"}, "reply_to": {"message_id": "M"}}`,
}

func TestEveryKindOfMessageOfAContactIsReceivedOverHTTP(t *testing.T) {
	t.Parallel()
	for _, mode := range []conversation.ProcessingMode{conversation.ProcessingModeConversation, conversation.ProcessingModeDispatch} {
		srv, r := steered(t, conversationtest.Config{Mode: mode})
		hook := hooked(srv, "", conversation.TriggerMessageInbound)
		for i, message := range inboundMessages {
			received := r.post("receive", `{`+from+`, "message": `+message+`}`)
			assert.Equal(t, mode == conversation.ProcessingModeConversation, received["contact_id"] != nil)
			assert.Equal(t, mode == conversation.ProcessingModeConversation, received["conversation_id"] != nil)

			stored := r.list("state", "messages")[i]
			assert.Equal(t, received["message_id"], stored["id"])
			assert.Equal(t, "TO_APP", stored["direction"])
			assert.Equal(t, "RECEIVED", stored["status"])
			assert.JSONEq(t, message, asJSON(t, inside(t, stored["message"], "contact_message")))
		}
		settle(t, srv)
		assert.Len(t, hook.all(), len(inboundMessages))
	}
}

func TestTheShortFormsOfAnInboundMessage(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	id := sendText(t, srv, "Tea?")
	for body, want := range map[string]string{
		`"text": "hi"`: `{"text_message": {"text": "hi"}}`,
		`"text": "hi", "message": null, "event": null`:                         `{"text_message": {"text": "hi"}}`,
		`"text": "yes", "reply_to": "` + id + `"`:                              `{"text_message": {"text": "yes"}, "reply_to": {"message_id": "` + id + `"}}`,
		`"media_url": "https://example.com/a"`:                                 `{"media_message": {"url": "https://example.com/a"}}`,
		`"postback_data": "tea", "reply_to": "` + id + `"`:                     `{"choice_response_message": {"message_id": "` + id + `", "postback_data": "tea"}}`,
		`"message": {"text_message": {"text": "a"}}, "reply_to": "` + id + `"`: `{"text_message": {"text": "a"}, "reply_to": {"message_id": "` + id + `"}}`,
	} {
		received := r.post("receive", `{`+from+`, `+body+`}`)
		messages := r.list("state", "messages")
		last := messages[len(messages)-1]
		assert.Equal(t, received["message_id"], last["id"])
		assert.JSONEq(t, want, asJSON(t, inside(t, last["message"], "contact_message")), body)
	}
}

func TestWhatElseAContactDoesIsReceivedOverHTTP(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	hooked(srv, "", conversation.TriggerEventInbound, conversation.TriggerOptIn, conversation.TriggerOptOut)
	contact := r.post("receive", `{`+from+`, "text": "hi"}`)["contact_id"]
	for _, event := range []string{"composing", "composing_end", "opt_out", "opt_in"} {
		received := r.post("receive", `{`+from+`, "event": "`+event+`"}`)
		assert.Equal(t, contact, received["contact_id"], event)
		assert.Equal(t, event == "composing" || event == "composing_end", received["event_id"] != nil, event)
		assert.NotContains(t, received, "message_id")
	}
	settle(t, srv)
	assert.Equal(t, []conversation.WebhookTrigger{
		conversation.TriggerEventInbound, conversation.TriggerEventInbound, conversation.TriggerOptOut, conversation.TriggerOptIn,
	}, triggersOf(srv))
}

func TestASenderHasANameInItsProfileAndItsContact(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	const from = `"channel": "VIBER", "identity": "15551230000"`
	r.post("receive", `{`+from+`, "name": "Ada", "text": "hi"}`)
	r.post("receive", `{`+from+`, "name": "Grace", "text": "hi"}`)

	assert.Equal(t, "Ada", r.list("state", "contacts")[0]["display_name"], "a contact keeps its name")
	profile, err := srv.NewClient(t).Contacts.ChannelProfile(t.Context(), &conversation.GetChannelProfileRequest{
		AppID: srv.AppID(), Recipient: conversation.ToChannel(conversation.ChannelViber, "15551230000"), Channel: "VIBER",
	})
	require.NoError(t, err)
	assert.Equal(t, "Grace", profile.ProfileName)
}

func TestAnInboundMessageOfAnotherApp(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{Projects: []conversationtest.Project{{AppID: "01OTHER"}}})
	r.post("receive", `{`+from+`, "app_id": "01OTHER", "text": "hi"}`)

	assert.Empty(t, r.list("state", "messages"))
	assert.Len(t, r.list("state?app_id=01OTHER", "messages"), 1)
	assert.Equal(t, srv.Projects()[1].ID, r.get("state?app_id=01OTHER")["project_id"])
}

func TestAWrongInboundMessageIsExplained(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{})
	id := sendText(t, srv, "Tea?")
	for body, mentions := range map[string][]string{
		`{}`: {"receive: channel: it is required", "SMS, RCS"},
		`{"channel": "SMSS", "identity": "1", "text": "a"}`:                {`receive: channel: "SMSS" is unknown: use SMS, RCS`, "WHATSAPP"},
		`{"channel": "sms", "identity": "1", "text": "a"}`:                 {`receive: channel: "sms" is unknown`},
		`{"channel": "CHANNEL_UNSPECIFIED", "identity": "1", "text": "a"}`: {`receive: channel: "CHANNEL_UNSPECIFIED" is unknown`},
		`{"channel": "SMS", "text": "a"}`:                                  {"receive: identity: it is required"},
		`{"channel": "SMS", "identity": " ", "text": "a"}`:                 {"receive: identity: it is required"},
		`{` + from + `}`: {"receive: there is no content", "text, message"},
		`{` + from + `, "text": "a", "media_url": "b"}`:                                                               {"receive: media_url and text: only one content"},
		`{` + from + `, "text": "a", "event": "composing"}`:                                                           {"receive: event and text: only one content"},
		`{` + from + `, "text": ""}`:                                                                                  {"receive: text: it is empty"},
		`{` + from + `, "media_url": ""}`:                                                                             {"receive: media_url: it is empty"},
		`{` + from + `, "postback_data": "", "reply_to": "` + id + `"}`:                                               {"receive: postback_data: it is empty"},
		`{` + from + `, "postback_data": "a"}`:                                                                        {"receive: reply_to: it is required with postback_data"},
		`{` + from + `, "event": "typing"}`:                                                                           {`receive: event: "typing" is unknown: use composing, composing_end`},
		`{` + from + `, "event": "opt_in", "reply_to": "` + id + `"}`:                                                 {"receive: reply_to: an event has none"},
		`{` + from + `, "message": "hi"}`:                                                                             {"receive: message: it is not a JSON object", "text_message"},
		`{` + from + `, "message": {}}`:                                                                               {"receive: message: exactly one", "text_message"},
		`{` + from + `, "message": {"reply_to": {"message_id": "M"}}}`:                                                {"receive: message: exactly one"},
		`{` + from + `, "message": {"txt_message": {"text": "a"}}}`:                                                   {`receive: message: field "txt_message" is unknown`, "text_message"},
		`{` + from + `, "message": {"card_message": {"title": "a"}}}`:                                                 {`receive: message: field "card_message" is unknown`},
		`{` + from + `, "message": {"text_message": {"txt": "a"}}}`:                                                   {"receive: message.text_message.text: it is required"},
		`{` + from + `, "message": {"text_message": {"text": "a", "b": 1}}}`:                                          {`receive: message: unknown field "b"`},
		`{` + from + `, "message": {"text_message": {"text": 1}}}`:                                                    {"receive: message.text_message.text", "string"},
		`{` + from + `, "message": {"media_message": {}}}`:                                                            {"receive: message.media_message.url: it is required"},
		`{` + from + `, "message": {"text_message": {"text": "a"}, "media_message": {"url": "https://example.com"}}}`: {"receive: message: exactly one"},
		`{` + from + `, "reply_to": "` + id + `", "message": {"text_message": {"text": "a"}, "reply_to": {"message_id": "` + id + `"}}}`: {
			"receive: reply_to: message.reply_to is set too",
		},
		`{` + from + `, "txt": "a"}`: {`receive: field "txt" is unknown`, "text, message"},
	} {
		r.fails(http.StatusBadRequest, http.MethodPost, "receive", body, mentions...)
	}
	r.fails(http.StatusNotFound, http.MethodPost, "receive", `{`+from+`, "text": "a", "app_id": "none"}`, `receive: app_id: there is no app "none"`)
	r.fails(http.StatusNotFound, http.MethodPost, "receive", `{`+from+`, "text": "a", "reply_to": "none"}`, `receive: reply_to: there is no message "none"`)
	assert.Len(t, r.list("state", "messages"), 1, "nothing was received")
}

// TestEveryKnownChannelReceives compares the channels with the constants.
func TestEveryKnownChannelReceives(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../types.gen.go")
	require.NoError(t, err)
	var channels []string
	for _, constant := range regexp.MustCompile(`\tChannel\w+ +Channel = "(\w+)"`).FindAllStringSubmatch(string(source), -1) {
		channels = append(channels, constant[1])
	}
	require.Greater(t, len(channels), 10)
	_, r := steered(t, conversationtest.Config{})
	for _, channel := range slices.DeleteFunc(channels, func(name string) bool { return name == "CHANNEL_UNSPECIFIED" }) {
		r.post("receive", `{"channel": "`+channel+`", "identity": "15551230000", "text": "hi"}`)
	}
}
