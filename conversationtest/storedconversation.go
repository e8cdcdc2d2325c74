package conversationtest

import (
	"encoding/json"
	"time"

	"github.com/sinchgo/conversation"
)

type storedConversation conversation.Conversation

func (c *storedConversation) position() position { return position{id: c.ID} }

func (c *storedConversation) filters() []filter {
	filters := []filter{
		{},
		{"app_id", c.AppID},
		{"contact_id", c.ContactID},
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

// MarshalJSON implements [json.Marshaler]. It shows active when it is false, too.
func (c *storedConversation) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		*conversation.Conversation
		Active bool `json:"active"`
	}{(*conversation.Conversation)(c), c.Active})
}

// attach keeps metadata in the form that fits it: an object as one, any other text as it is.
func (c *storedConversation) attach(metadata string) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(metadata), &object); err != nil || object == nil {
		c.Metadata = metadata
		return
	}
	c.MetadataJSON = asObject(object)
}

// asObject keeps the values as they were written, large numbers too.
func asObject(values map[string]json.RawMessage) map[string]any {
	if values == nil {
		return nil
	}
	object := make(map[string]any, len(values))
	for name, value := range values {
		object[name] = value
	}
	return object
}

// activeConversation gives the active conversation of an app with a contact, else nil. The caller holds the mutex.
func (p *project) activeConversation(appID, contactID string) *storedConversation {
	active := p.conversations.byFilter[activeOf(appID, contactID)]
	if len(active) == 0 {
		return nil
	}
	return active[0]
}

// converse gives the id of the conversation that a message belongs to: the active one, else a new one. It notes there
// what the message says about it. The caller holds the mutex.
func (p *project) converse(
	request *conversation.SendMessageRequest, message *conversation.ConversationMessage, now time.Time,
) string {
	if p.mode == DispatchMode {
		return ""
	}
	var current storedConversation
	if active := p.activeConversation(request.AppID, message.ContactID); active != nil {
		current = *active
	} else {
		current = storedConversation{
			ID: p.ids.next(now), AppID: request.AppID, ContactID: message.ContactID, Active: true,
		}
	}
	if message.ChannelIdentity != nil {
		current.ActiveChannel = message.ChannelIdentity.Channel
	}
	if request.ConversationMetadata != "" {
		current.attach(request.ConversationMetadata)
	}
	p.storeConversation(&current, now)
	return current.ID
}
