package conversationtest_test

import (
	"context"
	"fmt"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

// startShop returns a fake whose callbacks reach a receiver: in a test, the receiver of the program.
func startShop() (*conversationtest.Server, *webhook.Receiver) {
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	receiver, err := webhook.NewReceiver(webhook.WithSecret("secret"))
	if err != nil {
		panic(err)
	}
	srv.Handle("https://shop.example/sinch", receiver)
	srv.AddWebhook("https://shop.example/sinch", "secret",
		conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery, conversation.TriggerOptOut)
	return srv, receiver
}

// printMessages prints what contacts write to the receiver.
func printMessages(receiver *webhook.Receiver) {
	webhook.On(receiver, func(_ context.Context, e *webhook.MessageInbound) error {
		content := e.Message.ContactMessage
		switch {
		case content.MediaMessage != nil:
			fmt.Println("a file:", content.MediaMessage.URL)
		case content.LocationMessage != nil:
			fmt.Println("a place:", content.LocationMessage.Title)
		case content.ChoiceResponseMessage != nil:
			fmt.Println("a choice:", content.ChoiceResponseMessage.PostbackData)
		case content.ReplyTo != nil:
			fmt.Printf("%q, in reply to %s\n", content.Text(), content.ReplyTo.MessageID)
		default:
			fmt.Printf("%q from %s\n", content.Text(), e.Message.ChannelIdentity.Identity)
		}
		return nil
	})
}

// Two apps of a company, whose messages the test counts.
func ExampleNewServer() {
	srv := conversationtest.NewServer(conversationtest.Config{
		AppID:    "SHOP",
		Mode:     conversation.ProcessingModeConversation,
		InMemory: true,
	})
	defer srv.Close()
	client, err := conversation.NewClient(srv.ProjectID(), srv.Options()...) // In a test: srv.NewClient(t).
	if err != nil {
		fmt.Println(err)
		return
	}
	app, err := client.Apps.Get(context.Background(), "SHOP")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(app.ProcessingMode)
	// Output: CONVERSATION
}

func ExampleFrom() {
	srv, receiver := startShop()
	defer srv.Close()
	printMessages(receiver)

	srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230000"), conversationtest.InboundText("Are you open?"))
	_ = srv.WaitForCallbacks(context.Background())
	// Output: "Are you open?" from 15551230000
}

func ExampleInboundText() {
	message := conversationtest.InboundText("Are you open?")
	fmt.Println(message.Text())
	// Output: Are you open?
}

func ExampleInboundMedia() {
	srv, receiver := startShop()
	defer srv.Close()
	printMessages(receiver)

	srv.Receive(conversationtest.From(conversation.ChannelWhatsApp, "15551230000"), conversationtest.InboundMedia("https://files.example/broken.jpg"))
	_ = srv.WaitForCallbacks(context.Background())
	// Output: a file: https://files.example/broken.jpg
}

func ExampleInboundLocation() {
	srv, receiver := startShop()
	defer srv.Close()
	printMessages(receiver)

	srv.Receive(conversationtest.From(conversation.ChannelWhatsApp, "15551230000"), conversationtest.InboundLocation("Home", 59.3293, 18.0686))
	_ = srv.WaitForCallbacks(context.Background())
	// Output: a place: Home
}

// A person presses a button of a message that the program has sent.
func ExampleInboundChoice() {
	srv, receiver := startShop()
	defer srv.Close()
	printMessages(receiver)
	client, _ := conversation.NewClient(srv.ProjectID(), srv.Options()...) // In a test: srv.NewClient(t).
	sent, err := client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID:     srv.AppID(),
		Recipient: conversation.ToChannel(conversation.ChannelRCS, "15551230000"),
		Message:   conversation.Choices("Will you come?", conversation.TextChoice("Yes", "table-7-yes")),
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	srv.Receive(conversationtest.From(conversation.ChannelRCS, "15551230000"), conversationtest.InboundChoice(sent.MessageID, "table-7-yes"))
	_ = srv.WaitForCallbacks(context.Background())
	// Output: a choice: table-7-yes
}

func ExampleInReplyTo() {
	srv, receiver := startShop()
	defer srv.Close()
	printMessages(receiver)

	answer := conversationtest.InReplyTo("MESSAGE_ID", conversationtest.InboundText("Yes, please"))
	srv.Receive(conversationtest.From(conversation.ChannelWhatsApp, "15551230000"), answer)
	_ = srv.WaitForCallbacks(context.Background())
	// Output: "Yes, please", in reply to MESSAGE_ID
}

// A person opts out. The program must send nothing more.
func ExampleServer_OptOut() {
	srv, receiver := startShop()
	defer srv.Close()
	webhook.On(receiver, func(_ context.Context, e *webhook.OptOut) error {
		fmt.Println(e.OptOutNotification.Channel, e.OptOutNotification.Identity)
		return nil
	})

	srv.OptOut(conversationtest.From(conversation.ChannelSMS, "15551230000"))
	_ = srv.WaitForCallbacks(context.Background())
	// Output: SMS 15551230000
}

// A message is accepted, and fails later.
func ExampleServer_Fail() {
	srv, receiver := startShop()
	defer srv.Close()
	webhook.On(receiver, func(_ context.Context, e *webhook.MessageDelivery) error {
		fmt.Println(e.MessageDeliveryReport.Status, e.MessageDeliveryReport.Reason.Code)
		return nil
	})
	client, _ := conversation.NewClient(srv.ProjectID(), srv.Options()...) // In a test: srv.NewClient(t).
	sent, err := client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID:     srv.AppID(),
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:   conversation.Text("Your parcel has arrived."),
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	fmt.Println(srv.Fail(sent.MessageID, conversation.Reason{Code: conversation.ReasonRecipientNotReachable}))
	_ = srv.WaitForCallbacks(context.Background())
	// Unordered output:
	// <nil>
	// FAILED RECIPIENT_NOT_REACHABLE
}
