package conversationtest

import (
	"encoding/json"
	"time"

	"github.com/sinchgo/conversation"
)

// The kinds of events of the feed.
const (
	feedRequest  = "request"
	feedSent     = "sent"
	feedBatch    = "batch"
	feedReceived = "received"
	feedReport   = "report"
	feedCallback = "callback"
	feedAttempt  = "callback_attempt"
	feedFault    = "fault"
	feedFaults   = "faults"
	feedScript   = "script"
	feedScripts  = "scripts"
	feedClock    = "clock"
	feedReset    = "reset"
)

// feedMessage is a message or an event in the feed, or a consent, and the contact it goes to or comes from.
type feedMessage struct {
	Time           time.Time            `json:"time"`
	AppID          string               `json:"app_id"`
	MessageID      string               `json:"message_id,omitempty"`
	EventID        string               `json:"event_id,omitempty"`
	ContactID      string               `json:"contact_id"`
	ConversationID string               `json:"conversation_id"`
	Channel        conversation.Channel `json:"channel"`
	Identity       string               `json:"identity"`

	// Of a send: the body of the request.
	Body json.RawMessage `json:"body,omitempty"`

	// Of a contact: exactly one of them. The event of a consent is opt_in or opt_out.
	ContactMessage *conversation.ContactMessage `json:"contact_message,omitempty"`
	ContactEvent   *conversation.ContactEvent   `json:"contact_event,omitempty"`
	Event          string                       `json:"event,omitempty"`

	// Of a delivery report.
	Status conversation.DeliveryStatus `json:"status,omitempty"`
	Reason *conversation.Reason        `json:"reason,omitempty"`
}

// newFeedMessage describes a message.
func newFeedMessage(appID string, message *conversation.ConversationMessage, now time.Time) feedMessage {
	described := feedMessage{
		Time:           now,
		AppID:          appID,
		MessageID:      message.ID,
		ContactID:      message.ContactID,
		ConversationID: message.ConversationID,
		ContactMessage: message.ContactMessage,
	}
	if identity := message.ChannelIdentity; identity != nil {
		described.Channel, described.Identity = identity.Channel, identity.Identity
	}
	return described
}

// newFeedReport describes a delivery report about a message.
func newFeedReport(
	appID string, message *conversation.ConversationMessage, status conversation.DeliveryStatus,
	reason *conversation.Reason, now time.Time,
) feedMessage {
	described := newFeedMessage(appID, message, now)
	described.Status, described.Reason = status, reason
	return described
}

// newFeedEvent describes an event.
func newFeedEvent(appID string, e *conversation.ConversationEvent) feedMessage {
	return feedMessage{
		Time:           e.AcceptTime.Time,
		AppID:          appID,
		EventID:        e.ID,
		ContactID:      e.ContactID,
		ConversationID: e.ConversationID,
		Channel:        e.ChannelIdentity.Channel,
		Identity:       e.ChannelIdentity.Identity,
		ContactEvent:   e.ContactEvent,
	}
}

// numberedRequest is a request in the feed. It is encoded as in GET /_fake/requests.
type numberedRequest numbered[Request]

// MarshalJSON implements [json.Marshaler].
func (n numberedRequest) MarshalJSON() ([]byte, error) {
	return json.Marshal(newControlRequest(n.number, n.value))
}

// numberedCallback is a callback in the feed. It is encoded as in GET /_fake/callbacks.
type numberedCallback numbered[Callback]

// MarshalJSON implements [json.Marshaler].
func (n numberedCallback) MarshalJSON() ([]byte, error) {
	return json.Marshal(newControlCallback(n.number, n.value))
}
