package conversationtest

import (
	"cmp"
	"fmt"
	"maps"

	"github.com/sinchgo/conversation"
)

type storedApp struct {
	conversation.App
	fromStart bool
	states    map[conversation.Channel]conversation.ChannelIntegrationState // What SetChannelState has set.
}

// newStoredApp returns an app with the limits that every app has on the platform, and a processing mode.
func newStoredApp(app conversation.App, mode conversation.ProcessingMode) *storedApp {
	const perSecond = 25
	app.ProcessingMode = cmp.Or(app.ProcessingMode, mode)
	app.RateLimits = &conversation.RateLimits{Inbound: perSecond, Outbound: perSecond, Webhooks: perSecond}
	app.QueueStats = &conversation.QueueStats{OutboundLimit: queueLimit}
	return &storedApp{App: app}
}

// position puts the app of the Config first. The user may have chosen its id, so that it cannot be ordered by it.
func (a *storedApp) position() position {
	if a.fromStart {
		return position{micros: -1, id: a.ID}
	}
	return position{id: a.ID}
}

func (*storedApp) filters() []filter { return []filter{{}} }

func (p *project) createApp(c *call) (any, error) {
	var request conversation.CreateAppRequest
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	app := newStoredApp(conversation.App{
		ID:                             p.newID(),
		CallbackSettings:               request.CallbackSettings,
		ChannelCredentials:             request.ChannelCredentials,
		ConversationMetadataReportView: request.ConversationMetadataReportView,
		DeliveryReportBasedFallback:    request.DeliveryReportBasedFallback,
		DispatchRetentionPolicy:        request.DispatchRetentionPolicy,
		DisplayName:                    request.DisplayName,
		MessageRetrySettings:           request.MessageRetrySettings,
		ProcessingMode:                 request.ProcessingMode,
		RetentionPolicy:                request.RetentionPolicy,
		SmartConversation:              request.SmartConversation,
	}, p.mode)
	if err := app.check(); err != nil {
		return nil, err
	}
	app = app.withStates()
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
	return invalid(problems)
}

// listApps returns all apps, oldest first.
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

var appFields = []string{
	"callback_settings", "channel_credentials", "conversation_metadata_report_view", "delivery_report_based_fallback",
	"dispatch_retention_policy", "display_name", "message_retry_settings", "processing_mode", "retention_policy",
	"smart_conversation",
}

func (p *project) updateApp(c *call) (any, error) {
	var update conversation.UpdateAppRequest
	patch, err := readPatch(c, appFields, &update)
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
	setObject(patch, "callback_settings", &app.CallbackSettings, update.CallbackSettings)
	setList(patch, "channel_credentials", &app.ChannelCredentials, update.ChannelCredentials)
	set(patch, "conversation_metadata_report_view", &app.ConversationMetadataReportView, update.ConversationMetadataReportView)
	setObject(patch, "delivery_report_based_fallback", &app.DeliveryReportBasedFallback, update.DeliveryReportBasedFallback)
	setObject(patch, "dispatch_retention_policy", &app.DispatchRetentionPolicy, update.DispatchRetentionPolicy)
	set(patch, "display_name", &app.DisplayName, update.DisplayName)
	setObject(patch, "message_retry_settings", &app.MessageRetrySettings, update.MessageRetrySettings)
	set(patch, "processing_mode", &app.ProcessingMode, update.ProcessingMode)
	setObject(patch, "retention_policy", &app.RetentionPolicy, update.RetentionPolicy)
	setObject(patch, "smart_conversation", &app.SmartConversation, update.SmartConversation)
	if err := app.check(); err != nil {
		return nil, err
	}
	changed := app.withStates()
	p.apps.put(changed)
	return changed, nil
}

// deleteApp deletes the app and what belongs to it. Contacts belong to the project and are kept.
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
	p.retained.removeAll(filter{"app_id", app.ID})
	maps.DeleteFunc(p.dispatched, func(_ string, message *storedMessage) bool { return message.appID == app.ID })
	p.consents.removeAll(filter{"app_id", app.ID})
	p.events.removeAll(filter{"app_id", app.ID})
	return struct{}{}, nil
}

// hasApp returns an error if the project does not have the app. It locks the mutex.
func (p *project) hasApp(id string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := p.apps.find(id)
	return err
}
