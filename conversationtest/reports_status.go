package conversationtest

import (
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// reported returns the message after a delivery report. A status that is later than that of the report remains.
func (m *storedMessage) reported(status conversation.DeliveryStatus, reason *conversation.Reason, now time.Time) *storedMessage {
	var before conversation.DeliveryStatus
	if m.message.MessageStatus != nil {
		before = conversation.DeliveryStatus(m.message.MessageStatus.Status)
	}
	after := webhook.Fold(before, status)
	if after == before {
		return m
	}
	reached := &conversation.MessageStatus{
		Status:    conversation.MessageStatusCode(after),
		EventTime: conversation.Time{Time: now},
	}
	if after == conversation.DeliveryStatusFailed {
		reached.Reason = reasonText(*reason)
	}
	return m.with(func(message *conversation.ConversationMessage) { message.MessageStatus = reached })
}

// reasonText returns a reason as text, without a sub-code that says nothing.
func reasonText(reason conversation.Reason) string {
	if reason.SubCode == conversation.ReasonSubCodeUnspecified {
		reason.SubCode = ""
	}
	return reason.String()
}

// switched returns the message on its next channel, which becomes the active one of its conversation. The caller holds the
// mutex.
func (p *project) switched(stored *storedMessage) *storedMessage {
	next := stored.fallbacks[0]
	moved := stored.with(func(message *conversation.ConversationMessage) { message.ChannelIdentity = &next })
	moved.fallbacks = stored.fallbacks[1:]
	if active, err := p.conversations.find(moved.message.ConversationID); err == nil {
		changed := *active
		changed.ActiveChannel = next.Channel
		p.conversations.put(&changed)
	}
	return moved
}

// hasSent reports whether an app of the project has sent the message. It locks the mutex.
func (p *project) hasSent(messageID string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sent(messageID) != nil
}
