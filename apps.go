package conversation

import (
	"context"
	"net/http"
)

// AppsService manages apps: the senders, with their channels and the credentials of the channels.
type AppsService service

var (
	opAppsCreate = operation{"Apps.Create", http.MethodPost, "/v1/projects/{project_id}/apps", classNotIdempotent}
	opAppsList   = operation{"Apps.List", http.MethodGet, "/v1/projects/{project_id}/apps", classReadOnly}
	opAppsGet    = operation{"Apps.Get", http.MethodGet, "/v1/projects/{project_id}/apps/{app_id}", classReadOnly}
	opAppsUpdate = operation{"Apps.Update", http.MethodPatch, "/v1/projects/{project_id}/apps/{app_id}", classIdempotent}
	opAppsDelete = operation{"Apps.Delete", http.MethodDelete, "/v1/projects/{project_id}/apps/{app_id}", classIdempotent}
)

// Create creates an app.
//
//	POST /v1/projects/{project_id}/apps
//
// Create is not idempotent. Returns [*ArgumentError] if the display name is missing or, with [DialectPlatform], if a
// channel does not have exactly one credential object.
func (s *AppsService) Create(ctx context.Context, req *CreateAppRequest, opts ...RequestOption) (*App, error) {
	if err := checkCreateApp(s.client.checker(opAppsCreate), req); err != nil {
		return nil, s.client.rejected(ctx, opAppsCreate, err, opts)
	}
	return send[App](ctx, s.client, &call{operation: opAppsCreate, in: req}, opts)
}

// List returns all apps of the project. There are no pages.
//
//	GET /v1/projects/{project_id}/apps
func (s *AppsService) List(ctx context.Context, opts ...RequestOption) (*AppList, error) {
	return send[AppList](ctx, s.client, &call{operation: opAppsList}, opts)
}

// Get returns one app. An app of another region is reported as [ErrNotFound].
//
//	GET /v1/projects/{project_id}/apps/{app_id}
func (s *AppsService) Get(ctx context.Context, appID string, opts ...RequestOption) (*App, error) {
	return send[App](ctx, s.client, &call{operation: opAppsGet, ids: ids{appID}}, opts)
}

// Update changes the fields of an app that are set in the request.
//
//	PATCH /v1/projects/{project_id}/apps/{app_id}
//
// With [DialectPlatform], returns [*ArgumentError] if the request changes nothing, or if a channel does not have exactly
// one credential object.
func (s *AppsService) Update(ctx context.Context, appID string, req *UpdateAppRequest, opts ...RequestOption) (*App, error) {
	if err := checkUpdateApp(s.client.checker(opAppsUpdate), req); err != nil {
		return nil, s.client.rejected(ctx, opAppsUpdate, err, opts)
	}
	query, err := s.client.updateQuery(opAppsUpdate, req, req.UpdateMask)
	if err != nil {
		return nil, s.client.rejected(ctx, opAppsUpdate, err, opts)
	}
	return send[App](ctx, s.client, &call{operation: opAppsUpdate, ids: ids{appID}, query: query, in: req}, opts)
}

// Delete deletes an app.
//
//	DELETE /v1/projects/{project_id}/apps/{app_id}
func (s *AppsService) Delete(ctx context.Context, appID string, opts ...RequestOption) error {
	return s.client.do(ctx, &call{operation: opAppsDelete, ids: ids{appID}}, opts)
}

func checkCreateApp(check checker, req *CreateAppRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.required("display_name", req.DisplayName)
	check.app(req.ChannelCredentials, req.RetentionPolicy, req.DispatchRetentionPolicy, req.MessageRetrySettings, req.DeliveryReportBasedFallback)
	return check.problem
}

func checkUpdateApp(check checker, req *UpdateAppRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.app(req.ChannelCredentials, req.RetentionPolicy, req.DispatchRetentionPolicy, req.MessageRetrySettings, req.DeliveryReportBasedFallback)
	return check.problem
}

func (c *checker) app(
	credentials []ChannelCredential, retention *RetentionPolicy, dispatch *DispatchRetentionPolicy, retry *MessageRetrySettings,
	fallback *DeliveryReportBasedFallback,
) {
	for i := range credentials {
		c.credential(element("channel_credentials", i), &credentials[i])
	}
	c.number("retention_policy.ttl_days", orZero(retention).TTLDays, 1, 3650)
	c.number("dispatch_retention_policy.ttl_days", orZero(dispatch).TTLDays, 0, 7)
	c.number("message_retry_settings.retry_duration", orZero(retry).RetryDuration, 30, 3600)
	c.number("delivery_report_based_fallback.delivery_report_waiting_time", orZero(fallback).DeliveryReportWaitingTime, 10, 259200)
}

// credential requires a channel and exactly one credential object, as the live platform does. openapi.yaml requires
// neither.
func (c *checker) credential(field string, credential *ChannelCredential) {
	if !c.platform {
		return
	}
	c.required(field+".channel", string(credential.Channel))
	c.oneKind(field, "set the credentials of its channel", namesSet(
		kind{"applebc_credentials", &credential.AppleBCCredentials},
		kind{"instagram_credentials", &credential.InstagramCredentials},
		kind{"kakaotalk_credentials", &credential.KakaoTalkCredentials},
		kind{"kakaotalkchat_credentials", &credential.KakaoTalkChatCredentials},
		kind{"line_credentials", &credential.LineCredentials},
		kind{"line_enterprise_credentials", &credential.LineEnterpriseCredentials},
		kind{"mms_credentials", &credential.MMSCredentials},
		kind{"static_bearer", &credential.StaticBearer},
		kind{"static_token", &credential.StaticToken},
		kind{"telegram_credentials", &credential.TelegramCredentials},
		kind{"wechat_credentials", &credential.WeChatCredentials},
	))
	if line := credential.LineEnterpriseCredentials; line != nil {
		c.oneKind(field+".line_enterprise_credentials", "set LineJapan or LineThailand", namesSet(
			kind{"line_japan", &line.LineJapan},
			kind{"line_thailand", &line.LineThailand},
		))
	}
	c.length(field+".callback_secret", credential.CallbackSecret, 256)
	c.number(field+".credential_ordinal_number", orZero(credential.CredentialOrdinalNumber), 0, 255)
}

// ProjectSettingsService manages the settings that apply to all apps of the project.
type ProjectSettingsService service

var (
	opProjectSettingsCreate = operation{"ProjectSettings.Create", http.MethodPost, "/v1/projects/{project_id}/settings", classNotIdempotent}
	opProjectSettingsGet    = operation{"ProjectSettings.Get", http.MethodGet, "/v1/projects/{project_id}/settings", classReadOnly}
	opProjectSettingsUpdate = operation{"ProjectSettings.Update", http.MethodPatch, "/v1/projects/{project_id}/settings", classIdempotent}
	opProjectSettingsDelete = operation{"ProjectSettings.Delete", http.MethodDelete, "/v1/projects/{project_id}/settings", classIdempotent}
)

// Create creates the settings of a project that has none.
//
//	POST /v1/projects/{project_id}/settings
//
// Create is not idempotent.
func (s *ProjectSettingsService) Create(ctx context.Context, req *ProjectSettingsRequest, opts ...RequestOption) (*ProjectSettings, error) {
	return s.set(ctx, opProjectSettingsCreate, req, opts)
}

// Get returns the settings of the project. Missing settings are reported as [ErrNotFound].
//
//	GET /v1/projects/{project_id}/settings
func (s *ProjectSettingsService) Get(ctx context.Context, opts ...RequestOption) (*ProjectSettings, error) {
	return send[ProjectSettings](ctx, s.client, &call{operation: opProjectSettingsGet}, opts)
}

// Update changes the settings that are set in the request. The platform has no update mask here.
//
//	PATCH /v1/projects/{project_id}/settings
func (s *ProjectSettingsService) Update(ctx context.Context, req *ProjectSettingsRequest, opts ...RequestOption) (*ProjectSettings, error) {
	return s.set(ctx, opProjectSettingsUpdate, req, opts)
}

// Delete deletes the settings of the project, so that the defaults apply.
//
//	DELETE /v1/projects/{project_id}/settings
func (s *ProjectSettingsService) Delete(ctx context.Context, opts ...RequestOption) error {
	return s.client.do(ctx, &call{operation: opProjectSettingsDelete}, opts)
}

func (s *ProjectSettingsService) set(ctx context.Context, op operation, req *ProjectSettingsRequest, opts []RequestOption) (*ProjectSettings, error) {
	if req == nil {
		return nil, s.client.rejected(ctx, op, nilRequest(op), opts)
	}
	return send[ProjectSettings](ctx, s.client, &call{operation: op, in: req}, opts)
}
