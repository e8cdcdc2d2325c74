package conversationtest

import (
	"cmp"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
)

// controlState is the state of a project.
type controlState struct {
	ProjectID     string                `json:"project_id"`
	Now           time.Time             `json:"now"`
	Apps          []controlApp          `json:"apps"`
	Contacts      []*storedContact      `json:"contacts"`
	Conversations []*storedConversation `json:"conversations"`
	Messages      []controlMessage      `json:"messages"`
	Batches       []controlBatch        `json:"batches"`
}

type controlApp struct {
	ID             string                      `json:"id"`
	DisplayName    string                      `json:"display_name"`
	ProcessingMode conversation.ProcessingMode `json:"processing_mode"`
	Webhooks       []*storedWebhook            `json:"webhooks"`
	Channels       []conversation.Channel      `json:"channels"`
}

type controlMessage struct {
	ID             string                         `json:"id"`
	AppID          string                         `json:"app_id"`
	ContactID      string                         `json:"contact_id,omitempty"`
	ConversationID string                         `json:"conversation_id,omitempty"`
	Channel        conversation.Channel           `json:"channel,omitempty"`
	Identity       string                         `json:"identity,omitempty"`
	Direction      conversation.Direction         `json:"direction"`
	Status         conversation.MessageStatusCode `json:"status"`
	Reason         string                         `json:"reason,omitempty"`
	AcceptTime     conversation.Time              `json:"accept_time"`
	Message        *storedMessage                 `json:"message"`
}

// getState returns the state of the project of an app, else that of the first project. Contacts belong to the project; the rest
// is limited to the app, if there is one.
func (c *controlCall) getState() (any, error) {
	appID := c.query.Get("app_id")
	p, err := c.projectOf(appID)
	if err != nil {
		return nil, err
	}
	now := p.now()
	batches := c.batchesOf(p, appID)
	var of filter
	if appID != "" {
		of = filter{"app_id", appID}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	state := controlState{
		ProjectID:     p.id,
		Now:           now,
		Apps:          []controlApp{},
		Contacts:      present(p.contacts.all(filter{})),
		Conversations: present(p.conversations.all(of)),
		Messages:      []controlMessage{},
		Batches:       batches,
	}
	for _, app := range p.apps.all(filter{}) {
		if appID == "" || app.ID == appID {
			state.Apps = append(state.Apps, p.controlApp(app))
		}
	}
	for _, stored := range p.allMessages(of) {
		state.Messages = append(state.Messages, newControlMessage(stored))
	}
	return state, nil
}

// projectOf returns the project of an app, or the first one for no app.
func (c *controlCall) projectOf(appID string) (*project, error) {
	if appID == "" {
		return c.state.projects[c.server.ProjectID()], nil
	}
	for _, project := range c.state.projects {
		if project.hasApp(appID) == nil {
			return project, nil
		}
	}
	return nil, c.notFound("app_id: there is no app %q: GET /_fake/state lists the apps", appID)
}

// present returns a list that is encoded as [] if it is empty.
func present[E any](list []E) []E {
	if list == nil {
		return []E{}
	}
	return list
}

// controlApp describes an app. The caller holds the mutex.
func (p *project) controlApp(app *storedApp) controlApp {
	described := controlApp{
		ID:             app.ID,
		DisplayName:    app.DisplayName,
		ProcessingMode: p.modeOf(app.ID),
		Webhooks:       present(p.webhooks.all(filter{"app_id", app.ID})),
		Channels:       []conversation.Channel{},
	}
	for _, credential := range app.ChannelCredentials {
		described.Channels = append(described.Channels, credential.Channel)
	}
	return described
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

func newControlMessage(stored *storedMessage) controlMessage {
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
