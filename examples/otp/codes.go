package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// patience is how long each channel has to deliver a code.
const patience = 2 * time.Minute

// codes sends one-time passwords. Its tracker follows the receiver of the app's callbacks.
type codes struct {
	client  *conversation.Client
	tracker *webhook.Tracker
	appID   string
}

// Send sends a code over WhatsApp and, if that does not deliver it, over SMS. It returns the channel that delivered it.
func (c *codes) Send(ctx context.Context, phone, code string) (conversation.Channel, error) {
	var problems []error
	for _, channel := range []conversation.Channel{conversation.ChannelWhatsApp, conversation.ChannelSMS} {
		err := c.sendOver(ctx, channel, phone, code)
		if err == nil {
			return channel, nil
		}
		problems = append(problems, fmt.Errorf("%s: %w", channel, err))
	}
	return "", errors.Join(problems...)
}

// sendOver sends a code over a channel, and waits until it is delivered.
func (c *codes) sendOver(ctx context.Context, channel conversation.Channel, phone, code string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	id := rand.Text() // A message id is known only after the send, and not if its reply is lost.
	_, err := c.client.Messages.Send(ctx, &conversation.SendMessageRequest{
		AppID: c.appID, CorrelationID: id, TTL: int(patience.Seconds()),
		Recipient: conversation.ToChannel(channel, phone),
		Message:   conversation.Text("Your code is " + code + "."), // For WhatsApp itself: a template for authentication.
	})
	if err != nil && !errors.Is(err, conversation.ErrMaybeSent) {
		return err
	}
	report, err := c.tracker.Wait(ctx, id)
	if err == nil && report.Status == conversation.DeliveryStatusFailed {
		return fmt.Errorf("not delivered: %v", report.Reason)
	}
	return err
}
