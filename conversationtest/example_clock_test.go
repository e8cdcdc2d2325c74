package conversationtest_test

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

// The handler under test is down at first. The callback is retried after 5 seconds, for which nobody waits.
func ExampleServer_Advance() {
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	defer srv.Close()
	called := make(chan int)
	calls := 0
	srv.Handle("https://shop.example/sinch", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls++
		if calls == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		called <- calls
	}))
	srv.AddWebhook("https://shop.example/sinch", "secret", conversation.TriggerMessageInbound)

	srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230000"), conversationtest.InboundText("hi"))
	fmt.Println("call", <-called)
	srv.Advance(5 * time.Second)
	fmt.Println("call", <-called)
	// Output:
	// call 1
	// call 2
}

// A receiver with the clock of the server accepts what is signed a day later.
func ExampleServer_Now() {
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	defer srv.Close()
	receiver, _ := webhook.NewReceiver(webhook.WithSecret("secret"), webhook.WithClock(srv.Now))
	srv.Handle("https://shop.example/sinch", receiver)
	srv.AddWebhook("https://shop.example/sinch", "secret", conversation.TriggerMessageInbound)

	srv.Advance(24 * time.Hour)
	srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230000"), conversationtest.InboundText("hi"))
	fmt.Println("all answered:", srv.WaitForCallbacks(context.Background()) == nil)
	fmt.Println("delivered:", srv.Callbacks()[0].Delivered)
	// Output:
	// all answered: true
	// delivered: true
}

// Tests that share a server begin in the same state.
func ExampleServer_Reset() {
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	defer srv.Close()
	for _, text := range []string{"the first test", "the second test"} {
		srv.Reset()
		client, _ := conversation.NewClient(srv.ProjectID(), srv.Options()...) // In a test: srv.NewClient(t).
		_, err := client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
			AppID:     srv.AppID(),
			Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
			Message:   conversation.Text(text),
		})
		fmt.Println(err == nil, len(srv.Sent()), srv.Sent()[0].Request.Message.TextMessage.Text)
	}
	// Output:
	// true 1 the first test
	// true 1 the second test
}
