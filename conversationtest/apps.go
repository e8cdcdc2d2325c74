package conversationtest

import (
	"fmt"

	"github.com/sinchgo/conversation"
)

type storedApp struct {
	conversation.App
	fromStart bool
}

// position puts the app that was there from the start first. Its id may be one of the user's, which says nothing of order.
func (a *storedApp) position() position {
	if a.fromStart {
		return position{micros: -1, id: a.ID}
	}
	return position{id: a.ID}
}

func (*storedApp) filters() []filter { return []filter{{}} }

// appExtras is what the platform's body of an app has and openapi.yaml has not, as far as an App shows it.
type appExtras struct {
	ConversationMetadataReportView *string `json:"conversation_metadata_report_view"`
}

func (p *project) createApp(c *call) (any, error) {
	var request conversation.CreateAppRequest
	var extras appExtras
	if err := readObject(c.body, &request, &extras); err != nil {
		return nil, err
	}
	app := &storedApp{App: conversation.App{
		ID:                 p.newID(),
		DisplayName:        request.DisplayName,
		ChannelCredentials: request.ChannelCredentials,
	}}
	if extras.ConversationMetadataReportView != nil {
		app.ConversationMetadataReportView = *extras.ConversationMetadataReportView
	}
	if err := app.check(); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.apps.put(app)
	return app, nil
}

func (a *storedApp) check() error {
	problems := required("display_name", a.DisplayName)
	for i, credential := range a.ChannelCredentials {
		field := fmt.Sprintf("channel_credentials[%d].channel", i)
		problems = append(problems, required(field, string(credential.Channel))...)
	}
	return refuse(problems)
}

// listApps gives all apps, oldest first.
func (p *project) listApps(*call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list conversation.AppList
	for _, stored := range p.apps.all(filter{}) {
		list.Apps = append(list.Apps, stored.App)
	}
	return list, nil
}

func (p *project) getApp(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.apps.find(c.params["app_id"])
}

var appFields = []string{"channel_credentials", "conversation_metadata_report_view", "display_name"}

func (p *project) updateApp(c *call) (any, error) {
	var update conversation.UpdateAppRequest
	var extras appExtras
	patch, err := readPatch(c, appFields, &update, &extras)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.apps.find(c.params["app_id"])
	if err != nil {
		return nil, err
	}
	app := *stored
	setList(patch, "channel_credentials", &app.ChannelCredentials, update.ChannelCredentials)
	set(patch, "conversation_metadata_report_view", &app.ConversationMetadataReportView, extras.ConversationMetadataReportView)
	set(patch, "display_name", &app.DisplayName, update.DisplayName)
	if err := app.check(); err != nil {
		return nil, err
	}
	p.apps.put(&app)
	return &app, nil
}

// deleteApp deletes what belongs to the app, too. Contacts belong to the project and stay.
func (p *project) deleteApp(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	app, err := p.apps.find(c.params["app_id"])
	if err != nil {
		return nil, err
	}
	p.apps.remove(app)
	p.webhooks.removeAll(filter{"app_id", app.ID})
	p.conversations.removeAll(filter{"app_id", app.ID})
	p.messages.removeAll(filter{"app_id", app.ID})
	return struct{}{}, nil
}
