package conversation

import (
	"context"
	"net/http"
)

// WebhooksService manages webhooks: the URLs that events of an app are sent to.
type WebhooksService service

var (
	opWebhooksCreate = operation{"Webhooks.Create", http.MethodPost, "/v1/projects/{project_id}/apps/{app_id}/webhooks", classNotIdempotent}
	opWebhooksList   = operation{"Webhooks.List", http.MethodGet, "/v1/projects/{project_id}/apps/{app_id}/webhooks", classReadOnly}
	opWebhooksGet    = operation{"Webhooks.Get", http.MethodGet, "/v1/projects/{project_id}/webhooks/{webhook_id}", classReadOnly}
	opWebhooksUpdate = operation{"Webhooks.Update", http.MethodPatch, "/v1/projects/{project_id}/webhooks/{webhook_id}", classIdempotent}
	opWebhooksDelete = operation{"Webhooks.Delete", http.MethodDelete, "/v1/projects/{project_id}/webhooks/{webhook_id}", classIdempotent}

	opWebhooksCreatePlatform = operation{"Webhooks.Create", http.MethodPost, "/v1/projects/{project_id}/webhooks", classNotIdempotent}
)

// Create creates a webhook for an app. An app has at most five, each with a different target. The AppID of the request
// may be empty: a copy with appID is sent.
//
//	POST /v1/projects/{project_id}/apps/{app_id}/webhooks
//	POST /v1/projects/{project_id}/webhooks
//
// The second route is that of [DialectPlatform]. A server of the other dialect answers with [ErrNotFound].
//
// Create is not idempotent. Returns [*ArgumentError] if the request names another app, no target or no triggers.
func (s *WebhooksService) Create(ctx context.Context, appID string, req *CreateWebhookRequest, opts ...RequestOption) (*Webhook, error) {
	op := s.client.createWebhook()
	if err := checkCreateWebhook(s.client.checker(op), appID, req); err != nil {
		return nil, s.client.rejected(ctx, op, err, opts)
	}
	return send[Webhook](ctx, s.client, s.client.createWebhookCall(appID, req), opts)
}

// List returns all webhooks of an app. There are no pages.
//
//	GET /v1/projects/{project_id}/apps/{app_id}/webhooks
func (s *WebhooksService) List(ctx context.Context, appID string, opts ...RequestOption) (*WebhookList, error) {
	return send[WebhookList](ctx, s.client, &call{operation: opWebhooksList, ids: ids{appID}}, opts)
}

// Get returns one webhook.
//
//	GET /v1/projects/{project_id}/webhooks/{webhook_id}
func (s *WebhooksService) Get(ctx context.Context, webhookID string, opts ...RequestOption) (*Webhook, error) {
	return send[Webhook](ctx, s.client, &call{operation: opWebhooksGet, ids: ids{webhookID}}, opts)
}

// Update changes the fields of a webhook that are set in the request.
//
//	PATCH /v1/projects/{project_id}/webhooks/{webhook_id}
//
// With [DialectPlatform], returns [*ArgumentError] if the request changes nothing.
func (s *WebhooksService) Update(ctx context.Context, webhookID string, req *UpdateWebhookRequest, opts ...RequestOption) (*Webhook, error) {
	if err := checkUpdateWebhook(s.client.checker(opWebhooksUpdate), req); err != nil {
		return nil, s.client.rejected(ctx, opWebhooksUpdate, err, opts)
	}
	query, err := s.client.updateQuery(opWebhooksUpdate, req, req.UpdateMask)
	if err != nil {
		return nil, s.client.rejected(ctx, opWebhooksUpdate, err, opts)
	}
	return send[Webhook](ctx, s.client, &call{operation: opWebhooksUpdate, ids: ids{webhookID}, query: query, in: req}, opts)
}

// Delete deletes a webhook.
//
//	DELETE /v1/projects/{project_id}/webhooks/{webhook_id}
func (s *WebhooksService) Delete(ctx context.Context, webhookID string, opts ...RequestOption) error {
	return s.client.do(ctx, &call{operation: opWebhooksDelete, ids: ids{webhookID}}, opts)
}

func checkCreateWebhook(check checker, appID string, req *CreateWebhookRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.segment("app_id", appID)
	if req.AppID != "" && req.AppID != appID {
		check.reject("app_id", "differs from the appID argument: leave it empty")
	}
	if len(req.Triggers) == 0 {
		check.reject("triggers", "is empty: name the events to send, with the Trigger constants")
	}
	check.required("target", req.Target)
	check.webhook(req.Target, req.TargetType, req.ClientCredentials)
	return check.problem
}

func checkUpdateWebhook(check checker, req *UpdateWebhookRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.webhook(orZero(req.Target), orZero(req.TargetType), req.ClientCredentials)
	return check.problem
}

func (c *checker) webhook(target string, kind TargetType, credentials *ClientCredentials) {
	if target != "" && (kind == "" || kind == TargetTypeHTTP) {
		c.webURL("target", target)
	}
	if credentials != nil {
		c.optionalURL("client_credentials.endpoint", credentials.Endpoint)
	}
	c.length("target", target, 742)
	c.length("client_credentials.scope", orZero(credentials).Scope, 1024)
	c.length("client_credentials.response_type", orZero(credentials).ResponseType, 64)
}
