package relay_test

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// campaign returns the outbox of a new relay with a campaign of three messages, and what closes it.
func campaign(ctx context.Context) (*relay.Outbox, func()) {
	folder, err := os.MkdirTemp("", "relay")
	if err != nil {
		panic(err)
	}
	r, err := relay.Open(ctx, embedded.Dir(folder))
	if err != nil {
		panic(err)
	}
	for _, id := range []string{"spring-1", "spring-2", "spring-3"} {
		request := &conversation.SendMessageRequest{
			AppID: "app-1", Message: conversation.Text("Spring is here."), Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
		}
		if err := r.Outbox().Enqueue(ctx, request, relay.Entry{ID: id, Group: "spring"}); err != nil {
			panic(err)
		}
	}
	return r.Outbox(), func() {
		r.Close()
		_ = os.RemoveAll(folder)
	}
}

// Cancel a campaign that is not sent yet.
func ExampleOutbox_Cancel() {
	ctx := context.Background()
	entries, end := campaign(ctx)
	defer end()
	for status, err := range entries.List(ctx, relay.ListParams{State: relay.StateQueued, Group: "spring"}) {
		if err != nil {
			panic(err)
		}
		if err := entries.Cancel(ctx, status.ID); err != nil { // ErrNotQueued if it is being sent
			panic(err)
		}
	}
	counts, err := entries.Counts(ctx)
	fmt.Println(counts, err)
	// Output: map[cancelled:3] <nil>
}

// Send again what was rejected because of a setting that is mended now.
func ExampleOutbox_Retry() {
	fake := conversationtest.NewServer(conversationtest.Config{AppID: "app-1"})
	defer fake.Close()
	fake.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Operation: "Messages.Send", Status: http.StatusBadRequest, Times: 1})
	client, err := conversation.NewClient(fake.ProjectID(), fake.Options()...)
	if err != nil {
		panic(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	entries, end := campaign(ctx)
	defer end()
	ended := make(chan error)
	go func() { ended <- entries.Run(ctx, client) }()
	for _, id := range []string{"spring-1", "spring-2", "spring-3"} {
		for _, err := range entries.Watch(ctx, id) {
			if err != nil {
				panic(err)
			}
		}
	}

	for status, err := range entries.List(ctx, relay.ListParams{State: relay.StateRejected}) {
		if err != nil {
			panic(err)
		}
		if err := entries.Retry(ctx, status.ID); err != nil {
			panic(err)
		}
		for status, err := range entries.Watch(ctx, status.ID) {
			if err == nil && status.State == relay.StateAccepted {
				fmt.Println("accepted after", status.Attempts, "attempts")
			}
		}
	}
	stop()
	fmt.Println(<-ended, len(fake.Sent()))
	// Output:
	// accepted after 2 attempts
	// <nil> 3
}

// Hold a campaign back, slow it down and go on.
func ExampleOutbox_Pause() {
	ctx := context.Background()
	entries, end := campaign(ctx)
	defer end()
	spring := relay.Scope{Group: "spring"}
	fmt.Println(entries.Pause(ctx, spring)) // other messages are sent
	fmt.Println(entries.SetRate(ctx, spring, 5))
	fmt.Println(entries.Resume(ctx, spring))
	// Output:
	// <nil>
	// <nil>
	// <nil>
}

// Wait until a message is delivered. Its reports come through Inbox.Run, in this or another process.
func ExampleOutbox_Watch() {
	ctx := context.Background()
	entries, end := campaign(ctx)
	defer end()
	show := func(id string) error {
		for status, err := range entries.Watch(ctx, id, conversation.DeliveryStatusDelivered) {
			if err != nil {
				return err
			}
			fmt.Printf("%s %s %q\n", status.ID, status.State, status.Delivery)
		}
		return nil // it is delivered or read, or it failed
	}
	if err := entries.Cancel(ctx, "spring-1"); err != nil {
		panic(err)
	}
	fmt.Println(show("spring-1"))
	// Output:
	// spring-1 cancelled ""
	// <nil>
}

// printer is an observer that prints the end of each attempt. That of a program would record a metric or end a span.
type printer struct{ settled chan struct{} }

func (printer) EntryStarted(ctx context.Context, _ outbox.EntryInfo) context.Context { return ctx }

func (p printer) EntryEnded(_ context.Context, entry outbox.EntryInfo, result outbox.EntryResult) {
	fmt.Println(entry.Operation, entry.Attempt, result.State, result.Err)
	p.settled <- struct{}{}
}

func ExampleWithObserver() {
	fake := conversationtest.NewServer(conversationtest.Config{AppID: "app-1"})
	defer fake.Close()
	client, err := conversation.NewClient(fake.ProjectID(), fake.Options()...)
	if err != nil {
		panic(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	queue, end := campaign(ctx)
	defer end()
	observer := printer{settled: make(chan struct{})}
	done := make(chan error)
	go func() { done <- queue.Run(ctx, client, relay.WithObserver(observer)) }()
	for range 3 {
		<-observer.settled
	}
	stop()
	fmt.Println(<-done)
	// Output:
	// Outbox.Run 1 accepted <nil>
	// Outbox.Run 1 accepted <nil>
	// Outbox.Run 1 accepted <nil>
	// <nil>
}
