package conversationtest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
)

// controlReport is the body of a delivery report. Each path accepts a part of it.
type controlReport struct {
	MessageID string `json:"message_id"`
}

type controlFailure struct {
	MessageID   string                     `json:"message_id"`
	Code        conversation.ReasonCode    `json:"code"`
	Description string                     `json:"description"`
	SubCode     conversation.ReasonSubCode `json:"sub_code"`
}

type controlSwitch struct {
	MessageID string               `json:"message_id"`
	Channel   conversation.Channel `json:"channel"`
}

// controlReported is the answer to a delivery report, with the channel of the message after it.
type controlReported struct {
	MessageID string                      `json:"message_id"`
	Status    conversation.DeliveryStatus `json:"status"`
	Channel   conversation.Channel        `json:"channel,omitempty"`
}

func (c *controlCall) queueOnChannel() (any, error) {
	return c.report(conversation.DeliveryStatusQueuedOnChannel)
}

func (c *controlCall) deliver() (any, error) { return c.report(conversation.DeliveryStatusDelivered) }

func (c *controlCall) readByContact() (any, error) { return c.report(conversation.DeliveryStatusRead) }

func (c *controlCall) report(status conversation.DeliveryStatus) (any, error) {
	var body controlReport
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return c.reported(body.MessageID, status, nil, "")
}

func (c *controlCall) fail() (any, error) {
	var body controlFailure
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return c.reported(body.MessageID, conversation.DeliveryStatusFailed, withDefaults(conversation.Reason{
		Code:        cmp.Or(body.Code, conversation.ReasonChannelFailure),
		Description: body.Description,
		SubCode:     body.SubCode,
	}), "")
}

func (c *controlCall) switchChannel() (any, error) {
	var body controlSwitch
	if err := c.read(&body); err != nil {
		return nil, err
	}
	return c.reported(body.MessageID, conversation.DeliveryStatusSwitchingChannel,
		channelFailure("The control API has switched the channel"), body.Channel)
}

// reported sends a delivery report if it can follow the last one about the message. To is the channel that a message
// switches to. If it is empty, that is the next one.
func (c *controlCall) reported(
	messageID string, status conversation.DeliveryStatus, reason *conversation.Reason, to conversation.Channel,
) (any, error) {
	c.server.reporting.Lock()
	defer c.server.reporting.Unlock()
	p, sent, err := c.sentMessage(messageID)
	if err != nil {
		return nil, err
	}
	if last := statusOf(sent.message); !canFollow(status, last) {
		return nil, c.invalid("message_id: the message %q is %s already, and %s cannot follow", messageID, last, status)
	}
	if status == conversation.DeliveryStatusSwitchingChannel {
		if err := c.prefer(p, sent, to); err != nil {
			return nil, err
		}
	}
	if err := p.report(messageID, status, reason, p.now()); err != nil {
		return nil, c.notFound("message_id: the message %q was deleted", messageID)
	}
	answer := controlReported{MessageID: messageID, Status: status}
	if _, after, err := c.sentMessage(messageID); err == nil && after.message.ChannelIdentity != nil {
		answer.Channel = after.message.ChannelIdentity.Channel
	}
	return answer, nil
}

// sentMessage returns a message that an app sent, and its project.
func (c *controlCall) sentMessage(id string) (*project, *storedMessage, error) {
	if id == "" {
		return nil, nil, c.invalid("message_id: it is required: use the id of a message in GET /_fake/state")
	}
	for _, p := range c.state.projects {
		p.mu.Lock()
		stored := p.sent(id)
		p.mu.Unlock()
		if stored != nil {
			return p, stored, nil
		}
	}
	return nil, nil, c.notFound("message_id: no message %q was sent: GET /_fake/state lists the messages", id)
}

// prefer moves a channel of a message to the front of those that have not been tried. An empty channel is the next one.
func (c *controlCall) prefer(p *project, sent *storedMessage, channel conversation.Channel) error {
	var channels []string
	for _, identity := range sent.fallbacks {
		channels = append(channels, string(identity.Channel))
	}
	switch at := slices.Index(channels, string(channel)); {
	case len(channels) == 0:
		return c.invalid("message_id: the message %q has no further channel: send it to identities on several channels",
			sent.message.ID)
	case channel == "":
		return nil
	case at < 0:
		return c.invalid("channel: the message cannot be sent on %q: use %s", channel, strings.Join(channels, " or "))
	default:
		p.mu.Lock()
		defer p.mu.Unlock()
		if stored := p.sent(sent.message.ID); stored != nil {
			changed := *stored
			changed.fallbacks = slices.Concat(sent.fallbacks[at:at+1], sent.fallbacks[:at], sent.fallbacks[at+1:])
			p.replace(&changed)
		}
		return nil
	}
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
