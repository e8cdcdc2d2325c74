package conversationtest_test

import (
	"encoding/json"
	"time"

	"github.com/sinchgo/conversation"
)

// anHourAgo is a valid time for an injected message or event.
var anHourAgo = conversation.Time{Time: time.Now().Add(-time.Hour)}

var fullSettings = &conversation.ProjectSettingsRequest{
	ContactSettings: &conversation.ContactSettings{UnifiedContactIDEnabled: true},
}

// sourcedUpdate is an update of a message, with the source that holds it.
type sourcedUpdate struct {
	conversation.UpdateMessageRequest
	Source conversation.MessageSource `json:"-"`
}

// contactMessages has contact messages of every kind, which together have all fields.
const contactMessages = `[
	{"text_message": {"text": "hi"}, "reply_to": {"message_id": "M"}},
	{"media_message": {"url": "https://example.com/a.png", "thumbnail_url": "https://example.com/b.png", "filename_override": "a"}},
	{"media_card_message": {"url": "https://example.com/a.png", "caption": "Fish"}},
	{"location_message": {"title": "Home", "label": "here", "coordinates": {"latitude": 59.25, "longitude": 18.5}}},
	{"choice_response_message": {"message_id": "M", "postback_data": "y"}},
	{"product_response_message": {"title": "Cart", "text": "two", "catalog_id": "C", "products": [
		{"id": "P", "marketplace": "FACEBOOK", "quantity": 2, "item_price": 1.5, "currency": "SEK"}]}},
	{"fallback_message": {"raw_message": "?", "reason": {
		"code": "UNKNOWN", "description": "why", "sub_code": "UNSPECIFIED_SUB_CODE", "channel_code": "7"}}},
	{"channel_specific_message": {"message_type": "nfm_reply", "message": {
		"type": "nfm_reply", "nfm_reply": {"name": "flow", "response_json": "{}", "body": "Sent"}}}}
]`

// fullInjects returns requests that inject a message of every kind, from the app and from the contact.
func fullInjects() []any {
	minimal := conversation.InjectMessageRequest{
		AcceptTime: anHourAgo, ChannelIdentity: smsIdentity[0], ContactID: "C", Direction: conversation.DirectionToContact,
		AppMessage: new(conversation.Text("hi")),
	}
	full := minimal
	full.ChannelIdentity = fullIdentities[0]
	full.ConversationID = contractIDs["conversation_id"]
	full.Metadata, full.SenderID, full.ProcessingMode = "note", "46700000001", conversation.ProcessingModeConversation
	injects := []any{&minimal}
	for _, message := range fullMessages() {
		inject := full
		inject.AppMessage = &message
		injects = append(injects, &inject)
	}
	for _, message := range decoded[[]conversation.ContactMessage](contactMessages) {
		inject := full
		inject.AppMessage, inject.ContactMessage, inject.Direction = nil, &message, conversation.DirectionToApp
		injects = append(injects, &inject)
	}
	return injects
}

// fullInjectedEvents returns requests that inject an event of every kind.
func fullInjectedEvents() []any {
	var injects []any
	for _, event := range fullAppEvents() {
		injects = append(injects, &conversation.InjectConversationEventRequest{
			AcceptTime: anHourAgo, AppEvent: event, ChannelIdentity: &fullIdentities[0], ContactID: "C",
			ConversationID: contractIDs["conversation_id"], ProcessingMode: conversation.ProcessingModeConversation,
		})
	}
	return injects
}

// fullTemplate returns a template with a translation for each kind of message.
func fullTemplate() *conversation.V2Template {
	reference := conversation.ChannelTemplateReference{
		ParameterMappings: map[string]string{"1": "name"},
		TemplateReference: &conversation.OmniTemplate{
			TemplateID: "T", Version: "1", LanguageCode: "sv", Parameters: map[string]string{"name": "Eve"},
		},
	}
	template := &conversation.V2Template{
		ID: contractIDs["template_id"], Description: "Greets", DefaultTranslation: "sv", Version: 3,
		CreateTime: anHourAgo, UpdateTime: anHourAgo,
	}
	for _, message := range fullMessages() {
		text, err := json.Marshal(message)
		if err != nil {
			panic(err)
		}
		translation := decoded[conversation.V2TemplateTranslation](string(text))
		translation.LanguageCode, translation.Version = "sv", "1"
		translation.ChannelTemplateOverrides = map[conversation.Channel]conversation.ChannelTemplateReference{
			conversation.ChannelKakaoTalk: reference, conversation.ChannelWhatsApp: reference,
			"FAX": {TemplateReference: &conversation.OmniTemplate{TemplateID: "F"}}, // of a later channel, without a version
		}
		translation.Variables = []conversation.TemplateVariable{{Key: "name", PreviewValue: "Eve"}}
		translation.CreateTime, translation.UpdateTime = anHourAgo, anHourAgo
		template.Translations = append(template.Translations, translation)
	}
	return template
}

func decoded[T any](text string) T {
	var value T
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		panic(err)
	}
	return value
}
