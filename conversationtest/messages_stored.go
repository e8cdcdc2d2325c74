package conversationtest

import (
	"encoding/json"

	"github.com/sinchgo/conversation"
)

// storedMessage is a message with what the API does not show of it.
type storedMessage struct {
	appID   string
	message *conversation.ConversationMessage

	// content is the message as the client wrote it, with the fields that the SDK does not know. Nil: it is of no client.
	content json.RawMessage

	// correlationID is what the callbacks about the message carry.
	correlationID string
}

// MarshalJSON implements [json.Marshaler]. What a client sent is read back as it was sent.
func (m *storedMessage) MarshalJSON() ([]byte, error) {
	if m.content == nil {
		return json.Marshal(m.message)
	}
	return json.Marshal(struct {
		*conversation.ConversationMessage
		AppMessage json.RawMessage `json:"app_message"`
	}{m.message, m.content})
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
		{"direction", string(m.message.Direction)},
	}
	if m.message.ChannelIdentity != nil {
		filters = append(filters,
			filter{"channel", string(m.message.ChannelIdentity.Channel)},
			filter{"channel_identity", m.message.ChannelIdentity.Identity})
	}
	return filters
}

// with gives the message with a change.
func (m *storedMessage) with(change func(*conversation.ConversationMessage)) *storedMessage {
	changed, message := *m, *m.message
	changed.message = &message
	change(&message)
	return &changed
}
