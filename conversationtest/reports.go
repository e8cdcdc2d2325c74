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
// MESSAGE_DELIVERY, or to the callback URL of the message, and it changes the status of the message, unless that is later
// already (see [webhook.Fold]). It returns an error if the server has not accepted such a message.
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

// SwitchChannel reports that a message failed on its channel, and is sent on the next one instead: SWITCHING_CHANNEL,
// with the reason CHANNEL_FAILURE. Later reports are about the next channel. The channels are those of the recipient,
// in the order of the request's channel_priority_order, else in that of the identities in the request, else in that of
// the contact. It also returns an error if the message has no further channel.
func (s *Server) SwitchChannel(messageID string) error {
	return s.report(messageID, conversation.DeliveryStatusSwitchingChannel, channelFailure("Server.SwitchChannel was called"))
}

func channelFailure(description string) *conversation.Reason {
	return withDefaults(conversation.Reason{Code: conversation.ReasonChannelFailure, Description: description})
}

func (s *Server) report(messageID string, status conversation.DeliveryStatus, reason *conversation.Reason) error {
	for _, project := range s.current().projects {
		if project.hasSent(messageID) {
			return project.report(messageID, status, reason, project.now())
		}
	}
	return errNotSent(messageID, status)
}

func errNotSent(messageID string, status conversation.DeliveryStatus) error {
	return fmt.Errorf("conversationtest: cannot report %s: no message %q was sent", status, messageID)
}

// report sends a delivery report, and updates the message.
func (p *project) report(messageID string, status conversation.DeliveryStatus, reason *conversation.Reason, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	stored := p.sent(messageID)
	if stored == nil {
		return errNotSent(messageID, status)
	}
	switches := status == conversation.DeliveryStatusSwitchingChannel
	if switches && len(stored.fallbacks) == 0 {
		return fmt.Errorf("conversationtest: cannot report %s: the recipient of message %q has no further channel: "+
			"send it to identities on several channels", status, messageID)
	}
	message := stored.message
	p.publisher.publish(feedReport, newFeedReport(stored.appID, message, status, reason, now), 0)
	p.emitAbout(message.ID, conversation.TriggerMessageDelivery, stored.appID, now, event{
		MessageMetadata: message.Metadata,
		CorrelationID:   stored.correlationID,
		Delivery: stored.batch.report(&conversation.MessageDeliveryReport{
			MessageID:       message.ID,
			ConversationID:  message.ConversationID,
			Status:          status,
			ChannelIdentity: message.ChannelIdentity,
			ContactID:       message.ContactID,
			Reason:          reason,
			Metadata:        message.Metadata,
			ProcessingMode:  message.ProcessingMode,
		}),
	})
	reported := stored.reported(status, reason, now)
	if switches {
		reported = p.switched(reported)
	}
	p.replace(reported)
	return nil
}
