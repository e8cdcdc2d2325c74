package conversationtest

import (
	"cmp"

	"github.com/sinchgo/conversation"
)

type storedWebhook conversation.Webhook

func (w *storedWebhook) position() position { return position{id: w.ID} }

func (w *storedWebhook) filters() []filter { return []filter{{}, {"app_id", w.AppID}} }

// createAppWebhook serves the route of openapi.yaml, with the app in the path and in the body.
func (p *project) createAppWebhook(c *call) (any, error) {
	var request conversation.CreateWebhookRequest
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	var problems []string
	if request.Triggers == nil {
		problems = append(problems, "triggers: it is required")
	}
	if request.AppID != "" && request.AppID != c.params["app_id"] {
		problems = append(problems, "app_id: it differs from the app in the path")
	}
	return p.addWebhook(&request, problems)
}

// createWebhook serves the route of the platform, with the app in the body. Without a target type it gets no callbacks.
func (p *project) createWebhook(c *call) (any, error) {
	var request conversation.CreateWebhookRequest
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	request.TargetType = cmp.Or(request.TargetType, conversation.TargetTypeDismiss)
	return p.addWebhook(&request, nil)
}

func (p *project) addWebhook(request *conversation.CreateWebhookRequest, problems []string) (*storedWebhook, error) {
	webhook := &storedWebhook{
		ID:                p.newID(),
		AppID:             request.AppID,
		ClientCredentials: request.ClientCredentials,
		Secret:            request.Secret,
		Target:            request.Target,
		TargetType:        cmp.Or(request.TargetType, conversation.TargetTypeHTTP),
		Triggers:          request.Triggers,
	}
	if err := invalid(append(problems, webhook.check()...)); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.apps.find(webhook.AppID); err != nil {
		return nil, err
	}
	if err := p.checkAmong(webhook); err != nil {
		return nil, err
	}
	p.webhooks.put(webhook)
	return webhook, nil
}

// listWebhooks returns all webhooks of an app, oldest first.
func (p *project) listWebhooks(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	app, err := p.apps.find(c.params["app_id"])
	if err != nil {
		return nil, err
	}
	var list conversation.WebhookList
	for _, stored := range p.webhooks.all(filter{"app_id", app.ID}) {
		list.Webhooks = append(list.Webhooks, conversation.Webhook(*stored))
	}
	return list, nil
}

func (p *project) getWebhook(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.webhooks.find(c.params["webhook_id"])
}

var webhookFields = []string{"app_id", "client_credentials", "secret", "target", "target_type", "triggers"}

func (p *project) updateWebhook(c *call) (any, error) {
	var update conversation.UpdateWebhookRequest
	patch, err := readPatch(c, webhookFields, &update)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.webhooks.find(c.params["webhook_id"])
	if err != nil {
		return nil, err
	}
	webhook := *stored
	set(patch, "app_id", &webhook.AppID, update.AppID)
	setObject(patch, "client_credentials", &webhook.ClientCredentials, update.ClientCredentials)
	set(patch, "secret", &webhook.Secret, update.Secret)
	set(patch, "target", &webhook.Target, update.Target)
	set(patch, "target_type", &webhook.TargetType, update.TargetType)
	webhook.TargetType = cmp.Or(webhook.TargetType, conversation.TargetTypeHTTP)
	setList(patch, "triggers", &webhook.Triggers, update.Triggers)
	if err := invalid(webhook.check()); err != nil {
		return nil, err
	}
	if _, err := p.apps.find(webhook.AppID); err != nil {
		return nil, err
	}
	if err := p.checkAmong(&webhook); err != nil {
		return nil, err
	}
	p.webhooks.put(&webhook)
	return &webhook, nil
}

func (p *project) deleteWebhook(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	webhook, err := p.webhooks.find(c.params["webhook_id"])
	if err != nil {
		return nil, err
	}
	p.webhooks.remove(webhook)
	return struct{}{}, nil
}
