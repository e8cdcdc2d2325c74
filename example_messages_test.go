package conversation_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/sinchgo/conversation"
)

func ExampleMessagesService_Send() {
	client := exampleClient(canned(200, `{"message_id":"01HX","accepted_time":"2026-03-01T12:00:00Z"}`))

	sent, err := client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message: conversation.Card("Your table", "Tonight at eight, for two.",
			conversation.TextChoice("Confirm", "confirm"), conversation.TextChoice("Cancel", "cancel")),
		ChannelPriorityOrder: []conversation.Channel{conversation.ChannelRCS, conversation.ChannelSMS},
		TTL:                  3600,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sent.MessageID, sent.AcceptedTime)
	// Output: 01HX 2026-03-01 12:00:00 +0000 UTC
}

// The newest message of a conversation.
func ExampleMessagesService_List() {
	client := exampleClient(printing(`{"messages":[{"id":"01HX","direction":"TO_APP"}],"next_page_token":"PAGE_2"}`))

	page, err := client.Messages.List(context.Background(), &conversation.ListMessagesParams{
		ConversationID: "CONVERSATION_ID",
		MessagesSource: conversation.MessageSourceConversation,
		PageSize:       1,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(page.Items[0].ID, page.Items[0].Direction, page.HasNext())
	// Output:
	// GET /v1/projects/PROJECT_ID/messages?conversation_id=CONVERSATION_ID&messages_source=CONVERSATION_SOURCE&page_size=1
	// 01HX TO_APP true
}

func ExampleMessagesService_All() {
	client := exampleClient(canned(200, `{"messages":[{"id":"01HX"},{"id":"01HW"}]}`))

	for message, err := range client.Messages.All(context.Background(), &conversation.ListMessagesParams{PageSize: 100}) {
		if err != nil {
			fmt.Println(err) // a *PageError, whose PageToken leads on from here
			return
		}
		fmt.Println(message.ID)
	}
	// Output:
	// 01HX
	// 01HW
}

func ExampleMessagesService_Get() {
	client := exampleClient(canned(200, `{"id":"01HX","app_message":{"text_message":{"text":"Your table is ready."}},"accept_time":"2026-03-01T12:00:00Z"}`))

	message, err := client.Messages.Get(context.Background(), "01HX")
	if err != nil {
		fmt.Println(err)
		return
	}
	switch {
	case message.AppMessage != nil && message.AppMessage.TextMessage != nil:
		fmt.Println("sent:", message.AppMessage.TextMessage.Text)
	case message.ContactMessage != nil:
		fmt.Println("received:", message.ContactMessage.Text())
	}
	// Output: sent: Your table is ready.
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
	// PATCH /v1/projects/PROJECT_ID/messages/MESSAGE_ID?messages_source=DISPATCH_SOURCE {"metadata":"order 7"}
	// order 7
}

// Delete removes a message from the platform's storage. The person keeps it.
func ExampleMessagesService_Delete() {
	client := exampleClient(canned(404, `{"error":{"code":404,"message":"message not found","status":"NOT_FOUND"}}`))

	err := client.Messages.Delete(context.Background(), "01HX")
	if err != nil && !errors.Is(err, conversation.ErrNotFound) {
		fmt.Println(err)
		return
	}
	fmt.Println("it is not stored")
	// Output: it is not stored
}

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

func ExampleMessagesService_LastMessages() {
	client := exampleClient(printing(`{"messages":[{"id":"01HX","contact_message":{"text_message":{"text":"Is my table ready?"}}}]}`))

	page, err := client.Messages.LastMessages(context.Background(), &conversation.LastMessagesRequest{
		ContactIDs: []string{"CONTACT_ID"},
		Direction:  conversation.DirectionToApp,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, message := range page.Items {
		fmt.Println(message.ContactMessage.Text())
	}
	// Output:
	// POST /v1/projects/PROJECT_ID/messages:fetch-last-message {"contact_ids":["CONTACT_ID"],"direction":"TO_APP","messages_source":"CONVERSATION_SOURCE"}
	// Is my table ready?
}

func ExampleMessagesService_SendMany() {
	client := exampleClient(canned(200, `{"message_id":"01HX"}`))

	messages := func(yield func(*conversation.SendMessageRequest) bool) {
		for _, contactID := range []string{"ADA", "GRACE", ""} {
			if !yield(&conversation.SendMessageRequest{
				AppID:     "APP_ID",
				Recipient: conversation.ToContact(contactID),
				Message:   conversation.Text("We close early today."),
			}) {
				return
			}
		}
	}
	sum, err := client.Messages.SendMany(context.Background(), messages, conversation.SendManyOptions{
		PerSecond: 100,
		OnResult: func(result conversation.SendResult) {
			fmt.Println(result.Index, result.Request.Recipient.ContactID, result.Outcome)
		},
	})
	fmt.Println(sum.Accepted, "of", sum.Taken, "accepted;", err)
	// Output:
	// 0 ADA accepted
	// 1 GRACE accepted
	// 2  not sent
	// 2 of 3 accepted; <nil>
}
