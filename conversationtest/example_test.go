package conversationtest_test

import (
	"context"
	"fmt"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func ExampleServer() {
	srv := conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()

	// In a test, srv.NewClient(t) does this.
	client, err := conversation.NewClient(srv.ProjectID(), srv.Options()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()

	_, err = client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID:     srv.AppID(),
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:   conversation.Text("Your parcel has arrived."),
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	for _, sent := range srv.Sent() {
		to := sent.Request.Recipient.IdentifiedBy.ChannelIdentities[0]
		fmt.Printf("%s to %s: %s\n", to.Channel, to.Identity, sent.Request.Message.TextMessage.Text)
	}
	// Output: SMS to 15551230000: Your parcel has arrived.
}
