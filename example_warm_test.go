package conversation_test

import (
	"context"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
)

// Warm is called where a process has time: in the init phase of a function, or before a server reports that it is ready.
func ExampleClient_Warm() {
	client := exampleClient(canned(200, `{"message_id":"01HX"}`))

	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := client.Warm(ctx); err != nil {
		fmt.Println("the first call will fetch the token and connect:", err)
	}

	sent, err := client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID:     "APP_ID",
		Recipient: conversation.ToContact("CONTACT_ID"),
		Message:   conversation.Text("Your table is ready."),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sent.MessageID)
	// Output: 01HX
}
