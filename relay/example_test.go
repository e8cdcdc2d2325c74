package relay_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
	"github.com/sinchgo/conversation/webhook"
)

func ExampleOutbox() {
	fake := conversationtest.NewServer(conversationtest.Config{AppID: "app-1"})
	defer fake.Close()
	client, err := conversation.NewClient(fake.ProjectID(), fake.Options()...)
	if err != nil {
		panic(err)
	}
	folder, err := os.MkdirTemp("", "relay")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	r, err := relay.Open(ctx, embedded.Dir(folder)) // or relay.Conn(nc)
	if err != nil {
		panic(err)
	}
	defer r.Close()

	outbox := r.Outbox()
	ended := make(chan error)
	go func() { ended <- outbox.Run(ctx, client) }()
	request := &conversation.SendMessageRequest{
		AppID:     "app-1",
		Message:   conversation.Text("Your table is ready."),
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
	}
	for range 2 { // the same ID twice is one message
		if err := outbox.Enqueue(ctx, request, relay.Entry{ID: "reservation-4711"}); err != nil {
			panic(err)
		}
	}
	for status, err := range outbox.Watch(ctx, "reservation-4711") {
		if err != nil {
			panic(err)
		}
		if status.State == relay.StateAccepted {
			fmt.Println(status.ID, status.State)
		}
	}
	stop()
	fmt.Println(<-ended, len(fake.Sent()))
	// Output:
	// reservation-4711 accepted
	// <nil> 1
}

func ExampleOutbox_EnqueueAll() {
	folder, err := os.MkdirTemp("", "relay")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	ctx := context.Background()
	r, err := relay.Open(ctx, embedded.Dir(folder))
	if err != nil {
		panic(err)
	}
	defer r.Close()

	messages := func(yield func(*conversation.SendMessageRequest, relay.Entry) bool) {
		for _, number := range []string{"15551230000", "15551230001", "1555"} { // such as the lines of a file
			request := &conversation.SendMessageRequest{
				AppID:     "app-1",
				Message:   conversation.Text("We close early today."),
				Recipient: conversation.ToChannel(conversation.ChannelSMS, number),
			}
			if !yield(request, relay.Entry{ID: "early-" + number}) {
				return
			}
		}
	}
	for entry, err := range r.Outbox().EnqueueAll(ctx, messages) {
		if argument, ok := errors.AsType[*conversation.ArgumentError](err); ok {
			fmt.Println(entry.ID, "is rejected:", argument.Field)
			continue
		}
		fmt.Println(entry.ID, err) // nil: it is stored
	}
	// Output:
	// early-15551230000 <nil>
	// early-15551230001 <nil>
	// early-1555 is rejected: recipient.identified_by.channel_identities[0].identity
}

func ExampleWithSyncedServer() {
	folder, err := os.MkdirTemp("", "nats")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	// In place of nats-server with jetstream { sync_interval: always } in its configuration.
	own, err := server.NewServer(&server.Options{JetStream: true, SyncAlways: true, StoreDir: folder, Port: server.RANDOM_PORT, NoSigs: true, NoLog: true})
	if err != nil {
		panic(err)
	}
	own.Start()
	defer own.WaitForShutdown()
	defer own.Shutdown()
	nc, err := nats.Connect(own.ClientURL(), nats.MaxReconnects(-1))
	if err != nil {
		panic(err)
	}
	defer nc.Close()

	ctx := context.Background()
	_, err = relay.Open(ctx, relay.Conn(nc))
	wrong, _ := errors.AsType[*conversation.ArgumentError](err)
	fmt.Println(wrong.Field, "is required")
	r, err := relay.Open(ctx, relay.Conn(nc), relay.WithSyncedServer()) // a cluster with three replicas needs no option
	if err != nil {
		panic(err)
	}
	r.Close()
	// Output: WithSyncedServer is required
}

func ExampleWithWeakDurability() {
	folder, err := os.MkdirTemp("", "relay")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	ctx := context.Background()
	fast := embedded.Dir(folder, embedded.WithSyncEvery(time.Second))
	_, err = relay.Open(ctx, fast)
	wrong, _ := errors.AsType[*conversation.ArgumentError](err)
	fmt.Println(wrong.Field, "is required")

	r, err := relay.Open(ctx, fast, relay.WithWeakDurability()) // a power cut costs up to a second
	if err != nil {
		panic(err)
	}
	r.Close()
	// Output: WithWeakDurability is required
}

func ExampleInbox() {
	const secret = "WEBHOOK_SECRET"
	receiver, err := webhook.NewReceiver(webhook.WithSecret(secret))
	if err != nil {
		panic(err)
	}
	handled := make(chan string, 1)
	webhook.On(receiver, func(_ context.Context, e *webhook.MessageInbound) error {
		handled <- e.Message.ContactMessage.Text()
		return nil
	})
	folder, err := os.MkdirTemp("", "relay")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	r, err := relay.Open(ctx, embedded.Dir(folder))
	if err != nil {
		panic(err)
	}
	defer r.Close()

	// In one process, or in many:
	handler := r.Inbox().Handler(receiver) // for http.Handle("POST /sinch", handler)
	ended := make(chan error)
	go func() { ended <- r.Inbox().Run(ctx, receiver) }()

	body := `{"app_id":"app-1","message":{"id":"1","contact_message":{"text_message":{"text":"Hello"}}}}`
	callback := httptest.NewRequestWithContext(ctx, http.MethodPost, "/sinch", strings.NewReader(body))
	callback.Header = webhook.Sign([]byte(body), secret, "nonce-1", time.Now())
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, callback) // stored before the response is written
	fmt.Println(answer.Code, <-handled)
	stop()
	fmt.Println(<-ended)
	// Output:
	// 200 Hello
	// <nil>
}
