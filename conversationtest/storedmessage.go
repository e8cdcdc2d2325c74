package conversationtest

import "github.com/sinchgo/conversation"

// storedMessage is a message with what the API does not show of it.
type storedMessage struct {
	appID   string
	message *conversation.ConversationMessage
}

func (m *storedMessage) position() position {
	return position{micros: m.message.AcceptTime.UnixMicro(), id: m.message.ID}
}

func (m *storedMessage) filters() []filter {
	filters := []filter{
		{},
		{"app_id", m.appID},
		{"contact_id", m.message.ContactID},
		{"conversation_id", m.message.ConversationID},
	}
	if m.message.ChannelIdentity != nil {
		filters = append(filters, filter{"channel", string(m.message.ChannelIdentity.Channel)})
	}
	return filters
}

// of gives the message as one of another contact.
func (m *storedMessage) of(contactID string) *storedMessage {
	moved := *m.message
	moved.ContactID = contactID
	return &storedMessage{appID: m.appID, message: &moved}
}
