package command

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// reportWatcher receives the delivery reports of a message.
type reportWatcher struct {
	tracker *webhook.Tracker
	server  *callbackServer
}

// newReportWatcher starts to listen. It returns an error if no report can come.
func (p *program) newReportWatcher(
	ctx context.Context, client *conversation.Client, f *sendFlags, request *conversation.SendMessageRequest,
) (*reportWatcher, error) {
	receiver, err := p.newReceiver(f.secretVariables)
	if err != nil {
		return nil, err
	}
	if request.CallbackURL == "" {
		if err := hasDeliveryWebhook(ctx, client, request.AppID); err != nil {
			return nil, err
		}
	}
	watch := &reportWatcher{tracker: webhook.NewTracker()}
	watch.tracker.Follow(receiver)
	watch.server, err = listenOn(ctx, f.listen, receiver)
	if err != nil {
		return nil, usageError("--listen: %w", err)
	}
	p.Note("Listening on %s for delivery reports.", watch.server.url(""))
	return watch, nil
}

// hasDeliveryWebhook returns an error if the app has no webhook that gets delivery reports.
func hasDeliveryWebhook(ctx context.Context, client *conversation.Client, appID string) error {
	list, err := client.Webhooks.List(ctx, appID)
	if err != nil {
		return fmt.Errorf("nothing was sent: the webhooks of the app are unknown: %w", err)
	}
	if slices.ContainsFunc(list.Webhooks, func(hook conversation.Webhook) bool {
		return hook.TargetType != conversation.TargetTypeDismiss && slices.Contains(hook.Triggers, conversation.TriggerMessageDelivery)
	}) {
		return nil
	}
	return usageError("--listen: the app has no webhook for MESSAGE_DELIVERY, so no report would come: " +
		"create one whose target reaches the address, or add --callback-url")
}

func (w *reportWatcher) next(ctx context.Context, messageID string, last conversation.DeliveryStatus) (messageState, error) {
	next := conversation.DeliveryStatusRead
	for _, status := range []conversation.DeliveryStatus{
		conversation.DeliveryStatusQueuedOnChannel, conversation.DeliveryStatusSwitchingChannel, conversation.DeliveryStatusDelivered,
	} {
		if status.Rank() > last.Rank() {
			next = status
			break
		}
	}
	report, err := w.tracker.Wait(ctx, messageID, next)
	if err != nil {
		return messageState{}, err
	}
	state := messageState{MessageID: messageID, Status: report.Status, At: time.Now().UTC()}
	if to := report.ChannelIdentity; to != nil {
		state.Channel, state.Identity = to.Channel, to.Identity
	}
	if report.Reason != nil {
		state.Reason = report.Reason.String()
	}
	return state, nil
}

func (*reportWatcher) silence() string {
	return "no delivery report came: check that the target of the webhook reaches the address of --listen"
}

func (w *reportWatcher) close() {
	w.tracker.Close()
	_ = w.server.close() // The message was sent, and its reports are printed: nothing depends on it.
}
