package conversationtest_test

import (
	"context"
	"fmt"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func ExampleServer_Fault() {
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	defer srv.Close()
	client, err := conversation.NewClient(srv.ProjectID(), srv.Options()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	dropped := srv.Fault(conversationtest.Fault{
		Kind:      conversationtest.FaultDropAfterAccept,
		Operation: "Messages.Send",
		Times:     1,
	})

	_, err = client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID:     srv.AppID(),
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:   conversation.Text("Your parcel has arrived."),
	})

	fmt.Println("outcome:", conversation.OutcomeOf(err))
	fmt.Println("messages sent:", len(srv.Sent()))
	fmt.Println("faults:", dropped.Hits())
	// Output:
	// outcome: unknown
	// messages sent: 1
	// faults: 1
}
