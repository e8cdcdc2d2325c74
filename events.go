package conversation

import (
	"context"
	"iter"
	"net/http"
)

// EventsService sends events, such as typing indicators, and reads stored ones.
type EventsService service

var (
	opEventsSend   = operation{"Events.Send", http.MethodPost, "/v1/projects/{project_id}/events:send", classNotIdempotent}
	opEventsList   = operation{"Events.List", http.MethodGet, "/v1/projects/{project_id}/events", classReadOnly}
	opEventsGet    = operation{"Events.Get", http.MethodGet, "/v1/projects/{project_id}/events/{event_id}", classReadOnly}
	opEventsDelete = operation{"Events.Delete", http.MethodDelete, "/v1/projects/{project_id}/events/{event_id}", classIdempotent}
)

// Send queues an event for a person.
//
//	POST /v1/projects/{project_id}/events:send
//
// Send is not idempotent. Returns [*ArgumentError] if the request names no app, does not have exactly one form of
// recipient and exactly one event, or, with [DialectOpenAPI], addresses channel identities: openapi.yaml accepts only
// contacts.
func (s *EventsService) Send(ctx context.Context, req *SendEventRequest, opts ...RequestOption) (*SendEventResponse, error) {
	if err := checkSendEvent(s.client.checker(opEventsSend), req); err != nil {
		return nil, s.client.rejected(ctx, opEventsSend, err, opts)
	}
	body := s.client.sendEventBody(req)
	call := &call{operation: opEventsSend, in: body}
	return send[SendEventResponse](ctx, s.client, call, opts)
}

// List returns one page of stored events. Nil params have no filter.
//
//	GET /v1/projects/{project_id}/events
//
// With [DialectPlatform], returns [*ArgumentError] if the params name neither a conversation nor a contact.
func (s *EventsService) List(ctx context.Context, params *ListEventsParams, opts ...RequestOption) (*Page[ConversationEvent], error) {
	pageToken, fetch := s.pages(params, opts)
	return startPage(ctx, pageToken, fetch)
}

// All yields every stored event from the page at which params start, and fetches pages as they are needed. Nil params
// have no filter. It stops after the first error, a [*PageError].
//
//	GET /v1/projects/{project_id}/events
//
// With [DialectPlatform], the error holds an [*ArgumentError] if the params name neither a conversation nor a contact.
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
	list.checkMore = func(check *checker) { check.oneFilter(list.filters, "conversation_id", "contact_id") }
	return params.PageToken, pagesOf(s.client, list, opts, func(list *ListEventsResponse) Page[ConversationEvent] {
		return Page[ConversationEvent]{Items: list.Events, NextPageToken: list.NextPageToken}
	})
}

// Get returns one stored event.
//
//	GET /v1/projects/{project_id}/events/{event_id}
func (s *EventsService) Get(ctx context.Context, eventID string, opts ...RequestOption) (*ConversationEvent, error) {
	return send[ConversationEvent](ctx, s.client, &call{operation: opEventsGet, ids: ids{eventID}}, opts)
}

// Delete deletes an event from storage.
//
//	DELETE /v1/projects/{project_id}/events/{event_id}
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
	check.optionalURL("callback_url", req.CallbackURL)
	if !check.platform && req.Recipient.IdentifiedBy != nil {
		check.reject("recipient.identified_by", "is unknown to openapi.yaml for events: use contact_id, or DialectPlatform")
	}
	return check.problem
}
