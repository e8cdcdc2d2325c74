// Command coldstart sends one message and prints the seconds that the send took. With the argument "warm" it calls
// [conversation.Client.Warm] first. Part coldstart of command ratios measures it.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
)

func main() {
	if err := send(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func send(ctx context.Context) error {
	client, err := conversation.NewClientFromEnv()
	if err != nil {
		return err
	}
	if slices.Contains(os.Args, "warm") {
		if err := client.Warm(ctx); err != nil {
			return err
		}
	}
	began := time.Now()
	_, err = client.Messages.Send(ctx, &conversation.SendMessageRequest{
		AppID:     os.Getenv("SINCH_APP_ID"),
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:   conversation.Text("Your table is ready. We hold it for a quarter of an hour."),
	})
	if err != nil {
		return err
	}
	fmt.Println(time.Since(began).Seconds())
	return nil
}
