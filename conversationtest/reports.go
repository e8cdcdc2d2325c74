package conversationtest

import (
	"cmp"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
)

func withDefaults(reason conversation.Reason) *conversation.Reason {
	reason.Code = cmp.Or(reason.Code, conversation.ReasonUnknown)
	reason.SubCode = cmp.Or(reason.SubCode, conversation.ReasonSubCodeUnspecified)
	return &reason
}

// QueueOnChannel reports that a message is queued on its channel. Like the other reports, it goes to the webhooks for
// MESSAGE_DELIVERY and does not change the message. It returns an error if the server has not accepted such a message.
func (s *Server) QueueOnChannel(messageID string) error {
	return s.report(messageID, conversation.DeliveryStatusQueuedOnChannel, nil)
}

// Deliver reports that a message was delivered to the device of the contact.
func (s *Server) Deliver(messageID string) error {
	return s.report(messageID, conversation.DeliveryStatusDelivered, nil)
}

// Read reports that the contact has read a message.
func (s *Server) Read(messageID string) error {
	return s.report(messageID, conversation.DeliveryStatusRead, nil)
}

// Fail reports that a message cannot be delivered. A reason without a code has the code UNKNOWN, and one without a
// sub-code UNSPECIFIED_SUB_CODE.
func (s *Server) Fail(messageID string, reason conversation.Reason) error {
	return s.report(messageID, conversation.DeliveryStatusFailed, withDefaults(reason))
}

func (s *Server) report(messageID string, status conversation.DeliveryStatus, reason *conversation.Reason) error {
	for _, project := range s.current().projects {
		if project.report(messageID, status, reason, project.now()) {
			return nil
		}
	}
	return fmt.Errorf("conversationtest: cannot report %s: no message %q was sent", status, messageID)
}

// report sends a delivery report to the webhooks. It reports whether the project sent such a message.
func (p *project) report(messageID string, status conversation.DeliveryStatus, reason *conversation.Reason, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	stored := p.sent(messageID)
	if stored == nil {
		return false
	}
	message := stored.message
	p.emit(conversation.TriggerMessageDelivery, stored.appID, now, event{
		MessageMetadata: message.Metadata,
		CorrelationID:   stored.correlationID,
		Delivery: &conversation.MessageDeliveryReport{
			MessageID:       message.ID,
			ConversationID:  message.ConversationID,
			Status:          status,
			ChannelIdentity: message.ChannelIdentity,
			ContactID:       message.ContactID,
			Reason:          reason,
			Metadata:        message.Metadata,
			ProcessingMode:  message.ProcessingMode,
		},
	})
	return true
}
