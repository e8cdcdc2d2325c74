package main_test

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

// A receiver is an http.Handler, so any router accepts it. The signature covers the bytes of the body: no
// middleware before the receiver may read, decompress or rewrite the body. So it is outside of the group whose
// middleware does. In gin it is router.POST("/sinch", gin.WrapH(receiver)), with no Bind or GetRawData before it.
func Example_chi() {
	receiver, err := webhook.NewReceiver(webhook.WithSecret("WEBHOOK_SECRET"))
	if err != nil {
		fmt.Println(err)
		return
	}
	webhook.On(receiver, func(_ context.Context, e *webhook.MessageInbound) error {
		fmt.Printf("%s wrote %q\n", e.Message.ChannelIdentity.Channel, e.Message.ContactMessage.Text())
		return nil
	})

	router := chi.NewRouter()
	router.Method(http.MethodPost, "/sinch", receiver)
	router.Group(func(own chi.Router) {
		own.Use(readsBodies)
		own.Post("/orders", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	})

	// The fake signs as Sinch does. It calls the router without a socket.
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	defer srv.Close()
	srv.Handle("https://shop.example/sinch", router)
	srv.AddWebhook("https://shop.example/sinch", "WEBHOOK_SECRET", conversation.TriggerMessageInbound)
	srv.Receive(conversationtest.From(conversation.ChannelRCS, "15551230000"), conversationtest.InboundText("Hi!"))
	if err := srv.WaitForCallbacks(context.Background()); err != nil {
		fmt.Println(err)
	}
	fmt.Println("status:", srv.Callbacks()[0].Status)
	// Output:
	// RCS wrote "Hi!"
	// status: 200
}

// readsBodies is middleware such as a logger or a validator, which consumes the body.
func readsBodies(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		next.ServeHTTP(w, r)
	})
}
