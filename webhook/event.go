package webhook

import (
	"encoding/json"

	"github.com/sinchgo/conversation"
)

// Event is the body of a callback: a pointer to one of the event types of this package, or to [Unknown].
type Event interface {
	// Trigger returns the trigger that webhooks subscribe to for this kind of event. Bodies seldom have it: see
	// [Envelope].SentTrigger.
	Trigger() conversation.WebhookTrigger
	// Meta returns the fields that every callback has.
	Meta() *Envelope
}

// Envelope has the fields that every callback has.
type Envelope struct {
	// AppID is the id of the app.
	AppID string `json:"app_id"`
	// ProjectID is the id of the project.
	ProjectID string `json:"project_id"`
	// AcceptedTime is when the platform accepted the subject of the callback.
	AcceptedTime conversation.Time `json:"accepted_time,omitzero"`
	// EventTime is when the event happened on the channel.
	EventTime conversation.Time `json:"event_time,omitzero"`
	// MessageMetadata is the metadata that the message was sent with. At most 1024 characters.
	MessageMetadata string `json:"message_metadata,omitempty"`
	// CorrelationID is the correlation id that the message was sent with. At most 128 characters.
	CorrelationID string `json:"correlation_id,omitempty"`
	// SentTrigger is the trigger that the body names. Most bodies name none: the method Trigger of an event always has it.
	SentTrigger conversation.WebhookTrigger `json:"trigger,omitempty"`
	// ChannelMetadata is what the channel adds beside the payload, as raw JSON: its form is not documented. The types of
	// messages, reports and events of contacts have a field of that name for what is inside the payload.
	ChannelMetadata json.RawMessage `json:"channel_metadata,omitempty"`
	// Raw is the body as it was received, with the fields that this package does not know, but without a byte order mark.
	Raw json.RawMessage `json:"-"`
}

// Meta returns e. With it, types that embed an Envelope implement [Event].
func (e *Envelope) Meta() *Envelope { return e }

// Unknown is a callback of a kind that this package does not know. Raw has the whole body.
type Unknown struct {
	Envelope
}

// Trigger returns UNSPECIFIED_TRIGGER.
func (*Unknown) Trigger() conversation.WebhookTrigger { return conversation.TriggerUnspecified }

// MarshalJSON implements [json.Marshaler]. It returns the body as it was received.
func (u *Unknown) MarshalJSON() ([]byte, error) {
	if u.Raw == nil {
		return json.Marshal(u.Envelope)
	}
	return u.Raw, nil
}
