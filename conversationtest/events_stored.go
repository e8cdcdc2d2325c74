package conversationtest

import (
	"encoding/json"

	"github.com/sinchgo/conversation"
)

// storedEvent is an event with the fields that the API does not return.
type storedEvent struct {
	conversation.ConversationEvent
	appID string

	// content is the JSON of an event from an app, with the fields that the SDK does not know. It is nil for an event
	// from a contact.
	content json.RawMessage
}

// MarshalJSON implements [json.Marshaler]. The event of a client is encoded as it was sent.
func (e *storedEvent) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		*conversation.ConversationEvent
		AppEvent json.RawMessage `json:"app_event,omitempty"`
	}{&e.ConversationEvent, e.content})
}

func (e *storedEvent) position() position {
	return position{micros: e.AcceptTime.UnixMicro(), id: e.ID}
}

func (e *storedEvent) filters() []filter {
	return []filter{{}, {"app_id", e.appID}, {"contact_id", e.ContactID}, {"conversation_id", e.ConversationID}}
}

// keepEvent stores an event, unless it is in dispatch mode. The caller holds the mutex.
func (p *project) keepEvent(event *storedEvent) {
	if event.ProcessingMode == conversation.ProcessingModeConversation {
		p.events.put(event)
	}
}
