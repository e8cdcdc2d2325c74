package main

import (
	"context"
	"fmt"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/relay"
)

// report prints the outcome of the messages, and checks it against the fake.
func report(ctx context.Context, p *setup.Program, queue *relay.Relay) error {
	counts, err := queue.Outbox().Counts(ctx)
	if err != nil {
		return err
	}
	p.Printf("\n%d accepted, %d rejected, %d unknown.\n", counts[relay.StateAccepted], counts[relay.StateRejected], counts[relay.StateUnknown])
	if p.Live {
		return nil
	}
	sent := sentByID(p.Fake)
	arrived, err := arrivedUnknown(ctx, queue.Outbox(), sent)
	if err != nil {
		return err
	}
	twice := 0
	for _, times := range sent {
		if times > 1 {
			twice++
		}
	}
	p.Printf("The fake received %d messages, %d of them twice. It received %d of the unknown ones.\n", len(sent), twice, arrived)
	if twice > 0 || len(sent) != counts[relay.StateAccepted]+arrived {
		return fmt.Errorf("the queue and the fake disagree: %d accepted, %d sent, %d twice", counts[relay.StateAccepted], len(sent), twice)
	}
	return nil
}

// sentByID counts how often the fake received each message.
func sentByID(fake *conversationtest.Server) map[string]int {
	times := make(map[string]int)
	for _, sent := range fake.Sent() {
		times[sent.Request.CorrelationID]++
	}
	return times
}

// arrivedUnknown counts the unknown messages that were sent. In a real campaign, only a callback can report that.
func arrivedUnknown(ctx context.Context, outbox *relay.Outbox, sent map[string]int) (int, error) {
	arrived := 0
	for entry, err := range outbox.Unknown(ctx) {
		if err != nil {
			return 0, err
		}
		if sent[entry.ID] > 0 {
			arrived++
		}
	}
	return arrived, nil
}
