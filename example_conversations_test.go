package conversation_test

import (
	"context"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
)

func ExampleConversationsService_Create() {
	client := exampleClient(canned(200, `{"id":"CONVERSATION_ID","active":true}`))

	thread, err := client.Conversations.Create(context.Background(), &conversation.CreateConversationRequest{
		AppID:        "APP_ID",
		ContactID:    "CONTACT_ID",
		MetadataJSON: conversation.JSONObject{"order": "4711"}, // comes back in callbacks, if the app is set to
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(thread.ID)
	// Output: CONVERSATION_ID
}

// Show one page in a user interface. The page token comes back with the next request.
func ExampleConversationsService_List() {
	client := exampleClient(printing(`{"conversations":[{"id":"CONVERSATION_ID"}],"next_page_token":"PAGE_2","total_size":21}`))

	page, err := client.Conversations.List(context.Background(), &conversation.ListConversationsParams{
		AppID:     "APP_ID",
		PageSize:  20,
		PageToken: "PAGE_1",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(page.Items[0].ID, page.TotalSize, page.NextPageToken)
	// Output:
	// GET /v1/projects/PROJECT_ID/conversations?app_id=APP_ID&page_size=20&page_token=PAGE_1
	// CONVERSATION_ID 21 PAGE_2
}

// The conversations of a contact that are still open.
func ExampleConversationsService_All() {
	client := exampleClient(canned(200, `{"conversations":[{"id":"CONVERSATION_ID","active_channel":"WHATSAPP"}]}`))

	for thread, err := range client.Conversations.All(context.Background(), &conversation.ListConversationsParams{
		ContactID:  "CONTACT_ID",
		OnlyActive: new(true),
	}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(thread.ID, thread.ActiveChannel)
	}
	// Output: CONVERSATION_ID WHATSAPP
}

// The list of an inbox: each conversation with what was said last.
func ExampleConversationsService_Recent() {
	client := exampleClient(canned(200, `{"conversations":[{"conversation":{"id":"CONVERSATION_ID"},"last_message":{"contact_message":{"text_message":{"text":"Thank you!"}}}}]}`))

	page, err := client.Conversations.Recent(context.Background(), &conversation.ListRecentConversationsParams{AppID: "APP_ID"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, recent := range page.Items {
		fmt.Println(recent.Conversation.ID, recent.LastMessage.ContactMessage.Text())
	}
	// Output: CONVERSATION_ID Thank you!
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

func ExampleConversationsService_Get() {
	client := exampleClient(canned(200, `{"id":"CONVERSATION_ID","last_received":"2026-03-01T12:00:00Z"}`))

	thread, err := client.Conversations.Get(context.Background(), "CONVERSATION_ID")
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2026, 3, 2, 13, 0, 0, 0, time.UTC) // yours: time.Now()
	fmt.Println("free-form messages on WhatsApp:", now.Sub(thread.LastReceived.Time) < 24*time.Hour)
	// Output: free-form messages on WhatsApp: false
}

func ExampleConversationsService_Update() {
	client := exampleClient(printing(`{"id":"CONVERSATION_ID"}`))

	thread, err := client.Conversations.Update(context.Background(), "CONVERSATION_ID", &conversation.UpdateConversationRequest{
		Active: new(false),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("active:", thread.Active)
	// Output:
	// PATCH /v1/projects/PROJECT_ID/conversations/CONVERSATION_ID?update_mask=active {"active":false}
	// active: false
}

func ExampleConversationsService_Delete() {
	client := exampleClient(printing(``))

	fmt.Println(client.Conversations.Delete(context.Background(), "CONVERSATION_ID")) // with its messages
	// Output:
	// DELETE /v1/projects/PROJECT_ID/conversations/CONVERSATION_ID
	// <nil>
}

// A bot has answered on another system. The event is added to the conversation, and not sent.
func ExampleConversationsService_InjectEvent() {
	client := exampleClient(canned(200, `{"event_id":"EVENT_ID"}`))

	injected, err := client.Conversations.InjectEvent(context.Background(), "CONVERSATION_ID", &conversation.InjectConversationEventRequest{
		AcceptTime: conversation.NewTime(time.Now().Add(-time.Hour)),
		AppEvent: conversation.AppEvent{AgentJoinedEvent: &conversation.AgentJoinedEvent{
			Agent: conversation.Agent{DisplayName: "Robin", Type: conversation.AgentTypeBot},
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(injected.EventID)
	// Output: EVENT_ID
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

// The case is closed. The next message of the contact starts another conversation.
func ExampleConversationsService_Stop() {
	client := exampleClient(printing(``))

	fmt.Println(client.Conversations.Stop(context.Background(), "CONVERSATION_ID"))
	// Output:
	// POST /v1/projects/PROJECT_ID/conversations/CONVERSATION_ID:stop
	// <nil>
}
