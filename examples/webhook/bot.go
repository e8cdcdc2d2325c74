package main

import (
	"context"
	"sync"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/webhook"
)

// bot echoes each text message.
type bot struct {
	client *conversation.Client
	p      *setup.Program

	mu     sync.Mutex
	states map[string]conversation.DeliveryStatus // by message id
}

// answer is called once for each message of a contact. After an error Sinch delivers the callback again, so it returns one
// only if the answer provably was not sent.
func (b *bot) answer(ctx context.Context, e *webhook.MessageInbound) error {
	text := e.Message.ContactMessage.Text()
	if text == "" || e.Message.ChannelIdentity == nil {
		return nil
	}
	b.p.Printf("%s wrote %q.\n", b.p.Identities(*e.Message.ChannelIdentity), text)
	sent, err := b.client.Messages.Send(ctx, &conversation.SendMessageRequest{
		AppID:     e.AppID,
		Recipient: e.Sender(),
		Message:   conversation.Text(text),
	})
	switch {
	case err == nil:
		b.p.Printf("Answered with message %s.\n", sent.MessageID)
	case conversation.OutcomeOf(err) == conversation.OutcomeNotSent:
		return err
	default: // Another try could message the contact twice, or would be rejected again.
		b.p.Printf("Possibly not answered: %v\n", err)
	}
	return nil
}

// note is called for each delivery report. Reports may be duplicated and out of order: Fold keeps the furthest state.
func (b *bot) note(_ context.Context, e *webhook.MessageDelivery) error {
	report := e.MessageDeliveryReport
	b.mu.Lock()
	defer b.mu.Unlock()
	before := b.states[report.MessageID]
	after := webhook.Fold(before, report.Status)
	b.states[report.MessageID] = after
	if after != before {
		b.p.Printf("Message %s is now %s.\n", report.MessageID, after)
	}
	return nil
}
