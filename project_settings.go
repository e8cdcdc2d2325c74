package conversation

import (
	"context"
	"net/http"
)

// ProjectSettingsService manages what holds for all apps of the project.
type ProjectSettingsService service

var (
	opProjectSettingsCreate = operation{"ProjectSettings.Create", http.MethodPost, "/v1/projects/{project_id}/settings", classNotIdempotent}
	opProjectSettingsGet    = operation{"ProjectSettings.Get", http.MethodGet, "/v1/projects/{project_id}/settings", classReadOnly}
	opProjectSettingsUpdate = operation{"ProjectSettings.Update", http.MethodPatch, "/v1/projects/{project_id}/settings", classIdempotent}
	opProjectSettingsDelete = operation{"ProjectSettings.Delete", http.MethodDelete, "/v1/projects/{project_id}/settings", classIdempotent}
)

// Create sets the settings of a project that has none: POST /v1/projects/{project_id}/settings.
//
// Create is not idempotent: it is repeated only after 429 and when it is proven that the request was not sent. Errors:
// [*ArgumentError] for a nil request; [*AuthError]; [*TransportError]; [*Error].
func (s *ProjectSettingsService) Create(ctx context.Context, req *ProjectSettingsRequest, opts ...RequestOption) (*ProjectSettings, error) {
	return s.set(ctx, opProjectSettingsCreate, req, opts)
}

// Get reads the settings of the project: GET /v1/projects/{project_id}/settings.
//
// Get is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504. Errors: [*AuthError];
// [*TransportError]; [*Error], which is [ErrNotFound] for a project without settings.
func (s *ProjectSettingsService) Get(ctx context.Context, opts ...RequestOption) (*ProjectSettings, error) {
	return send[ProjectSettings](ctx, s.client, &call{operation: opProjectSettingsGet}, opts)
}

// Update changes the settings of the project that are set in the request: PATCH /v1/projects/{project_id}/settings. The
// platform knows no update mask here.
//
// Update is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504. Errors: [*ArgumentError]
// for a nil request; [*AuthError]; [*TransportError]; [*Error], which is [ErrNotFound] for a project without settings.
func (s *ProjectSettingsService) Update(ctx context.Context, req *ProjectSettingsRequest, opts ...RequestOption) (*ProjectSettings, error) {
	return s.set(ctx, opProjectSettingsUpdate, req, opts)
}

// Delete removes the settings of the project, so that the defaults hold: DELETE /v1/projects/{project_id}/settings.
//
// Delete is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504, and a repeat that finds
// nothing after an attempt that may have worked is a success. Errors: [*AuthError]; [*TransportError]; [*Error], which is
// [ErrNotFound] for a project without settings.
func (s *ProjectSettingsService) Delete(ctx context.Context, opts ...RequestOption) error {
	return s.client.do(ctx, &call{operation: opProjectSettingsDelete}, opts)
}

func (s *ProjectSettingsService) set(ctx context.Context, op operation, req *ProjectSettingsRequest, opts []RequestOption) (*ProjectSettings, error) {
	if req == nil {
		return nil, nilRequest(op)
	}
	return send[ProjectSettings](ctx, s.client, &call{operation: op, in: req}, opts)
}
