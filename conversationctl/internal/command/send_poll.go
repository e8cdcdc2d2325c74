package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// pollEvery is the time between two requests for the status of a message.
const pollEvery = time.Second

// poller polls the status of a stored message.
type poller struct {
	client *conversation.Client
	source conversation.MessageSource
}

// newPoller returns a poller, or an error if the app keeps no status that could be polled.
func newPoller(ctx context.Context, client *conversation.Client, request *conversation.SendMessageRequest) (*poller, error) {
	app, err := client.Apps.Get(ctx, request.AppID)
	if err != nil {
		return nil, fmt.Errorf("nothing was sent: the settings of the app are unknown: %w", err)
	}
	if kept := app.PersistMessageStatus; kept != nil && !kept.Enabled {
		return nil, usageError("--wait: the app does not keep the status of messages (persist_message_status): add --listen, or have Sinch enable it")
	}
	dispatches := app.ProcessingMode != conversation.ProcessingModeConversation ||
		request.ProcessingStrategy == conversation.ProcessingStrategyDispatchOnly
	if !dispatches {
		return &poller{client, conversation.MessageSourceConversation}, nil
	}
	if retention := app.DispatchRetentionPolicy; retention == nil || retention.TTLDays == 0 {
		return nil, usageError("--wait: the message is sent in DISPATCH mode and not stored, so its status cannot be polled: " +
			"add --listen, or set the dispatch_retention_policy of the app")
	}
	return &poller{client, conversation.MessageSourceDispatch}, nil
}

func (*poller) silence() string { return "the app may not keep it: use --listen" }

func (*poller) close() {}

func (o *poller) next(ctx context.Context, messageID string, last conversation.DeliveryStatus) (messageState, error) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		message, err := o.client.Messages.Get(ctx, messageID, conversation.WithMessageSource(o.source))
		switch {
		case errors.Is(err, conversation.ErrNotFound): // It is not stored yet.
		case err != nil:
			return messageState{}, err
		case hasMoved(message.MessageStatus, last):
			return stateOf(message), nil
		}
		select {
		case <-ctx.Done():
			return messageState{}, ctx.Err()
		case <-tick.C:
		}
	}
}

func hasMoved(status *conversation.MessageStatus, last conversation.DeliveryStatus) bool {
	return status != nil && webhook.Fold(last, conversation.DeliveryStatus(status.Status)) != last
}

func stateOf(message *conversation.ConversationMessage) messageState {
	state := messageState{
		MessageID: message.ID, Status: conversation.DeliveryStatus(message.MessageStatus.Status),
		At: message.MessageStatus.EventTime.Time, Reason: message.MessageStatus.Reason,
	}
	if to := message.ChannelIdentity; to != nil {
		state.Channel, state.Identity = to.Channel, to.Identity
	}
	return state
}
