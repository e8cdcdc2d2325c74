package conversationtest_test

import (
	"context"
	"fmt"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

// A message that RCS does not deliver falls back to SMS.
func ExampleServer_SwitchChannel() {
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	defer srv.Close()
	receiver, _ := webhook.NewReceiver(webhook.WithSecret("secret"))
	webhook.On(receiver, func(_ context.Context, e *webhook.MessageDelivery) error {
		fmt.Println(e.MessageDeliveryReport.Status, "on", e.MessageDeliveryReport.ChannelIdentity.Channel)
		return nil
	})
	srv.Handle("https://shop.example/sinch", receiver)
	srv.AddWebhook("https://shop.example/sinch", "secret", conversation.TriggerMessageDelivery)

	client, _ := conversation.NewClient(srv.ProjectID(), srv.Options()...) // In a test: srv.NewClient(t).
	sent, err := client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID: srv.AppID(),
		Recipient: conversation.Recipient{IdentifiedBy: &conversation.IdentifiedBy{ChannelIdentities: []conversation.ChannelIdentity{
			{Channel: conversation.ChannelRCS, Identity: "15551230000"},
			{Channel: conversation.ChannelSMS, Identity: "15551230000"},
		}}},
		Message: conversation.Text("Your parcel has arrived."),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, report := range []func(messageID string) error{srv.SwitchChannel, srv.Deliver} {
		if err := report(sent.MessageID); err != nil {
			fmt.Println(err)
		}
	}
	if err := srv.WaitForCallbacks(context.Background()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// SWITCHING_CHANNEL on RCS
	// DELIVERED on SMS
}
