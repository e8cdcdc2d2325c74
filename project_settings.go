package conversation

import (
	"context"
	"net/http"
)

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
		return nil, nilRequest(op)
	}
	return send[ProjectSettings](ctx, s.client, &call{operation: op, in: req}, opts)
}
