package main

import (
	"context"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/webhook"
)

// play speaks as a contact on the fake, and causes faults.
func play(ctx context.Context, p *setup.Program, desk *desk, workers *workers, queue *relay.Relay) error {
	say := func(text string) error {
		p.Fake.Receive(conversationtest.From(conversation.ChannelSMS, "15551230000"), conversationtest.InboundText(text))
		return p.Fake.WaitForCallbacks(ctx)
	}
	workers.start(ctx)
	defer func() { workers.stop() }()
	if err := say("Hello?"); err != nil { // The function fails the first time.
		return err
	}
	p.Fake.DuplicateCallbacks(1)
	if err := say("Is anybody there?"); err != nil {
		return err
	}
	if err := allHandled(ctx, queue); err != nil {
		return err
	}

	workers.stop()
	for _, text := range []string{"When do you open?", "And on Sundays?"} {
		if err := say(text); err != nil {
			return err
		}
	}
	view, err := queue.Overview(ctx)
	if err != nil {
		return err
	}
	p.Printf("No worker is running, and %d callbacks are waiting.\n", view.Inbox.Waiting)
	workers.start(ctx)
	if err := allHandled(ctx, queue); err != nil {
		return err
	}
	return report(ctx, p, desk, queue)
}

// report compares the callbacks with the handled messages.
func report(ctx context.Context, p *setup.Program, desk *desk, queue *relay.Relay) error {
	duplicates, rejected := 0, 0
	for _, callback := range p.Fake.Callbacks() {
		if callback.Duplicate {
			duplicates++
		}
		if !callback.Delivered {
			rejected++
		}
	}
	view, err := queue.Overview(ctx)
	if err != nil {
		return err
	}
	arrived := len(p.Fake.Callbacks())
	taken, fails := desk.counts()
	p.Printf("%d callbacks arrived, %d of them a duplicate, and %d were rejected. %d messages were handled, after %d failure. Dead letters: %d.\n",
		arrived, duplicates, rejected, taken, fails, view.Dead)
	if taken != arrived-duplicates || rejected > 0 || view.Dead > 0 {
		return fmt.Errorf("%d of %d messages were handled", taken, arrived-duplicates)
	}
	return nil
}

// allHandled waits until every callback is handled.
func allHandled(ctx context.Context, queue *relay.Relay) error {
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		view, err := queue.Overview(ctx)
		if err != nil || view.Inbox.Waiting == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
	}
}

// workers calls the functions for stored callbacks.
type workers struct {
	inbox    *relay.Inbox
	receiver *webhook.Receiver
	stop     func()
}

// start starts the workers. When stopped, they finish the running functions. The backoff is short here; omit WithBackoff
// in your program.
func (w *workers) start(ctx context.Context) {
	running, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = w.inbox.Run(running, w.receiver, relay.WithInOrder(), relay.WithBackoff(100*time.Millisecond, time.Second)) // fails for wrong options only
	}()
	w.stop = func() {
		cancel()
		<-ended
	}
}
