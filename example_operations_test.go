package conversation_test

import (
	"context"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
)

// The page token travels in the body of the request, which is left as it is.
func ExampleMessagesService_AllLastMessages() {
	client := exampleClient(printing(`{"messages":[{"id":"MESSAGE_ID"}]}`))

	for message, err := range client.Messages.AllLastMessages(context.Background(), &conversation.LastMessagesRequest{
		ChannelIdentities: []string{"15551230000"},
		MessagesSource:    conversation.MessageSourceConversation,
	}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(message.ID)
	}
	// Output:
	// POST /v1/projects/PROJECT_ID/messages:fetch-last-message {"channel_identities":["15551230000"],"messages_source":"CONVERSATION_SOURCE"}
	// MESSAGE_ID
}

func ExampleMessagesService_Update() {
	client := exampleClient(printing(`{"id":"MESSAGE_ID","metadata":"order 7"}`))

	message, err := client.Messages.Update(context.Background(), "MESSAGE_ID", &conversation.UpdateMessageRequest{
		Metadata: "order 7",
	}, conversation.WithMessageSource(conversation.MessageSourceDispatch))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(message.Metadata)
	// Output:
	// PATCH /v1/projects/PROJECT_ID/messages/MESSAGE_ID {"metadata":"order 7"}
	// order 7
}

func ExampleContactsService_Upsert() {
	client := exampleClient(canned(200, `{"contacts":[{"id":"01A","external_id":"USER_ID","display_name":"Ada"}]}`))

	result, err := client.Contacts.Upsert(context.Background(), "USER_ID", &conversation.CreateContactRequest{DisplayName: "Ada"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Action, result.Contact.ID)
	// Output: unchanged 01A
}

func ExampleContactsService_ChannelProfile() {
	client := exampleClient(canned(200, `{"profile_name":"Ada"}`))

	profile, err := client.Contacts.ChannelProfile(context.Background(), &conversation.GetChannelProfileRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToContact("CONTACT_ID"),
		Channel:   conversation.ProfileChannelMessenger,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(profile.ProfileName)
	// Output: Ada
}

func ExampleConversationsService_AllRecent() {
	client := exampleClient(canned(200, `{"conversations":[{"conversation":{"id":"CONVERSATION_ID"},"last_message":{"id":"MESSAGE_ID"}}]}`))

	for recent, err := range client.Conversations.AllRecent(context.Background(), &conversation.ListRecentConversationsParams{
		AppID:      "APP_ID",
		OnlyActive: new(true),
	}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(recent.Conversation.ID, recent.LastMessage.ID)
	}
	// Output: CONVERSATION_ID MESSAGE_ID
}

// A message that was exchanged elsewhere is added to a conversation. It is not sent.
func ExampleConversationsService_InjectMessage() {
	client := exampleClient(canned(200, ""))

	err := client.Conversations.InjectMessage(context.Background(), "CONVERSATION_ID", &conversation.InjectMessageRequest{
		AcceptTime:      conversation.NewTime(time.Now().Add(-24 * time.Hour)),
		ChannelIdentity: conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "15551230000"},
		ContactID:       "CONTACT_ID",
		Direction:       conversation.DirectionToApp,
		ContactMessage:  &conversation.ContactMessage{TextMessage: &conversation.TextMessage{Text: "Is my table ready?"}},
	})
	fmt.Println(err)
	// Output: <nil>
}

func ExampleEventsService_All() {
	client := exampleClient(canned(200, `{"events":[{"id":"EVENT_ID","contact_event":{"composing_event":{}}}]}`))

	for event, err := range client.Events.All(context.Background(), &conversation.ListEventsParams{ConversationID: "CONVERSATION_ID"}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(event.ID, event.ContactEvent.ComposingEvent != nil)
	}
	// Output: EVENT_ID true
}

func ExampleConsentsService_AllIdentities() {
	client := exampleClient(canned(200, `{"identities":[{"identity":"15551230000"}]}`))

	for consent, err := range client.Consents.AllIdentities(context.Background(), "APP_ID", conversation.ConsentsOptOutMarketing, nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(consent.Identity)
	}
	// Output: 15551230000
}

func ExampleProjectSettingsService_Update() {
	client := exampleClient(printing(`{"settings":{"contact_settings":{"unified_contact_id_enabled":true}}}`))

	set, err := client.ProjectSettings.Update(context.Background(), &conversation.ProjectSettingsRequest{
		ContactSettings: &conversation.ContactSettings{UnifiedContactIDEnabled: true},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(set.Settings.ContactSettings.UnifiedContactIDEnabled)
	// Output:
	// PATCH /v1/projects/PROJECT_ID/settings {"contact_settings":{"unified_contact_id_enabled":true}}
	// true
}

func ExampleTemplatesService_Create() {
	client := exampleClient(canned(200, `{"id":"TEMPLATE_ID","version":1}`))

	template, err := client.Templates.Create(context.Background(), &conversation.V2Template{
		DefaultTranslation: "en-US",
		Translations: []conversation.V2TemplateTranslation{{
			LanguageCode: "en-US",
			TextMessage:  &conversation.TextMessage{Text: "Hi ${name}, your table is ready."},
			Variables:    []conversation.TemplateVariable{{Key: "name", PreviewValue: "Ada"}},
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(template.ID, template.Version)
	// Output: TEMPLATE_ID 1
}

// An update replaces the whole template, so it begins with what is stored. The version goes with it.
func ExampleTemplatesService_Update() {
	client := exampleClient(canned(200, `{"id":"TEMPLATE_ID","version":3}`))
	ctx := context.Background()

	stored, err := client.Templates.Get(ctx, "TEMPLATE_ID")
	if err != nil {
		fmt.Println(err)
		return
	}
	template := conversation.V2Template(*stored)
	template.Description = "Greets a guest."
	_, err = client.Templates.Update(ctx, "TEMPLATE_ID", &template)
	fmt.Println(err)
	// Output: <nil>
}
