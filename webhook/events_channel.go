package webhook

import "github.com/sinchgo/conversation"

// ChannelEvent is about a channel of the app, such as a change of its quality rating.
type ChannelEvent struct {
	Envelope
	ChannelEventNotification conversation.ChannelEventNotification `json:"channel_event_notification"`
}

// Trigger gives CHANNEL_EVENT.
func (*ChannelEvent) Trigger() conversation.WebhookTrigger { return conversation.TriggerChannelEvent }

// RecordNotification says that the platform stored a record.
type RecordNotification struct {
	Envelope
	RecordNotification conversation.RecordNotification `json:"record_notification"`
}

// Trigger gives RECORD_NOTIFICATION.
func (*RecordNotification) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerRecordNotification
}

// Unsupported is something that the platform got from a channel and has no kind for.
type Unsupported struct {
	Envelope
	UnsupportedCallback conversation.UnsupportedCallback `json:"unsupported_callback"`
}

// Trigger gives UNSUPPORTED.
func (*Unsupported) Trigger() conversation.WebhookTrigger { return conversation.TriggerUnsupported }
