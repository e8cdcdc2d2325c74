package webhook

import "github.com/sinchgo/conversation"

// ChannelEvent is about a channel of the app, such as a change of its quality rating.
type ChannelEvent struct {
	Envelope
	ChannelEventNotification conversation.ChannelEventNotification `json:"channel_event_notification"`
}

// Trigger returns CHANNEL_EVENT.
func (*ChannelEvent) Trigger() conversation.WebhookTrigger { return conversation.TriggerChannelEvent }

// RecordNotification reports that the platform stored a record.
type RecordNotification struct {
	Envelope
	RecordNotification conversation.RecordNotification `json:"record_notification"`
}

// Trigger returns RECORD_NOTIFICATION.
func (*RecordNotification) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerRecordNotification
}

// Unsupported is something that the platform received from a channel and does not support.
type Unsupported struct {
	Envelope
	UnsupportedCallback conversation.UnsupportedCallback `json:"unsupported_callback"`
}

// Trigger returns UNSUPPORTED.
func (*Unsupported) Trigger() conversation.WebhookTrigger { return conversation.TriggerUnsupported }
