package conversationtest

import (
	"time"

	"github.com/sinchgo/conversation"
)

// controlState is the state of a project.
type controlState struct {
	Instance      string                `json:"instance"`
	LastEvent     int                   `json:"last_event"`
	ProjectID     string                `json:"project_id"`
	Now           time.Time             `json:"now"`
	Apps          []controlApp          `json:"apps"`
	Contacts      []*storedContact      `json:"contacts"`
	Conversations []*storedConversation `json:"conversations"`
	Messages      []controlMessage      `json:"messages"`
	Batches       []controlBatch        `json:"batches"`
	OptedOut      []controlOptOut       `json:"opted_out"`
}

type controlApp struct {
	ID             string                      `json:"id"`
	DisplayName    string                      `json:"display_name"`
	ProcessingMode conversation.ProcessingMode `json:"processing_mode"`
	Webhooks       []*storedWebhook            `json:"webhooks"`
	Channels       []conversation.Channel      `json:"channels"`
}

// controlOptOut is an identity on the list OPT_OUT_ALL of an app. An app puts it there without a channel.
type controlOptOut struct {
	AppID    string               `json:"app_id"`
	Channel  conversation.Channel `json:"channel,omitempty"`
	Identity string               `json:"identity"`
}

// getState returns the state of the project of an app, else that of the first project. Contacts belong to the project;
// the rest is limited to the app, if there is one. All that the state lacks is in the events after its last_event.
func (c *controlCall) getState() (any, error) {
	lastEvent := c.server.feed.last()
	c.state = c.server.current() // That of the call may be from before a reset that lastEvent includes.
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
		Instance:      c.server.instanceID(),
		LastEvent:     lastEvent,
		ProjectID:     p.id,
		Now:           now,
		Apps:          []controlApp{},
		Contacts:      present(p.contacts.all(filter{})),
		Conversations: present(p.conversations.all(of)),
		Messages:      []controlMessage{},
		Batches:       batches,
		OptedOut:      []controlOptOut{},
	}
	for _, app := range p.apps.all(filter{}) {
		if appID == "" || app.ID == appID {
			state.Apps = append(state.Apps, p.controlApp(app))
			state.OptedOut = append(state.OptedOut, p.optedOut(app.ID)...)
		}
	}
	for _, stored := range p.allMessages(of) {
		state.Messages = append(state.Messages, p.controlMessage(stored))
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

// optedOut returns the identities that have opted out of an app. The caller holds the mutex.
func (p *project) optedOut(appID string) []controlOptOut {
	var listed []controlOptOut
	for _, stored := range p.consents.all(onList(appID, string(conversation.ConsentsOptOutAll))) {
		listed = append(listed, controlOptOut{appID, stored.channel, stored.identity})
	}
	return listed
}
