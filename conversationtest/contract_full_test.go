package conversationtest_test

import (
	"encoding/json"
	"os"
	"slices"

	"github.com/sinchgo/conversation"
)

var (
	smsIdentity = []conversation.ChannelIdentity{{Channel: conversation.ChannelSMS, Identity: "46700000000"}}

	fullIdentities = []conversation.ChannelIdentity{
		{Channel: conversation.ChannelMessenger, Identity: "psid-1", AppID: "APP"},
		{Channel: conversation.ChannelSMS, Identity: "46700000000"},
	}

	fullCredentials = []conversation.ChannelCredential{
		{
			Channel: conversation.ChannelWhatsApp, CallbackSecret: "c4llback",
			StaticBearer: &conversation.StaticBearer{ClaimedIdentity: "sender", Token: "t0ken"},
		},
		{Channel: conversation.ChannelMessenger, StaticToken: &conversation.StaticToken{Token: "t0ken"}},
	}

	composingEvent = conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}}
)

// fullMessages has messages of every kind, since a message can only be of one, which together have all fields.
func fullMessages() []conversation.AppMessage {
	data, err := os.ReadFile("../testdata/appmessages.json")
	if err != nil {
		panic(err)
	}
	var messages []conversation.AppMessage
	if err := json.Unmarshal(data, &messages); err != nil {
		panic(err)
	}
	menu := conversation.Text("Menu?")
	menu.ExplicitChannelOmniMessage = map[conversation.ChannelSpecificTemplate]conversation.OmniMessageOverride{
		conversation.ChannelSpecificTemplateWhatsApp: {ListMessage: fullMenu},
	}
	return slices.Concat(openAPIMessages, messages, []conversation.AppMessage{menu})
}

// openAPIMessages has the kinds and fields of openapi.yaml.
var openAPIMessages = []conversation.AppMessage{
	conversation.Text("hi"),
	{MediaMessage: fullMedia},
	{TemplateMessage: &conversation.TemplateMessage{OmniTemplate: &conversation.OmniTemplate{
		TemplateID: "TEMPLATE", Version: "2", LanguageCode: "sv", Parameters: map[string]any{"name": "Eve", "day": "Friday"},
	}}},
	{CardMessage: &conversation.CardMessage{
		Title: "Fish", Description: "Fresh", MediaMessage: fullMedia,
		Choices: []conversation.Choice{conversation.TextChoice("Yes", "y"), conversation.TextChoice("No", "n")},
	}},
	{ListMessage: fullMenu},
}

var fullMenu = &conversation.ListMessage{
	Title: "Menu", Description: "Choose",
	Sections: []conversation.ListSection{
		{Title: "Food", Items: []conversation.Choice{conversation.TextChoice("Fish", "f"), conversation.TextChoice("Chips", "c")}},
		{Title: "Drink", Items: []conversation.Choice{conversation.TextChoice("Tea", "t")}},
	},
}

var fullMedia = &conversation.MediaMessage{URL: "https://example.com/a.mp4", ThumbnailURL: "https://example.com/a.png"}

// fullSends sends each of the messages, the first to a contact and the others to channel identities.
func fullSends() []any {
	var sends []any
	for i, message := range fullMessages() {
		to := conversation.ToChannels(fullIdentities...)
		if i == 0 {
			to = conversation.ToContact("C")
		}
		sends = append(sends, &conversation.SendMessageRequest{
			AppID: "APP", Recipient: to, Message: message,
			ChannelPriorityOrder: []conversation.Channel{conversation.ChannelRCS, conversation.ChannelSMS},
			ConversationMetadata: `{"order": 7}`,
			MessageMetadata:      "note",
			Queue:                conversation.QueueHighPriority,
			TTL:                  10,
		})
	}
	return sends
}

func fullTranscodes() []any {
	var transcodes []any
	for _, message := range fullMessages() {
		transcodes = append(transcodes, &conversation.TranscodeRequest{
			AppID: "APP", AppMessage: message, Channels: []conversation.Channel{conversation.ChannelSMS, conversation.ChannelLINE},
		})
	}
	return transcodes
}

var (
	fullContactUpdate = conversation.UpdateContactRequest{
		ChannelIdentities: fullIdentities,
		DisplayName:       new("Eve"),
		Email:             new("eve@example.com"),
		ExternalID:        new("crm-1"),
		Language:          new("EN"),
		Metadata:          new("vip"),
	}
	fullConversationUpdate = conversation.UpdateConversationRequest{
		Active: new(true), ActiveChannel: new(conversation.ChannelSMS), Metadata: new("vip"),
	}
	fullAppUpdate     = conversation.UpdateAppRequest{ChannelCredentials: fullCredentials, DisplayName: new("Shop")}
	fullWebhookUpdate = conversation.UpdateWebhookRequest{
		Secret: new("s3cret"), Target: new("https://example.com/in"), TargetType: new(conversation.TargetTypeHTTP),
		Triggers: []conversation.WebhookTrigger{conversation.TriggerOptIn, conversation.TriggerOptOut},
	}
)
