package conversationtest

import (
	"cmp"
	"fmt"
	"time"

	"github.com/sinchgo/conversation"
)

// Reason says why a message failed, as in the delivery reports of the platform.
type Reason struct {
	// Code is one of the platform's codes, such as RECIPIENT_NOT_REACHABLE. Empty: UNKNOWN.
	Code string `json:"code"`

	// Description is for people.
	Description string `json:"description,omitempty"`

	// SubCode says more, such as ATTACHMENT_REJECTED. Empty: UNSPECIFIED_SUB_CODE.
	SubCode string `json:"sub_code"`

	// ChannelCode is what the channel called it.
	ChannelCode string `json:"channel_code,omitempty"`
}

func (r Reason) withDefaults() *Reason {
	return &Reason{
		Code:        cmp.Or(r.Code, "UNKNOWN"),
		Description: r.Description,
		SubCode:     cmp.Or(r.SubCode, "UNSPECIFIED_SUB_CODE"),
		ChannelCode: r.ChannelCode,
	}
}

// QueueOnChannel reports that a message was handed to its channel. Like the other reports, it goes to the webhooks for
// MESSAGE_DELIVERY, changes nothing in the message, and is an error if the server has not accepted such a message.
func (s *Server) QueueOnChannel(messageID string) error {
	return s.report(messageID, queuedOnChannel, nil)
}

// Deliver reports that a message reached the contact's device.
func (s *Server) Deliver(messageID string) error { return s.report(messageID, delivered, nil) }

// Read reports that the contact has read a message.
func (s *Server) Read(messageID string) error { return s.report(messageID, read, nil) }

// Fail reports that a message cannot be delivered.
func (s *Server) Fail(messageID string, reason Reason) error {
	return s.report(messageID, failed, reason.withDefaults())
}

type deliveryStatus string

const (
	queuedOnChannel deliveryStatus = "QUEUED_ON_CHANNEL"
	delivered       deliveryStatus = "DELIVERED"
	read            deliveryStatus = "READ"
	failed          deliveryStatus = "FAILED"
)

func (s *Server) report(messageID string, status deliveryStatus, reason *Reason) error {
	for _, project := range s.projects {
		if project.report(messageID, status, reason, project.now()) {
			return nil
		}
	}
	return fmt.Errorf("conversationtest: no report %s: no message %q was sent", status, messageID)
}

// report tells the webhooks what became of a message, if it is one that was sent.
func (p *project) report(messageID string, status deliveryStatus, reason *Reason, now time.Time) bool {
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
		Delivery: &deliveryReport{
			MessageID:       message.ID,
			ConversationID:  message.ConversationID,
			Status:          status,
			ChannelIdentity: message.ChannelIdentity,
			ContactID:       message.ContactID,
			Reason:          reason,
			Metadata:        message.Metadata,
			ProcessingMode:  p.mode,
		},
	})
	return true
}
