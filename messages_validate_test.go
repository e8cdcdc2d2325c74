package conversation_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestValidateReturnsTheErrorOfSend(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(conversation.DialectPlatform))
	menu := func(title string, item conversation.Choice) conversation.AppMessage {
		return conversation.ListMenu(title, conversation.ListSection{Items: []conversation.Choice{item}})
	}
	channelData := func(value any) conversation.AppMessage {
		message := conversation.Text("x")
		message.ChannelSpecificMessage = map[conversation.Channel]conversation.ChannelSpecificMessage{
			conversation.ChannelWhatsApp: {Flows: &conversation.WhatsAppFlowMessage{Message: conversation.WhatsAppFlow{
				FlowID: "1", FlowToken: "t", FlowCTA: "Open", FlowActionPayload: &conversation.FlowActionPayload{Screen: "A", Data: conversation.JSONObject{"a": value}},
			}}},
		}
		return message
	}
	message := func(message conversation.AppMessage) func(*conversation.SendMessageRequest) {
		return func(r *conversation.SendMessageRequest) { r.Message = message }
	}
	for name, tt := range map[string]struct {
		field  string
		change func(*conversation.SendMessageRequest)
	}{
		"no app":       {"app_id", func(r *conversation.SendMessageRequest) { r.AppID = " " }},
		"no recipient": {"recipient", func(r *conversation.SendMessageRequest) { r.Recipient = conversation.Recipient{} }},
		"no number": {"recipient.identified_by.channel_identities[0].identity", func(r *conversation.SendMessageRequest) {
			r.Recipient = conversation.ToChannel("SMS", "Ada")
		}},
		"no message":          {"message", message(conversation.AppMessage{})},
		"an empty text":       {"message.text_message.text", message(conversation.Text(""))},
		"a local file":        {"message.media_message.url", message(conversation.Media("file:///menu.pdf"))},
		"eleven choices":      {"message.choice_message.choices", message(conversation.Choices("T", make([]conversation.Choice, 11)...))},
		"a list, no title":    {"message.list_message.title", message(menu("", conversation.TextChoice("One", "")))},
		"a template":          {"message.template_message.omni_template.version", message(conversation.Template("ID", "", "", nil))},
		"not on the map":      {"message.location_message.coordinates.latitude", message(conversation.Location("T", 91, 0))},
		"a short ttl":         {"ttl", func(r *conversation.SendMessageRequest) { r.TTL = 1 }},
		"a ttl below zero":    {"ttl", func(r *conversation.SendMessageRequest) { r.TTL = -5 }},
		"long metadata":       {"message_metadata", func(r *conversation.SendMessageRequest) { r.MessageMetadata = strings.Repeat("ü", 1025) }},
		"other metadata":      {"conversation_metadata", func(r *conversation.SendMessageRequest) { r.ConversationMetadata = "text" }},
		"a long correlation":  {"correlation_id", func(r *conversation.SendMessageRequest) { r.CorrelationID = strings.Repeat("x", 129) }},
		"a relative callback": {"callback_url", func(r *conversation.SendMessageRequest) { r.CallbackURL = "/sinch" }},
		"a long property": {"channel_properties.SMS_SENDER", func(r *conversation.SendMessageRequest) {
			r.ChannelProperties = map[conversation.ChannelPropertyKey]string{"SMS_SENDER": strings.Repeat("x", 1025)}
		}},
		"Latin-1":           {"message.text_message.text", message(conversation.Text(latin1))},
		"Latin-1 in a menu": {"message.list_message.sections[0].items[0].text_message.text", message(menu("T", conversation.TextChoice(latin1, "")))},
		"not a JSON value":  {"request", message(channelData(math.Inf(1)))},
		"not JSON":          {"request", message(channelData(json.RawMessage("{")))},
	} {
		req := textMessage()
		tt.change(req)
		_, want := client.Messages.Send(t.Context(), req)
		requireRefused(t, want, "Messages.Send", tt.field)
		assert.Equal(t, want, req.Validate(), name)
	}
	_, want := client.Messages.Send(t.Context(), nil)
	requireRefused(t, want, "Messages.Send", "req")
	assert.Equal(t, want, (*conversation.SendMessageRequest)(nil).Validate())
	assert.Empty(t, server.requests())
}

func TestValidateAcceptsWhatSendSends(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(conversation.DialectPlatform))
	var sent int
	for name, message := range map[string]conversation.AppMessage{
		"text": conversation.Text("x"), "media": conversation.Media("https://x.test"), "template": conversation.Template("ID", "latest", "", nil),
		"list": conversation.ListMenu("T", conversation.ListSection{Items: []conversation.Choice{conversation.TextChoice("One", "")}}),
	} {
		req := textMessage()
		req.Message, req.MessageMetadata, req.ConversationMetadata = message, strings.Repeat("ü", 1024), `{"n":1}`
		_, err := client.Messages.Send(t.Context(), req)
		require.NoError(t, err, name)
		require.NoError(t, req.Validate(), name)
		sent++
	}
	assert.Len(t, server.requests(), sent)
}
