package main

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/relay"
)

// The groups of messages. Each is counted, paused, paced and cancelled by itself.
const (
	groupSale  = "sale"
	groupCodes = "codes"
)

// campaign sends the messages of an app.
type campaign struct {
	p      *setup.Program
	queue  *relay.Relay
	outbox *relay.Outbox
	appID  string
	table  string // the last one that was printed
}

// messages are what EnqueueAll accepts.
type messages = iter.Seq2[*conversation.SendMessageRequest, relay.Entry]

// sale returns the messages of the campaign. It ends tomorrow: what is not sent until then is not sent at all.
func (c *campaign) sale(people []person) messages {
	end := time.Now().Add(24 * time.Hour)
	return func(yield func(*conversation.SendMessageRequest, relay.Entry) bool) {
		for _, to := range people {
			text := "Hi " + to.name + ", all of our shop is 20% off until tomorrow."
			if !yield(c.message(to, text), relay.Entry{ID: "sale-" + to.id, Group: groupSale, Before: end}) {
				return
			}
		}
	}
}

// codes returns messages with codes for logins, which overtake the campaign, and are of no use after five minutes.
func (c *campaign) codes(people []person) messages {
	end := time.Now().Add(5 * time.Minute)
	return func(yield func(*conversation.SendMessageRequest, relay.Entry) bool) {
		for _, to := range people {
			entry := relay.Entry{ID: "code-" + to.id, Group: groupCodes, Priority: 10, Before: end}
			if !yield(c.message(to, "Your code is 123456."), entry) {
				return
			}
		}
	}
}

func (c *campaign) message(to person, text string) *conversation.SendMessageRequest {
	return &conversation.SendMessageRequest{
		AppID:     c.appID,
		Recipient: conversation.ToChannel(conversation.ChannelSMS, to.number),
		Message:   conversation.Text(text),
	}
}

// enqueue stores messages in the queue. A message that is in it already is not added again.
func (c *campaign) enqueue(ctx context.Context, all messages) error {
	count := 0
	for entry, err := range c.outbox.EnqueueAll(ctx, all) {
		if err != nil {
			return fmt.Errorf("the message %s: %w", entry.ID, err)
		}
		count++
	}
	c.say("%d messages are in the queue.", count)
	return nil
}

// startWorker sends from the queue until stop is called, which waits for the requests in progress. There may be workers in any
// number of processes.
func (c *campaign) startWorker(ctx context.Context, client *conversation.Client, opts ...relay.OutboxOption) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := c.outbox.Run(ctx, client, opts...); err != nil && ctx.Err() == nil {
			c.p.Printf("The worker ended: %v\n", err)
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

// send sends the campaign, and ends when each message is delivered or has failed.
func (c *campaign) send(ctx context.Context, client *conversation.Client, people []person) error {
	stop := c.startWorker(ctx, client)
	defer stop()
	if err := c.enqueue(ctx, c.sale(people)); err != nil {
		return err
	}
	view, err := c.follow(ctx, isComplete)
	if err != nil {
		return fmt.Errorf("stopped early: run it again with the same -file and -dir to continue, nothing is sent twice: %w", err)
	}
	c.say("%d delivered, %d failed, %d rejected, %d unknown.", delivered(view), failed(view),
		view.States[relay.StateRejected], view.States[relay.StateUnknown])
	return nil
}

// isComplete reports whether nothing is left to wait for.
func isComplete(view *relay.Overview) bool {
	open := view.States[relay.StateQueued] + view.States[relay.StateAttempting]
	return open == 0 && view.States[relay.StateAccepted] == delivered(view)+failed(view)
}

func delivered(view *relay.Overview) (count int) {
	for _, group := range view.Groups {
		count += group.Delivery[conversation.DeliveryStatusDelivered] + group.Delivery[conversation.DeliveryStatusRead]
	}
	return count
}

func failed(view *relay.Overview) (count int) {
	for _, group := range view.Groups {
		count += group.Delivery[conversation.DeliveryStatusFailed]
	}
	return count
}
