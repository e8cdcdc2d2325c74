package conversation

import (
	"context"
	"net/http"
)

// CapabilityService asks on which channels a person can be reached.
type CapabilityService service

var opCapabilityQuery = operation{"Capability.Query", http.MethodPost, "/v1/projects/{project_id}/capability:query", classReadOnly}

// Query asks on which channels a recipient can be reached: POST /v1/projects/{project_id}/capability:query. The reply
// only says that the query was taken; the result comes as a CAPABILITY callback with the same request id.
//
// Query changes nothing, so it is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504.
// Errors: [*ArgumentError] for a request that names no app or not exactly one recipient form; [*AuthError];
// [*TransportError]; [*Error].
func (s *CapabilityService) Query(ctx context.Context, req *CapabilityQueryRequest, opts ...RequestOption) (*CapabilityQueryResponse, error) {
	if err := checkCapabilityQuery(s.client.checker(opCapabilityQuery), req); err != nil {
		return nil, err
	}
	call := &call{operation: opCapabilityQuery, in: s.client.capabilityQueryBody(req)}
	return send[CapabilityQueryResponse](ctx, s.client, call, opts)
}

func checkCapabilityQuery(check checker, req *CapabilityQueryRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.required("app_id", req.AppID)
	check.recipient(req.Recipient)
	return check.problem
}
