package webhook

import "github.com/sinchgo/conversation"

// MessageInbound is a message from a contact.
type MessageInbound struct {
	Envelope
	Message conversation.InboundMessage `json:"message"`
}

// Trigger returns MESSAGE_INBOUND.
func (*MessageInbound) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerMessageInbound
}

// MessageInboundRedaction is a message from a contact with its personal data masked.
type MessageInboundRedaction struct {
	Envelope
	MessageRedaction conversation.InboundMessage `json:"message_redaction"`
}

// Trigger returns MESSAGE_INBOUND_SMART_CONVERSATION_REDACTION.
func (*MessageInboundRedaction) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerMessageInboundSmartConversationRedaction
}

// MessageSubmit reports that a message was submitted to its channel.
type MessageSubmit struct {
	Envelope
	MessageSubmitNotification conversation.MessageSubmitNotification `json:"message_submit_notification"`
}

// Trigger returns MESSAGE_SUBMIT.
func (*MessageSubmit) Trigger() conversation.WebhookTrigger { return conversation.TriggerMessageSubmit }

// MessageDelivery reports the delivery status of a message. Reports can be duplicated and out of order: see [Fold].
type MessageDelivery struct {
	Envelope
	MessageDeliveryReport conversation.MessageDeliveryReport `json:"message_delivery_report"`
}

// Trigger returns MESSAGE_DELIVERY.
func (*MessageDelivery) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerMessageDelivery
}

// EventInbound is an event from a contact that is not a message, such as typing or a reaction.
type EventInbound struct {
	Envelope
	Event conversation.InboundEvent `json:"event"`
}

// Trigger returns EVENT_INBOUND.
func (*EventInbound) Trigger() conversation.WebhookTrigger { return conversation.TriggerEventInbound }

// EventDelivery reports the delivery status of an event that the app sent. Reports can be duplicated and out of order: see
// [Fold].
type EventDelivery struct {
	Envelope
	EventDeliveryReport conversation.EventDeliveryReport `json:"event_delivery_report"`
}

// Trigger returns EVENT_DELIVERY.
func (*EventDelivery) Trigger() conversation.WebhookTrigger { return conversation.TriggerEventDelivery }

// SmartConversations is the result of machine learning on a message from a contact.
type SmartConversations struct {
	Envelope
	SmartConversationNotification conversation.SmartConversationNotification `json:"smart_conversation_notification"`
}

// Trigger returns SMART_CONVERSATIONS.
func (*SmartConversations) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerSmartConversations
}
