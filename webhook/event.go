package webhook

import (
	"encoding/json"

	"github.com/sinchgo/conversation"
)

// Event is the body of a callback: a pointer to one of the event types of this package, or to [Unknown].
type Event interface {
	// Trigger names the kind of the event, as webhooks subscribe to it. The body itself does not hold it.
	Trigger() conversation.WebhookTrigger
	// Meta gives what every callback has.
	Meta() *Envelope
}

// Envelope is what every callback has, whatever it is about.
type Envelope struct {
	// AppID is the id of the app.
	AppID string `json:"app_id"`
	// ProjectID is the id of the project.
	ProjectID string `json:"project_id"`
	// AcceptedTime is when the platform took what the callback is about.
	AcceptedTime conversation.Time `json:"accepted_time,omitzero"`
	// EventTime is when it happened on the channel.
	EventTime conversation.Time `json:"event_time,omitzero"`
	// MessageMetadata is the metadata that was given with the message. At most 1024 characters.
	MessageMetadata string `json:"message_metadata,omitempty"`
	// CorrelationID is the correlation id that was given with the message. At most 128 characters.
	CorrelationID string `json:"correlation_id,omitempty"`
	// Raw is the body as it came, with all that the types of this package do not know.
	Raw json.RawMessage `json:"-"`
}

// Meta gives the envelope itself. It makes the types that embed it an [Event].
func (e *Envelope) Meta() *Envelope { return e }

// Unknown is a callback of a kind that this package does not know. Raw has all of it.
type Unknown struct {
	Envelope
}

// Trigger gives UNSPECIFIED_TRIGGER.
func (*Unknown) Trigger() conversation.WebhookTrigger { return conversation.TriggerUnspecified }

// MarshalJSON implements [json.Marshaler]: it gives the body as it came.
func (u *Unknown) MarshalJSON() ([]byte, error) {
	if u.Raw == nil {
		return json.Marshal(u.Envelope)
	}
	return u.Raw, nil
}
