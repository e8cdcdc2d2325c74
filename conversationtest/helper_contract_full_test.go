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

	composingEvent = conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}}
)

// fullMessages returns messages of every kind, which together have all fields.
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
		TemplateID: "TEMPLATE", Version: "2", LanguageCode: "sv", Parameters: map[string]string{"name": "Eve", "day": "Friday"},
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

// fullSends returns a request for each message: the first to a contact, the others to channel identities.
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

			CallbackURL:                        "https://example.com/callbacks",
			ChannelProperties:                  map[conversation.ChannelPropertyKey]string{conversation.PropertySMSSender: "Shop"},
			ConversationMetadataUpdateStrategy: conversation.MetadataMergePatch,
			CorrelationID:                      "order-7",
			MessageContentType:                 conversation.ContentNotification,
			ProcessingStrategy:                 conversation.ProcessingStrategyDispatchOnly,
		})
	}
	return sends
}

func fullTranscodes() []any {
	var transcodes []any
	for _, message := range fullMessages() {
		transcodes = append(transcodes, &conversation.TranscodeRequest{
			AppID: "APP", AppMessage: message, Channels: []conversation.Channel{conversation.ChannelSMS, conversation.ChannelLINE},
			From: "46700000001", To: "46700000000",
		})
	}
	return transcodes
}

func fullAppEvents() []conversation.AppEvent {
	agent := conversation.Agent{DisplayName: "Ada", PictureURL: "https://example.com/ada.png", Type: conversation.AgentTypeHuman}
	return []conversation.AppEvent{
		composingEvent,
		{ComposingEndEvent: &conversation.ComposingEndEvent{}},
		{CommentReplyEvent: &conversation.CommentReplyEvent{Text: "Thanks"}},
		{AgentJoinedEvent: &conversation.AgentJoinedEvent{Agent: agent}},
		{AgentLeftEvent: &conversation.AgentLeftEvent{Agent: agent}},
		{ReadMessageEvent: &conversation.ReadMessageEvent{}},
		{GenericEvent: &conversation.GenericEvent{Payload: map[string]any{"a": 1}}},
	}
}

// fullEvents returns a request for each kind of event.
func fullEvents(recipient conversation.Recipient) []any {
	var sends []any
	for _, event := range fullAppEvents() {
		sends = append(sends, &conversation.SendEventRequest{
			AppID: "APP", Recipient: recipient, Event: event, CallbackURL: "https://example.com/callbacks", EventMetadata: "note",
			ChannelPriorityOrder: []conversation.Channel{conversation.ChannelRCS}, Queue: conversation.QueueHighPriority,
		})
	}
	return sends
}

var (
	fullContactUpdate = conversation.UpdateContactRequest{
		ChannelIdentities: fullIdentities,
		ChannelPriority:   []conversation.Channel{conversation.ChannelRCS},
		DisplayName:       new("Eve"),
		Email:             new("eve@example.com"),
		ExternalID:        new("crm-1"),
		Language:          new(conversation.LanguageEN),
		Metadata:          new("vip"),
	}
	fullConversationUpdate = conversation.UpdateConversationRequest{
		Active: new(true), ActiveChannel: new(conversation.ChannelSMS), Metadata: new("vip"),
		AppID: new("APP"), ContactID: new("C"), CorrelationID: new("order-7"), MetadataJSON: map[string]any{"order": 7},
		MetadataUpdateStrategy: conversation.MetadataMergePatch,
	}
)
