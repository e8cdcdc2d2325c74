package relay_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

// sendWith enqueues a message, runs a worker with options until the message is accepted, and prints what was sent.
func sendWith(opts ...relay.OutboxOption) {
	fake := conversationtest.NewServer(conversationtest.Config{AppID: "app-1"})
	defer fake.Close()
	client, err := conversation.NewClient(fake.ProjectID(), fake.Options()...)
	if err != nil {
		panic(err)
	}
	r, end := exampleRelay()
	defer end()
	ctx, stop := context.WithCancel(context.Background())
	if err := r.Outbox().Enqueue(ctx, greeting(), relay.Entry{ID: "reservation-4711"}); err != nil {
		panic(err)
	}
	ended := make(chan error)
	go func() { ended <- r.Outbox().Run(ctx, client, opts...) }()
	for status, err := range r.Outbox().Watch(ctx, "reservation-4711") {
		if err != nil {
			panic(err)
		}
		if status.State == relay.StateAccepted {
			fmt.Println("accepted")
		}
	}
	stop()
	if err := <-ended; err != nil {
		fmt.Println(err)
	}
}

// A worker of a small machine.
func ExampleWithConcurrency() {
	sendWith(relay.WithConcurrency(8))
	// Output: accepted
}

// Sinch has raised the limit of the app to 100 requests a second. Another program of the project uses half of its 800.
func ExampleWithRates() {
	sendWith(relay.WithRates(100, 400))
	// Output: accepted
}

// A worker that shows no sign of life for two minutes has crashed: what it was sending is unknown then.
func ExampleWithSendLease() {
	sendWith(relay.WithSendLease(2 * time.Minute))
	// Output: accepted
}

// A reminder that arrives twice does less harm than one that does not arrive.
func ExampleWithUnknown() {
	sendWith(relay.WithUnknown(relay.UnknownResend, time.Hour))
	// Output: accepted
}

// handleWith passes callbacks to a receiver, in an inbox that runs with options, until the last of them is handled.
func handleWith(texts []string, opts ...relay.InboxOption) {
	r, end := exampleRelay()
	defer end()
	ctx, stop := context.WithCancel(context.Background())
	handled := make(chan string)
	receiver := exampleReceiver(func(text string) error {
		handled <- text
		return nil
	})
	for _, text := range texts {
		receive(r.Inbox().Handler(receiver), text)
	}
	ended := make(chan error)
	go func() { ended <- r.Inbox().Run(ctx, receiver, opts...) }()
	for range texts {
		fmt.Println(<-handled)
	}
	stop()
	if err := <-ended; err != nil {
		fmt.Println(err)
	}
}

// A bot answers what a contact wrote first, first.
func ExampleWithInOrder() {
	handleWith([]string{"A table for two", "at eight"}, relay.WithInOrder())
	// Output:
	// A table for two
	// at eight
}

// The database has 20 connections.
func ExampleWithHandlers() {
	handleWith([]string{"Hello"}, relay.WithHandlers(20))
	// Output: Hello
}

// A process that crashes is missed after a minute, and another one handles its callbacks.
func ExampleWithHandlerLease() {
	handleWith([]string{"Hello"}, relay.WithHandlerLease(time.Minute))
	// Output: Hello
}

// A callback that fails is kept as a dead letter, until an operator has it handled again.
func ExampleWithTries() {
	r, end := exampleRelay()
	defer end()
	ctx, stop := context.WithCancel(context.Background())
	receiver := exampleReceiver(func(string) error { return errors.New("the database is down") })
	receive(r.Inbox().Handler(receiver), "Hello")
	ended := make(chan error)
	go func() {
		ended <- r.Inbox().Run(ctx, receiver, relay.WithTries(2), relay.WithBackoff(time.Millisecond, time.Second))
	}()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			panic(err)
		}
	}()

	for found := false; !found; {
		for letter, err := range r.DeadLetters(ctx) {
			if err != nil {
				panic(err)
			}
			fmt.Println(letter.Reason)
			found = true
		}
	}
	// Output: webhook: the function failed: the database is down
}

// The first retry comes soon, the last of 10 after about a day.
func ExampleWithBackoff() {
	handleWith([]string{"Hello"}, relay.WithBackoff(3*time.Minute, 24*time.Hour))
	// Output: Hello
}
