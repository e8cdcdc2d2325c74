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

// BatchStatusUpdate reports how far a batch of the Batch API has come. The platform lists its trigger nowhere but in
// its release notes, and few of the values are documented: Raw has what the notification has no field for, such as the
// status of an error.
type BatchStatusUpdate struct {
	Envelope
	BatchStatusUpdateNotification conversation.BatchStatusUpdateNotification `json:"batch_status_update_notification"`
}

// Trigger returns BATCH_STATUS_UPDATE.
func (*BatchStatusUpdate) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerBatchStatusUpdate
}
