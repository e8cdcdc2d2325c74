package conversationtest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
)

// maxControlIDs is how many messages a request can name.
const maxControlIDs = 200

type controlMessage struct {
	ID             string               `json:"id"`
	AppID          string               `json:"app_id"`
	ContactID      string               `json:"contact_id,omitempty"`
	ConversationID string               `json:"conversation_id,omitempty"`
	Channel        conversation.Channel `json:"channel,omitempty"`
	Identity       string               `json:"identity,omitempty"`

	// Name is the name that a receive or SetProfile has set for the identity.
	Name string `json:"name,omitempty"`

	// RecipientChannels are the channel of a message to a contact, and those that it can still switch to.
	RecipientChannels []conversation.Channel `json:"recipient_channels,omitempty"`

	Direction  conversation.Direction         `json:"direction"`
	Status     conversation.MessageStatusCode `json:"status"`
	Reason     string                         `json:"reason,omitempty"`
	AcceptTime conversation.Time              `json:"accept_time"`
	Message    *storedMessage                 `json:"message"`

	// Shown is the content of a message to a contact as its channel shows it.
	Shown shownContent `json:"shown,omitzero"`
}

// controlMessages are messages that a request has named, and their contacts.
type controlMessages struct {
	Messages []controlMessage `json:"messages"`
	Contacts []*storedContact `json:"contacts"`
}

// messages returns the messages with the ids of the query, in their order, and the contacts of these messages. Ids of no
// message are left out.
func (c *controlCall) messages() (any, error) {
	ids := strings.Split(c.query.Get("ids"), ",")
	switch {
	case c.query.Get("ids") == "":
		return nil, c.invalid("ids: it is required: use ids of messages, separated by commas")
	case len(ids) > maxControlIDs:
		return nil, c.invalid("ids: %d are too many: use at most %d", len(ids), maxControlIDs)
	}
	found := controlMessages{[]controlMessage{}, []*storedContact{}}
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			continue
		}
		for _, p := range c.state.projects {
			found.add(p, id)
		}
	}
	return found, nil
}

// add adds the message and its contact, if the project has them.
func (m *controlMessages) add(p *project, id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	stored := p.message(id)
	if stored == nil {
		return
	}
	m.Messages = append(m.Messages, p.controlMessage(stored))
	contact, err := p.contacts.find(stored.message.ContactID)
	isKnown := func(known *storedContact) bool { return known.ID == contact.ID }
	if err == nil && !slices.ContainsFunc(m.Contacts, isKnown) {
		m.Contacts = append(m.Contacts, contact)
	}
}

// allMessages returns the messages that the filter finds, oldest first: those that the API returns, and those of dispatch
// mode that the server remembers. The caller holds the mutex.
func (p *project) allMessages(of filter) []*storedMessage {
	found := slices.Concat(p.messages.all(of), p.retained.all(of))
	for id, stored := range p.dispatched {
		if _, err := p.retained.find(id); err != nil && slices.Contains(stored.filters(), of) {
			found = append(found, stored)
		}
	}
	slices.SortFunc(found, func(a, b *storedMessage) int {
		return cmp.Or(a.message.AcceptTime.Compare(b.message.AcceptTime.Time), cmp.Compare(a.message.ID, b.message.ID))
	})
	return found
}

// controlMessage describes a message. The caller holds the mutex.
func (p *project) controlMessage(stored *storedMessage) controlMessage {
	message := stored.message
	described := controlMessage{
		ID:             message.ID,
		AppID:          stored.appID,
		ContactID:      message.ContactID,
		ConversationID: message.ConversationID,
		Direction:      message.Direction,
		Status:         statusOf(message),
		AcceptTime:     message.AcceptTime,
		Message:        stored,
	}
	if message.MessageStatus != nil {
		described.Reason = message.MessageStatus.Reason
	}
	if at := message.ChannelIdentity; at != nil {
		described.Channel, described.Identity = at.Channel, at.Identity
		described.Name = p.profiles[profile{at.Channel, at.Identity}]
	}
	if stored.content != nil {
		described.Shown = shownContent{stored}
		described.RecipientChannels = stored.channels()
	}
	return described
}

// statusOf returns the status of a message. Before the first report about it, a message to a contact is queued.
func statusOf(message *conversation.ConversationMessage) conversation.MessageStatusCode {
	switch {
	case message.MessageStatus != nil:
		return message.MessageStatus.Status
	case message.Direction == conversation.DirectionToApp:
		return conversation.MessageStatusReceived
	default:
		return conversation.MessageStatusQueued
	}
}

// channels returns the channel of a message, and those that it can still switch to.
func (m *storedMessage) channels() []conversation.Channel {
	var channels []conversation.Channel
	if at := m.message.ChannelIdentity; at != nil {
		channels = append(channels, at.Channel)
	}
	for _, identity := range m.fallbacks {
		channels = append(channels, identity.Channel)
	}
	return channels
}

// shownContent is encoded as the content of a message that its channel shows.
type shownContent struct{ message *storedMessage }

// MarshalJSON implements [json.Marshaler].
func (s shownContent) MarshalJSON() ([]byte, error) {
	return []byte(encodeText(s.message.shown())), nil
}
