package conversation_test

import (
	"context"
	"fmt"

	"github.com/sinchgo/conversation"
)

// An answer quotes the message whose id MessageInbound.Message.ID of package webhook is. Other channels show it without the quote.
func ExampleReply() {
	client := exampleClient(printing(anyReply))

	_, err := client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToChannel(conversation.ChannelWhatsApp, "15551230000"),
		Message:   conversation.Reply(conversation.Text("Yes, until nine."), "INBOUND_ID"),
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output: POST /v1/projects/PROJECT_ID/messages:send {"app_id":"APP_ID","message":{"reply_to":{"message_id":"INBOUND_ID"},"text_message":{"text":"Yes, until nine."}},"recipient":{"identified_by":{"channel_identities":[{"channel":"WHATSAPP","identity":"15551230000"}]}}}
}

// On RCS the button stays as long as the message. Elsewhere it is an ordinary button.
func ExampleChoice() {
	client := exampleClient(printing(anyReply))

	menu := conversation.URLChoice("Menu", "https://shop.example/menu")
	menu.DisplayMode = conversation.DisplayModePersistent
	_, err := client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToContact("CONTACT_ID"),
		Message:   conversation.Choices("Welcome.", menu),
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output: POST /v1/projects/PROJECT_ID/messages:send {"app_id":"APP_ID","message":{"choice_message":{"choices":[{"display_mode":"PERSISTENT","url_message":{"title":"Menu","url":"https://shop.example/menu"}}],"text_message":{"text":"Welcome."}}},"recipient":{"contact_id":"CONTACT_ID"}}
}
