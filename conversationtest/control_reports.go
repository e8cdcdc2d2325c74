package conversationtest

import (
	"cmp"

	"github.com/sinchgo/conversation"
)

// controlReport is the body of a delivery report.
type controlReport struct {
	MessageID string `json:"message_id"`
}

type controlFailure struct {
	MessageID   string                     `json:"message_id"`
	Code        conversation.ReasonCode    `json:"code"`
	Description string                     `json:"description"`
	SubCode     conversation.ReasonSubCode `json:"sub_code"`
}

// controlReported is the answer to a delivery report.
type controlReported struct {
	MessageID string                         `json:"message_id"`
	Status    conversation.MessageStatusCode `json:"status"`
	Channel   conversation.Channel           `json:"channel,omitempty"`
}

func (c *controlCall) queueOnChannel() (any, error) {
	return c.report(conversation.DeliveryStatusQueuedOnChannel, c.server.QueueOnChannel)
}

func (c *controlCall) deliver() (any, error) {
	return c.report(conversation.DeliveryStatusDelivered, c.server.Deliver)
}

func (c *controlCall) readByContact() (any, error) {
	return c.report(conversation.DeliveryStatusRead, c.server.Read)
}

func (c *controlCall) report(status conversation.DeliveryStatus, report func(messageID string) error) (any, error) {
	var body controlReport
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return c.reported(body.MessageID, status, report)
}

func (c *controlCall) fail() (any, error) {
	var body controlFailure
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return c.reported(body.MessageID, conversation.DeliveryStatusFailed, func(messageID string) error {
		return c.server.Fail(messageID, conversation.Reason{
			Code:        cmp.Or(body.Code, conversation.ReasonChannelFailure),
			Description: body.Description,
			SubCode:     body.SubCode,
		})
	})
}

// reported sends a delivery report if it may follow the last one about the message.
func (c *controlCall) reported(
	messageID string, status conversation.DeliveryStatus, report func(messageID string) error,
) (any, error) {
	c.server.reporting.Lock()
	defer c.server.reporting.Unlock()
	p, before, err := c.sentMessage(messageID)
	if err != nil {
		return nil, err
	}
	if last := statusOf(before); !canFollow(status, last) {
		return nil, c.invalid("message_id: the message %q is %s already, and %s cannot follow", messageID, last, status)
	}
	if err := report(messageID); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	answer := controlReported{MessageID: messageID, Status: conversation.MessageStatusCode(status)}
	if after := p.sent(messageID); after != nil && after.message.ChannelIdentity != nil {
		answer.Channel = after.message.ChannelIdentity.Channel
	}
	return answer, nil
}

// sentMessage returns a message that an app sent, and its project.
func (c *controlCall) sentMessage(id string) (*project, *conversation.ConversationMessage, error) {
	if id == "" {
		return nil, nil, c.invalid("message_id: it is required: use the id of a message in GET /_fake/state")
	}
	for _, p := range c.state.projects {
		p.mu.Lock()
		stored := p.sent(id)
		p.mu.Unlock()
		if stored != nil {
			return p, stored.message, nil
		}
	}
	return nil, nil, c.notFound("message_id: no message %q was sent: GET /_fake/state lists the messages", id)
}

// canFollow reports whether a delivery report can follow the status of a message.
func canFollow(next conversation.DeliveryStatus, last conversation.MessageStatusCode) bool {
	switch last {
	case conversation.MessageStatusFailed, conversation.MessageStatusRead:
		return false
	case conversation.MessageStatusDelivered:
		return next == conversation.DeliveryStatusRead
	case conversation.MessageStatusQueuedOnChannel:
		return next != conversation.DeliveryStatusQueuedOnChannel
	default:
		return true
	}
}
