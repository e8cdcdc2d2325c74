package conversationtest_test

import (
	"context"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

// A message fails on WhatsApp, and the platform delivers it over SMS. The program waits for the outcome.
func Example_waitUntilDelivered() {
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true, Script: conversationtest.ScriptFallback})
	defer srv.Close()
	receiver, _ := webhook.NewReceiver(webhook.WithSecret("secret"))
	tracker := webhook.NewTracker()
	defer tracker.Close()
	tracker.Follow(receiver)
	srv.Handle("https://shop.example/sinch", receiver)
	srv.AddWebhook("https://shop.example/sinch", "secret", conversation.TriggerMessageDelivery)

	client, _ := conversation.NewClient(srv.ProjectID(), srv.Options()...) // In a test: srv.NewClient(t).
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	sent, err := client.Messages.Send(ctx, &conversation.SendMessageRequest{
		AppID: srv.AppID(),
		Recipient: conversation.ToChannels(
			conversation.ChannelIdentity{Channel: conversation.ChannelWhatsApp, Identity: "15551230000"},
			conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "15551230000"},
		),
		Message: conversation.Text("Your code is 123456."),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := tracker.Wait(ctx, sent.MessageID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Status, "over", report.ChannelIdentity.Channel)
	// Output:
	// DELIVERED over SMS
}
