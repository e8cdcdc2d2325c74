package webhook

import "github.com/sinchgo/conversation"

// Sender returns the recipient of an answer: the contact that wrote the message, or else its channel identity. An app
// in dispatch mode, which is the default of the platform, has no contacts, so that only the identity is there. The
// identity keeps its app id, which channels such as Messenger have; [conversation.DialectPlatform] leaves it out.
//
// If the message has neither, the result is empty, and a request with it is rejected before anything is sent.
func (e *MessageInbound) Sender() conversation.Recipient {
	return sender(e.Message.ContactID, e.Message.ChannelIdentity)
}

// Sender returns the recipient of an answer, as that of [MessageInbound] does.
func (e *MessageInboundRedaction) Sender() conversation.Recipient {
	return sender(e.MessageRedaction.ContactID, e.MessageRedaction.ChannelIdentity)
}

// Sender returns the recipient of an answer, as that of [MessageInbound] does.
func (e *EventInbound) Sender() conversation.Recipient {
	return sender(e.Event.ContactID, e.Event.ChannelIdentity)
}

// Sender returns the recipient of an answer, as that of [MessageInbound] does.
func (e *Unsupported) Sender() conversation.Recipient {
	return sender(e.UnsupportedCallback.ContactID, e.UnsupportedCallback.ChannelIdentity)
}

// Sender returns the recipient of a welcome, as that of [MessageInbound] does.
func (e *OptIn) Sender() conversation.Recipient {
	notification := e.OptInNotification
	return sender(notification.ContactID, &conversation.ChannelIdentity{Channel: notification.Channel, Identity: notification.Identity})
}

func sender(contactID string, identity *conversation.ChannelIdentity) conversation.Recipient {
	switch {
	case contactID != "":
		return conversation.ToContact(contactID)
	case identity != nil && identity.Identity != "":
		return conversation.ToChannels(*identity)
	default:
		return conversation.Recipient{}
	}
}
