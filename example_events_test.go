package conversation_test

import (
	"context"
	"fmt"

	"github.com/sinchgo/conversation"
)

func ExampleEventsService_Send() {
	client := exampleClient(canned(200, `{"event_id":"EVENT_ID"}`))

	sent, err := client.Events.Send(context.Background(), &conversation.SendEventRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToContact("CONTACT_ID"),
		Event:     conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sent.EventID)
	// Output: EVENT_ID
}

// A read receipt is an event without fields.
func ExampleEventsService_Send_read() {
	client := exampleClient(printing(anyReply))

	_, err := client.Events.Send(context.Background(), &conversation.SendEventRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToContact("CONTACT_ID"),
		Event:     conversation.AppEvent{ReadMessageEvent: &conversation.ReadMessageEvent{}},
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output: POST /v1/projects/PROJECT_ID/events:send {"app_id":"APP_ID","event":{"read_message_event":{}},"recipient":{"contact_id":"CONTACT_ID"}}
}

func ExampleEventsService_List() {
	client := exampleClient(printing(`{"events":[{"id":"EVENT_ID","direction":"TO_APP"}]}`))

	page, err := client.Events.List(context.Background(), &conversation.ListEventsParams{ContactID: "CONTACT_ID", PageSize: 20})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(page.Items[0].ID, page.Items[0].Direction, page.HasNext())
	// Output:
	// GET /v1/projects/PROJECT_ID/events?contact_id=CONTACT_ID&page_size=20
	// EVENT_ID TO_APP false
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

func ExampleEventsService_Get() {
	client := exampleClient(canned(200, `{"id":"EVENT_ID","contact_message_event":{"reaction_event":{"emoji":"👍","message_id":"MESSAGE_ID"}}}`))

	event, err := client.Events.Get(context.Background(), "EVENT_ID")
	if err != nil {
		fmt.Println(err)
		return
	}
	if of := event.ContactMessageEvent; of != nil && of.ReactionEvent != nil {
		fmt.Println(of.ReactionEvent.Emoji, "to", of.ReactionEvent.MessageID)
	}
	// Output: 👍 to MESSAGE_ID
}

func ExampleEventsService_Delete() {
	client := exampleClient(printing(``))

	fmt.Println(client.Events.Delete(context.Background(), "EVENT_ID"))
	// Output:
	// DELETE /v1/projects/PROJECT_ID/events/EVENT_ID
	// <nil>
}
