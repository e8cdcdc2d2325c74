package conversationtest

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/sinchgo/conversation"
)

type storedConversation conversation.Conversation

// neverReceived is the time of the last message in a conversation without messages.
var neverReceived = conversation.Time{Time: time.Unix(0, 0).UTC()}

func (c *storedConversation) position() position { return position{id: c.ID} }

func (c *storedConversation) filters() []filter {
	filters := []filter{
		{},
		{"app_id", c.AppID},
		{"contact_id", c.ContactID},
	}
	if c.ActiveChannel != "" {
		filters = append(filters, filter{"active_channel", string(c.ActiveChannel)})
	}
	if c.Active {
		filters = append(filters, filter{"only_active", "true"}, activeOf(c.AppID, c.ContactID))
	}
	return filters
}

// activeOf finds the active conversation of an app with a contact.
func activeOf(appID, contactID string) filter {
	return filter{"active_of", appID + "\x00" + contactID}
}

// MarshalJSON implements [json.Marshaler]. It includes active even if it is false.
func (c *storedConversation) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		*conversation.Conversation
		Active bool `json:"active"`
	}{(*conversation.Conversation)(c), c.Active})
}

// withMessage returns the conversation after a message at that time.
func (c *storedConversation) withMessage(at conversation.Time) *storedConversation {
	changed := *c
	if at.After(c.LastReceived.Time) {
		changed.LastReceived = at
	}
	return &changed
}

// activeConversation returns the active conversation of an app with a contact, or nil. The caller holds the mutex.
func (p *project) activeConversation(appID, contactID string) *storedConversation {
	return p.conversations.first(activeOf(appID, contactID))
}

// converse returns the id of the conversation that a message belongs to: the active one, else a new one. It updates the
// conversation from the message. The caller holds the mutex.
func (p *project) converse(
	request *conversation.SendMessageRequest, message *conversation.ConversationMessage, now time.Time,
) string {
	if message.ProcessingMode == conversation.ProcessingModeDispatch {
		return ""
	}
	active := p.activeConversation(request.AppID, message.ContactID)
	if active == nil {
		active = &storedConversation{
			ID: p.ids.next(now), AppID: request.AppID, ContactID: message.ContactID, Active: true,
			LastReceived: neverReceived,
		}
	}
	current := active.withMessage(message.AcceptTime)
	if message.ChannelIdentity != nil {
		current.ActiveChannel = message.ChannelIdentity.Channel
	}
	if request.ConversationMetadata != "" {
		current.attach(request.ConversationMetadata, request.ConversationMetadataUpdateStrategy)
	}
	current.CorrelationID = cmp.Or(request.CorrelationID, current.CorrelationID)
	p.storeConversation(current, now)
	return current.ID
}

// correlationOf returns the correlation id of a conversation, for callbacks. The caller holds the mutex.
func (p *project) correlationOf(conversationID string) string {
	stored, err := p.conversations.find(conversationID)
	if err != nil {
		return ""
	}
	return stored.CorrelationID
}
