package conversationtest

import (
	"encoding/json"

	"github.com/sinchgo/conversation"
)

// storedMessage is a message with the fields that the API does not return.
type storedMessage struct {
	appID   string
	message *conversation.ConversationMessage

	// content is the JSON of a message from a client, with the fields that the SDK does not know. It is nil for a
	// message from a contact.
	content json.RawMessage

	// fallbacks are the identities on the channels that have not been tried, in their order.
	fallbacks []conversation.ChannelIdentity

	// failure is why the message fails as soon as it is processed. Nil: it does not.
	failure *conversation.Reason

	// templates are the templates that the message refers to as they were when it was sent, by their ids.
	templates map[string]*storedTemplate

	// batch is the part of a batch that it was sent for. Nil for a message of a send.
	batch *batchPart

	// correlationID is the correlation id of the callbacks about the message.
	correlationID string
}

// MarshalJSON implements [json.Marshaler]. The message of a client is encoded as it was sent.
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

// with returns a copy of the message with a change.
func (m *storedMessage) with(change func(*conversation.ConversationMessage)) *storedMessage {
	changed, message := *m, *m.message
	changed.message = &message
	change(&message)
	return &changed
}
