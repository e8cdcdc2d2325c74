package main

import (
	"context"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

// play sends the campaign on the fake, with a wrong setting, a pause and messages that overtake it.
func (c *campaign) play(ctx context.Context, client *conversation.Client, people []person) error {
	if err := c.enqueue(ctx, c.sale(people)); err != nil {
		return err
	}
	if err := c.wrongRegion(ctx); err != nil {
		return err
	}
	stop := c.startWorker(ctx, client, rates)
	defer stop()
	if err := c.mend(ctx); err != nil {
		return err
	}
	if err := c.pauseForCodes(ctx, people[:min(20, len(people))]); err != nil {
		return err
	}
	view, err := c.follow(ctx, isComplete)
	if err != nil {
		return err
	}
	return c.report(view)
}

// rates replaces the rate that the app publishes and that of the project: 150 messages a second. Omit it in your program.
var rates = relay.WithRates(150, 150)

// wrongRegion runs a worker whose client is of a region in which the app does not exist, until the relay has paused the app.
func (c *campaign) wrongRegion(ctx context.Context) error {
	elsewhere := conversationtest.NewServer(conversationtest.Config{
		ProjectID: c.p.Fake.ProjectID(), KeyID: c.p.Fake.KeyID(), KeySecret: c.p.Fake.KeySecret(),
	})
	defer elsewhere.Close()
	client, err := conversation.NewClient(elsewhere.ProjectID(), elsewhere.Options()...)
	if err != nil {
		return err
	}
	stop := c.startWorker(ctx, client, rates)
	defer stop()
	view, err := c.follow(ctx, func(view *relay.Overview) bool { return len(view.Pauses) > 0 })
	if err != nil {
		return err
	}
	c.say("Paused: %s. %s", view.Pauses[0].Scope, view.Pauses[0].Reason)
	return nil
}

// mend continues after a wrong setting, and retries what was rejected because of it.
func (c *campaign) mend(ctx context.Context) error {
	scope := relay.Scope{App: c.appID}
	if err := c.outbox.Resume(ctx, scope); err != nil { // now, rather than with the next probe
		return err
	}
	count := 0
	for entry, err := range c.outbox.List(ctx, relay.ListParams{App: c.appID, State: relay.StateRejected}) {
		if err != nil {
			return err
		}
		if err := c.outbox.Retry(ctx, entry.ID); err != nil {
			return err
		}
		count++
	}
	c.say("The region is right now. %d messages that were rejected are in the queue again.", count)
	return nil
}

// pauseForCodes pauses the app when a third of the campaign is sent, enqueues codes behind it, and resumes.
func (c *campaign) pauseForCodes(ctx context.Context, people []person) error {
	aThird := func(view *relay.Overview) bool {
		return view.States[relay.StateAccepted] >= view.States[relay.StateQueued]/2
	}
	if _, err := c.follow(ctx, aThird); err != nil {
		return err
	}
	scope := relay.Scope{App: c.appID}
	if err := c.outbox.Pause(ctx, scope); err != nil {
		return err
	}
	view, err := c.follow(ctx, isQuiet())
	if err != nil {
		return err
	}
	c.say("Paused: %d messages of the campaign wait.", view.States[relay.StateQueued])
	if err := c.enqueue(ctx, c.codes(people)); err != nil {
		return err
	}
	if err := c.outbox.Resume(ctx, scope); err != nil {
		return err
	}
	c.say("Resumed: the codes are sent first.")
	return nil
}

// isQuiet returns a function that reports whether nothing was sent for a second.
func isQuiet() func(*relay.Overview) bool {
	var sent int
	var since time.Time
	return func(view *relay.Overview) bool {
		if now := view.States[relay.StateAccepted]; since.IsZero() || now != sent {
			sent, since = now, view.At
		}
		return view.At.Sub(since) >= time.Second
	}
}

// report compares the queue with what the fake received.
func (c *campaign) report(view *relay.Overview) error {
	times := make(map[string]int)
	twice := 0
	for _, sent := range c.p.Fake.Sent() {
		if times[sent.Request.CorrelationID]++; times[sent.Request.CorrelationID] == 2 {
			twice++
		}
	}
	arrived := delivered(view)
	c.say("%d delivered. The fake received %d messages, %d of them twice.", arrived, len(times), twice)
	if twice > 0 || arrived != len(times) || arrived != view.States[relay.StateAccepted] {
		return fmt.Errorf("the queue and the fake disagree: %d accepted, %d delivered, %d sent, %d twice",
			view.States[relay.StateAccepted], arrived, len(times), twice)
	}
	return nil
}
