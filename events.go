package conversation

import (
	"context"
	"net/http"
)

// EventsService sends events, such as that an answer is being written.
type EventsService service

var opEventsSend = operation{"Events.Send", http.MethodPost, "/v1/projects/{project_id}/events:send", classNotIdempotent}

// Send queues an event to a person: POST /v1/projects/{project_id}/events:send.
//
// Send is not idempotent: it is repeated only after 429 and when it is proven that the request was not sent. Errors:
// [*ArgumentError] for a request that names no app, nobody to send to, or not exactly one event, and for channel
// identities with [DialectOpenAPI], which knows only contacts here; [*AuthError]; [*TransportError]; [*Error].
func (s *EventsService) Send(ctx context.Context, req *SendEventRequest, opts ...RequestOption) (*SendEventResponse, error) {
	if err := checkSendEvent(opEventsSend, req); err != nil {
		return nil, err
	}
	body, err := s.client.sendEventBody(opEventsSend, req)
	if err != nil {
		return nil, err
	}
	call := &call{operation: opEventsSend, path: s.client.projectPath + "/events:send", in: body}
	return send[SendEventResponse](ctx, s.client, call, opts)
}
