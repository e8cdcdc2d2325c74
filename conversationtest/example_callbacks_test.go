package conversationtest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

// The code under test sends a message. Its delivery report arrives at the handler under test, in memory.
func ExampleServer_Handle() {
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true, Script: conversationtest.ScriptDeliver})
	defer srv.Close()
	srv.Handle("https://shop.example/sinch", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Println("delivered:", strings.Contains(string(body), `"status":"DELIVERED"`))
	}))
	srv.AddWebhook("https://shop.example/sinch", "secret", conversation.TriggerMessageDelivery)

	client, _ := conversation.NewClient(srv.ProjectID(), srv.Options()...) // In a test: srv.NewClient(t).
	_, err := client.Messages.Send(context.Background(), &conversation.SendMessageRequest{
		AppID:     srv.AppID(),
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		Message:   conversation.Text("Your parcel has arrived."),
	})
	fmt.Println("sent:", err == nil)
	fmt.Println("all answered:", srv.WaitForCallbacks(context.Background()) == nil)
	// Unordered output:
	// sent: true
	// delivered: false
	// delivered: true
	// all answered: true
}

// The handler under test must reject a forgery: here the callback that it has accepted before, signed with another secret.
func ExampleServer_ResendCallback() {
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	defer srv.Close()
	receiver, _ := webhook.NewReceiver(webhook.WithSecret("secret")) // Use the one of your program.
	srv.Handle("https://shop.example/sinch", receiver)
	srv.AddWebhook("https://shop.example/sinch", "secret", conversation.TriggerMessageInbound)
	srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230000"), conversationtest.InboundText("hello"))

	srv.ResendCallback(srv.Callbacks()[0], conversationtest.SignatureWrong)
	_ = srv.WaitForCallbacks(context.Background())
	for _, callback := range srv.Callbacks() {
		fmt.Println(callback.Signature, callback.Status)
	}
	// Output:
	// valid 200
	// wrong 401
}
