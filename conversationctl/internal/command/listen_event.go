package command

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/internal/console"
	"github.com/sinchgo/conversation/webhook"
)

// receivedEvent is what is printed of a callback.
type receivedEvent struct {
	Received       time.Time                   `json:"received"`
	Trigger        conversation.WebhookTrigger `json:"trigger,omitempty"`
	AppID          string                      `json:"app_id,omitempty"`
	ContactID      string                      `json:"contact_id,omitempty"`
	ConversationID string                      `json:"conversation_id,omitempty"`
	Channel        conversation.Channel        `json:"channel,omitempty"`
	Identity       string                      `json:"identity,omitempty"`
	MessageID      string                      `json:"message_id,omitempty"`
	EventID        string                      `json:"event_id,omitempty"`
	Kind           string                      `json:"kind,omitempty"`
	Text           string                      `json:"text,omitempty"`
	Status         string                      `json:"status,omitempty"`
	Reason         string                      `json:"reason,omitempty"`
	Redelivered    bool                        `json:"redelivered,omitempty"`
	Forwarded      *forwarding                 `json:"forwarded,omitempty"`
	Callback       any                         `json:"callback"`
	isEvent        bool
}

// forwarding is the answer of the target.
type forwarding struct {
	Status int    `json:"status,omitempty"`
	Error  string `json:"error,omitempty"`
}

// newReceivedEvent describes a callback. A body that is not one has no trigger.
func newReceivedEvent(at time.Time, body []byte) receivedEvent {
	r := receivedEvent{Received: at, Callback: json.RawMessage(body)}
	if !json.Valid(body) {
		r.Callback = string(body)
	}
	event, err := webhook.Parse(body)
	if err != nil {
		return r
	}
	r.isEvent, r.Trigger, r.AppID = true, event.Trigger(), event.Meta().AppID
	r.describe(event)
	return r
}

// payload has the fields that the payloads of callbacks have in common.
type payload struct {
	ID               string                       `json:"id"`
	MessageID        string                       `json:"message_id"`
	EventID          string                       `json:"event_id"`
	ContactID        string                       `json:"contact_id"`
	ConversationID   string                       `json:"conversation_id"`
	Channel          conversation.Channel         `json:"channel"`
	Identity         string                       `json:"identity"`
	ChannelIdentity  conversation.ChannelIdentity `json:"channel_identity"`
	Status           string                       `json:"status"`
	CapabilityStatus string                       `json:"capability_status"`
	Reason           *conversation.Reason         `json:"reason"`
	ContactMessage   *conversation.ContactMessage `json:"contact_message"`
	SubmittedMessage *conversation.AppMessage     `json:"submitted_message"`
	Contact          *conversation.Contact        `json:"contact"`
	Conversation     *conversation.Conversation   `json:"conversation"`
}

// contentKinds are the fields of payloads that have one field, the kind of the content.
var contentKinds = []string{"contact_message", "submitted_message", "contact_event", "contact_message_event"}

// describe sets the fields of an event from its payload: the object in the body that is not part of the envelope. What does not
// have the expected type is left out, since the body is printed with --json.
func (r *receivedEvent) describe(event webhook.Event) {
	var body, content map[string]json.RawMessage
	var has payload
	_ = json.Unmarshal(event.Meta().Raw, &body)
	for name, value := range body {
		if name != "channel_metadata" && strings.HasPrefix(string(value), "{") {
			_ = json.Unmarshal(value, &has)
			_ = json.Unmarshal(value, &content)
		}
	}
	r.MessageID, r.EventID = has.MessageID, has.EventID
	switch event.(type) {
	case *webhook.MessageInbound, *webhook.MessageInboundRedaction:
		r.MessageID = has.ID
	case *webhook.EventInbound:
		r.EventID = has.ID
	}
	r.ContactID, r.ConversationID = has.ContactID, has.ConversationID
	if has.Contact != nil {
		r.ContactID = has.Contact.ID
	}
	if has.Conversation != nil {
		r.ConversationID = has.Conversation.ID
		r.ContactID = cmp.Or(r.ContactID, has.Conversation.ContactID)
	}
	r.Channel = cmp.Or(has.ChannelIdentity.Channel, has.Channel)
	r.Identity = cmp.Or(has.ChannelIdentity.Identity, has.Identity)
	r.Status = cmp.Or(has.Status, has.CapabilityStatus)
	if has.Reason != nil {
		r.Reason = has.Reason.String()
	}
	r.Text = has.ContactMessage.Text()
	if has.SubmittedMessage != nil && has.SubmittedMessage.TextMessage != nil {
		r.Text = has.SubmittedMessage.TextMessage.Text
	}
	r.Kind = contentKind(content)
}

// contentKind returns the kind of a message or an event in a payload.
func contentKind(content map[string]json.RawMessage) string {
	for _, name := range contentKinds {
		var kinds map[string]json.RawMessage
		_ = json.Unmarshal(content[name], &kinds)
		delete(kinds, "reply_to")
		if len(kinds) > 0 {
			return slices.Sorted(maps.Keys(kinds))[0]
		}
	}
	return ""
}

// line returns the event as one line for people.
func (r *receivedEvent) line(p *program) string {
	name := cmp.Or(string(r.Trigger), "not a callback")
	parts := []string{console.Stamp(r.Received), p.Paint(console.Bold, name)}
	add := func(label, value string) {
		if value != "" {
			parts = append(parts, label+console.Cell(value))
		}
	}
	if r.Channel != "" || r.Identity != "" {
		add("", string(r.Channel)+":"+r.Identity)
	}
	if r.Text != "" {
		parts = append(parts, strconv.Quote(r.Text))
	}
	add("", r.Status)
	add("reason=", r.Reason)
	add("kind=", r.Kind)
	add("message=", r.MessageID)
	add("event=", r.EventID)
	add("contact=", r.ContactID)
	add("conversation=", r.ConversationID)
	add("app=", r.AppID)
	if r.Redelivered {
		parts = append(parts, p.Paint(console.Yellow, "redelivered"))
	}
	switch to := r.Forwarded; {
	case to == nil:
	case to.Error != "":
		parts = append(parts, p.Paint(console.Red, "-> "+console.Cell(to.Error)))
	default:
		parts = append(parts, "-> "+strconv.Itoa(to.Status))
	}
	return strings.Join(parts, "  ")
}
