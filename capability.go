package conversation

import (
	"context"
	"net/http"
)

// CapabilityService asks on which channels a person can be reached.
type CapabilityService service

var opCapabilityQuery = operation{"Capability.Query", http.MethodPost, "/v1/projects/{project_id}/capability:query", classReadOnly}

// Query asks on which channels a recipient can be reached. The reply only confirms the query; the result comes as a
// CAPABILITY callback with the same request id.
//
//	POST /v1/projects/{project_id}/capability:query
//
// Query changes nothing and is retried like a read. Returns [*ArgumentError] if the request names no app, or does not
// have exactly one form of recipient.
func (s *CapabilityService) Query(ctx context.Context, req *CapabilityQueryRequest, opts ...RequestOption) (*CapabilityQueryResponse, error) {
	if err := checkCapabilityQuery(s.client.checker(opCapabilityQuery), req); err != nil {
		return nil, s.client.rejected(ctx, opCapabilityQuery, err, opts)
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
