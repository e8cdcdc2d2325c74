package webhook

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/internal/wire"
)

// identified is an event that has the channel identity of a person.
type identified interface {
	channelIdentity() **conversation.ChannelIdentity
}

func (e *MessageInbound) channelIdentity() **conversation.ChannelIdentity {
	return &e.Message.ChannelIdentity
}

func (e *MessageInboundRedaction) channelIdentity() **conversation.ChannelIdentity {
	return &e.MessageRedaction.ChannelIdentity
}

func (e *MessageSubmit) channelIdentity() **conversation.ChannelIdentity {
	return &e.MessageSubmitNotification.ChannelIdentity
}

func (e *MessageDelivery) channelIdentity() **conversation.ChannelIdentity {
	return &e.MessageDeliveryReport.ChannelIdentity
}

func (e *EventInbound) channelIdentity() **conversation.ChannelIdentity {
	return &e.Event.ChannelIdentity
}

func (e *EventDelivery) channelIdentity() **conversation.ChannelIdentity {
	return &e.EventDeliveryReport.ChannelIdentity
}

func (e *RecordNotification) channelIdentity() **conversation.ChannelIdentity {
	return &e.RecordNotification.ChannelIdentity
}

func (e *Unsupported) channelIdentity() **conversation.ChannelIdentity {
	return &e.UnsupportedCallback.ChannelIdentity
}

// oldIdentity is a channel identity in old documents: the channel is a field of the payload, and channel_identity is the
// address, or an object that may lack the channel.
type oldIdentity struct {
	Channel         conversation.Channel `json:"channel"`
	ChannelIdentity json.RawMessage      `json:"channel_identity"`
}

// completeIdentity fills what the channel identity of an event lacks from the old form.
func completeIdentity(event Event, body []byte, payload string) {
	switch event := event.(type) {
	case identified:
		identity := event.channelIdentity()
		if *identity != nil && (*identity).Channel != "" && (*identity).Identity != "" {
			return
		}
		old := oldIdentityOf(body, payload)
		if *identity == nil {
			address := old.address()
			_, hasChannel := event.(*Unsupported)
			if address == "" && (old.Channel == "" || hasChannel) {
				return
			}
			*identity = &conversation.ChannelIdentity{Identity: address}
		}
		(*identity).Channel = cmp.Or((*identity).Channel, old.Channel)
	case *SmartConversations: // its type has the old form
		notification := &event.SmartConversationNotification
		if notification.ChannelIdentity != "" {
			return
		}
		var identity conversation.ChannelIdentity
		_, _ = wire.Decode(oldIdentityOf(body, payload).ChannelIdentity, &identity)
		notification.Channel = cmp.Or(notification.Channel, identity.Channel)
		notification.ChannelIdentity = identity.Identity
	}
}

// oldIdentityOf decodes the old form from a payload. The result is empty if it is not there.
func oldIdentityOf(body []byte, payload string) (old oldIdentity) {
	var top map[string]json.RawMessage
	_ = json.Unmarshal(body, &top) // the body was decoded before
	for name, content := range top {
		if strings.EqualFold(name, payload) {
			_, _ = wire.Decode(content, &old)
		}
	}
	return old
}

// address returns the address that channel_identity is, or "" if it is an object.
func (o oldIdentity) address() (address string) {
	_, _ = wire.Decode(o.ChannelIdentity, &address)
	return address
}
