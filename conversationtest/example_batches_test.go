package conversationtest_test

import (
	"context"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// A batch waits for its time, which Advance brings about.
func ExampleServer_Batches() {
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	defer srv.Close()
	client, err := conversation.NewClient(srv.ProjectID(), srv.Options()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.Batches.Send(context.Background(), &conversation.SendBatchRequest{
		AppID:   srv.AppID(),
		Message: conversation.Text("Hi ${name}, we open at eight."),
		RecipientAndParams: []conversation.BatchRecipient{
			{Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Parameters: map[string]string{"name": "Ada"}},
			{Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230001"), Parameters: map[string]string{"name": "Bo"}},
		},
		SendAfter: conversation.Time{Time: srv.Now().Add(6 * time.Hour)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(srv.Batches()[0].Status, len(srv.Sent()))

	srv.Advance(7 * time.Hour)

	fmt.Println(srv.Batches()[0].Status, len(srv.Sent()))
	fmt.Println(srv.Sent()[1].Request.Message.TextMessage.Text)
	// Output:
	// SCHEDULED 0
	// PROCESSED 2
	// Hi Bo, we open at eight.
}
