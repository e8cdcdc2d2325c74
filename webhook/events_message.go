package webhook

import "github.com/sinchgo/conversation"

// MessageInbound is a message from a contact.
type MessageInbound struct {
	Envelope
	Message conversation.MessageInboundEventItem `json:"message"`
}

// Trigger gives MESSAGE_INBOUND.
func (*MessageInbound) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerMessageInbound
}

// MessageInboundRedaction is a message from a contact with its personal data masked.
type MessageInboundRedaction struct {
	Envelope
	MessageRedaction conversation.MessageInboundEventItem `json:"message_redaction"`
}

// Trigger gives MESSAGE_INBOUND_SMART_CONVERSATION_REDACTION.
func (*MessageInboundRedaction) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerMessageInboundSmartConversationRedaction
}

// MessageSubmit says that a message was handed to its channel.
type MessageSubmit struct {
	Envelope
	MessageSubmitNotification conversation.MessageSubmitNotification `json:"message_submit_notification"`
}

// Trigger gives MESSAGE_SUBMIT.
func (*MessageSubmit) Trigger() conversation.WebhookTrigger { return conversation.TriggerMessageSubmit }

// MessageDelivery says how far a message has come. Reports come twice and out of order: see [Fold].
type MessageDelivery struct {
	Envelope
	MessageDeliveryReport conversation.MessageDeliveryReport `json:"message_delivery_report"`
}

// Trigger gives MESSAGE_DELIVERY.
func (*MessageDelivery) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerMessageDelivery
}

// EventInbound is something that a contact did other than writing a message, such as typing or reacting.
type EventInbound struct {
	Envelope
	Event conversation.EventInboundEvent `json:"event"`
}

// Trigger gives EVENT_INBOUND.
func (*EventInbound) Trigger() conversation.WebhookTrigger { return conversation.TriggerEventInbound }

// EventDelivery says how far an event that the app sent has come. Reports come twice and out of order: see [Fold].
type EventDelivery struct {
	Envelope
	EventDeliveryReport conversation.EventDeliveryReport `json:"event_delivery_report"`
}

// Trigger gives EVENT_DELIVERY.
func (*EventDelivery) Trigger() conversation.WebhookTrigger { return conversation.TriggerEventDelivery }

// SmartConversations is what machine learning made of a message of a contact.
type SmartConversations struct {
	Envelope
	SmartConversationNotification conversation.SmartConversationNotification `json:"smart_conversation_notification"`
}

// Trigger gives SMART_CONVERSATIONS.
func (*SmartConversations) Trigger() conversation.WebhookTrigger {
	return conversation.TriggerSmartConversations
}
