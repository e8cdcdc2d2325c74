package conversation

import (
	"context"
	"iter"
	"net/http"
)

// EventsService sends events, such as that an answer is being written, and reads stored ones.
type EventsService service

var (
	opEventsSend   = operation{"Events.Send", http.MethodPost, "/v1/projects/{project_id}/events:send", classNotIdempotent}
	opEventsList   = operation{"Events.List", http.MethodGet, "/v1/projects/{project_id}/events", classReadOnly}
	opEventsGet    = operation{"Events.Get", http.MethodGet, "/v1/projects/{project_id}/events/{event_id}", classReadOnly}
	opEventsDelete = operation{"Events.Delete", http.MethodDelete, "/v1/projects/{project_id}/events/{event_id}", classIdempotent}
)

// Send queues an event to a person: POST /v1/projects/{project_id}/events:send.
//
// Send is not idempotent: it is repeated only after 429 and when it is proven that the request was not sent. Errors:
// [*ArgumentError] for a request that names no app, nobody to send to, or not exactly one event, and for channel
// identities with [DialectOpenAPI], which knows only contacts here; [*AuthError]; [*TransportError]; [*Error].
func (s *EventsService) Send(ctx context.Context, req *SendEventRequest, opts ...RequestOption) (*SendEventResponse, error) {
	if err := checkSendEvent(s.client.checker(opEventsSend), req); err != nil {
		return nil, err
	}
	body := s.client.sendEventBody(req)
	call := &call{operation: opEventsSend, in: body}
	return send[SendEventResponse](ctx, s.client, call, opts)
}

// List reads one page of stored events: GET /v1/projects/{project_id}/events. Nil params mean no filter.
//
// List is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504. Errors: [*ArgumentError]
// for a page size below zero; [*AuthError]; [*TransportError]; [*Error].
func (s *EventsService) List(ctx context.Context, params *ListEventsParams, opts ...RequestOption) (*Page[ConversationEvent], error) {
	pageToken, fetch := s.pages(params, opts)
	return startPage(ctx, pageToken, fetch)
}

// All yields every stored event from the page that params start at, fetching pages as they are needed:
// GET /v1/projects/{project_id}/events. Nil params mean no filter. It ends after the first error, which is a
// [*PageError] with the token to go on from.
//
// Each page is fetched as by [EventsService.List]: idempotent, with its repeats and errors.
func (s *EventsService) All(ctx context.Context, params *ListEventsParams, opts ...RequestOption) iter.Seq2[*ConversationEvent, error] {
	pageToken, fetch := s.pages(params, opts)
	return allItems(ctx, pageToken, fetch)
}

func (s *EventsService) pages(params *ListEventsParams, opts []RequestOption) (string, fetchPage[ConversationEvent]) {
	if params == nil {
		params = &ListEventsParams{}
	}
	list := listing{
		operation:   opEventsList,
		pageSize:    params.PageSize,
		maxPageSize: 20,
		filters:     map[string]string{"contact_id": params.ContactID, "conversation_id": params.ConversationID},
	}
	return params.PageToken, pagesOf(s.client, list, opts, func(list *ListEventsResponse) Page[ConversationEvent] {
		return Page[ConversationEvent]{Items: list.Events, NextPageToken: list.NextPageToken}
	})
}

// Get reads one stored event: GET /v1/projects/{project_id}/events/{event_id}.
//
// Get is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504. Errors: [*ArgumentError]
// for an empty id; [*AuthError]; [*TransportError]; [*Error], which is [ErrNotFound] for an unknown event.
func (s *EventsService) Get(ctx context.Context, eventID string, opts ...RequestOption) (*ConversationEvent, error) {
	return send[ConversationEvent](ctx, s.client, &call{operation: opEventsGet, ids: ids{eventID}}, opts)
}

// Delete removes an event from storage: DELETE /v1/projects/{project_id}/events/{event_id}.
//
// Delete is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504, and a repeat that finds
// nothing after an attempt that may have worked is a success. Errors: [*ArgumentError] for an empty id; [*AuthError];
// [*TransportError]; [*Error], which is [ErrNotFound] for an unknown event.
func (s *EventsService) Delete(ctx context.Context, eventID string, opts ...RequestOption) error {
	return s.client.do(ctx, &call{operation: opEventsDelete, ids: ids{eventID}}, opts)
}

func checkSendEvent(check checker, req *SendEventRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.appEvent("event", req.Event)
	check.required("app_id", req.AppID)
	check.recipient(req.Recipient)
	if !check.platform && req.Recipient.IdentifiedBy != nil {
		check.reject("recipient.identified_by", "is unknown to openapi.yaml for events: use contact_id, or DialectPlatform")
	}
	return check.problem
}
