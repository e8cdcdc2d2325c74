package conversationtest_test

import (
	"context"
	"fmt"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

// RCS fails for the next message, which falls back to SMS.
func ExampleServer_Script() {
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true, Script: conversationtest.ScriptDeliver})
	defer srv.Close()
	receiver, _ := webhook.NewReceiver(webhook.WithSecret("secret"))
	webhook.On(receiver, func(_ context.Context, e *webhook.MessageDelivery) error {
		fmt.Println(e.MessageDeliveryReport.Status, "on", e.MessageDeliveryReport.ChannelIdentity.Channel)
		return nil
	})
	srv.Handle("https://shop.example/sinch", receiver)
	srv.AddWebhook("https://shop.example/sinch", "secret", conversation.TriggerMessageDelivery)

	outage := srv.Script(conversationtest.ScriptRule{
		Script:  conversationtest.ScriptFallback,
		Channel: conversation.ChannelRCS,
		Times:   1,
	})

	client, _ := conversation.NewClient(srv.ProjectID(), srv.Options()...) // In a test: srv.NewClient(t).
	for range 2 {
		_, err := client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
			AppID: srv.AppID(),
			Recipient: conversation.ToChannels(
				conversation.ChannelIdentity{Channel: conversation.ChannelRCS, Identity: "15551230000"},
				conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "15551230000"},
			),
			Message: conversation.Text("Your parcel has arrived."),
		})
		if err != nil {
			fmt.Println(err)
		}
		if err := srv.WaitForCallbacks(context.Background()); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println("scripted:", outage.Hits())
	// Output:
	// QUEUED_ON_CHANNEL on RCS
	// SWITCHING_CHANNEL on RCS
	// QUEUED_ON_CHANNEL on SMS
	// DELIVERED on SMS
	// QUEUED_ON_CHANNEL on RCS
	// DELIVERED on RCS
	// scripted: 1
}
