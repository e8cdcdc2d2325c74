package conversation

import (
	"context"
	"iter"
	"net/http"
)

// ConversationsService manages conversations: the threads of messages between an app and a contact.
type ConversationsService service

var (
	opConversationsCreate = operation{"Conversations.Create", http.MethodPost, "/v1/projects/{project_id}/conversations", classNotIdempotent}
	opConversationsList   = operation{"Conversations.List", http.MethodGet, "/v1/projects/{project_id}/conversations", classReadOnly}
	opConversationsGet    = operation{"Conversations.Get", http.MethodGet, "/v1/projects/{project_id}/conversations/{conversation_id}", classReadOnly}
	opConversationsUpdate = operation{"Conversations.Update", http.MethodPatch, "/v1/projects/{project_id}/conversations/{conversation_id}", classIdempotent}
	opConversationsDelete = operation{"Conversations.Delete", http.MethodDelete, "/v1/projects/{project_id}/conversations/{conversation_id}", classIdempotent}
	opConversationsStop   = operation{"Conversations.Stop", http.MethodPost, "/v1/projects/{project_id}/conversations/{conversation_id}:stop", classIdempotent}
	opConversationsRecent = operation{"Conversations.Recent", http.MethodGet, "/v1/projects/{project_id}/conversations:recent", classReadOnly}
)

// Create starts a conversation between an app and a contact. With an app in CONVERSATION mode, sending a message starts
// one too.
//
//	POST /v1/projects/{project_id}/conversations
//
// Create is not idempotent. Returns [*ArgumentError] if the request names no app or no contact.
func (s *ConversationsService) Create(ctx context.Context, req *CreateConversationRequest, opts ...RequestOption) (*Conversation, error) {
	if err := checkCreateConversation(s.client.checker(opConversationsCreate), req); err != nil {
		return nil, s.client.rejected(ctx, opConversationsCreate, err, opts)
	}
	body := s.client.createConversationBody(req)
	call := &call{operation: opConversationsCreate, in: body}
	return send[Conversation](ctx, s.client, call, opts)
}

// List returns one page of conversations. Nil params have no filter.
//
//	GET /v1/projects/{project_id}/conversations
//
// With [DialectPlatform], returns [*ArgumentError] if the params name neither an app nor a contact.
func (s *ConversationsService) List(ctx context.Context, params *ListConversationsParams, opts ...RequestOption) (*Page[Conversation], error) {
	pageToken, fetch := s.pages(params, opts)
	return startPage(ctx, pageToken, fetch)
}

// All yields every conversation from the page at which params start, and fetches pages as they are needed. Nil params
// have no filter. It stops after the first error, a [*PageError].
//
//	GET /v1/projects/{project_id}/conversations
//
// With [DialectPlatform], the error holds an [*ArgumentError] if the params name neither an app nor a contact.
func (s *ConversationsService) All(ctx context.Context, params *ListConversationsParams, opts ...RequestOption) iter.Seq2[*Conversation, error] {
	pageToken, fetch := s.pages(params, opts)
	return allItems(ctx, pageToken, fetch)
}

func (s *ConversationsService) pages(params *ListConversationsParams, opts []RequestOption) (string, fetchPage[Conversation]) {
	if params == nil {
		params = &ListConversationsParams{}
	}
	list := listing{
		operation:   opConversationsList,
		pageSize:    params.PageSize,
		maxPageSize: 20,
		filters: map[string]string{
			"active_channel": string(params.ActiveChannel),
			"app_id":         params.AppID,
			"contact_id":     params.ContactID,
			"only_active":    queryFlag(params.OnlyActive),
		},
	}
	list.checkMore = func(check *checker) { check.oneFilter(list.filters, "app_id", "contact_id") }
	return params.PageToken, pagesOf(s.client, list, opts, func(list *ConversationList) Page[Conversation] {
		return Page[Conversation]{Items: list.Conversations, NextPageToken: list.NextPageToken, TotalSize: list.TotalSize}
	})
}

// Get returns one conversation.
//
//	GET /v1/projects/{project_id}/conversations/{conversation_id}
func (s *ConversationsService) Get(ctx context.Context, conversationID string, opts ...RequestOption) (*Conversation, error) {
	return send[Conversation](ctx, s.client, &call{operation: opConversationsGet, ids: ids{conversationID}}, opts)
}

// Update changes the fields of a conversation that are set in the request. With [DialectPlatform],
// MetadataUpdateStrategy sets whether new metadata replaces the old or changes it field by field.
//
//	PATCH /v1/projects/{project_id}/conversations/{conversation_id}
//
// With [DialectPlatform], returns [*ArgumentError] if the request changes nothing.
func (s *ConversationsService) Update(ctx context.Context, conversationID string, req *UpdateConversationRequest, opts ...RequestOption) (*Conversation, error) {
	if err := checkUpdateConversation(s.client.checker(opConversationsUpdate), req); err != nil {
		return nil, s.client.rejected(ctx, opConversationsUpdate, err, opts)
	}
	query, err := s.client.updateConversationQuery(opConversationsUpdate, req)
	if err != nil {
		return nil, s.client.rejected(ctx, opConversationsUpdate, err, opts)
	}
	return send[Conversation](ctx, s.client, &call{operation: opConversationsUpdate, ids: ids{conversationID}, query: query, in: req}, opts)
}

// Delete deletes a conversation and its messages.
//
//	DELETE /v1/projects/{project_id}/conversations/{conversation_id}
func (s *ConversationsService) Delete(ctx context.Context, conversationID string, opts ...RequestOption) error {
	return s.client.do(ctx, &call{operation: opConversationsDelete, ids: ids{conversationID}}, opts)
}

// Stop ends an active conversation.
//
//	POST /v1/projects/{project_id}/conversations/{conversation_id}:stop
//
// Stop is idempotent.
func (s *ConversationsService) Stop(ctx context.Context, conversationID string, opts ...RequestOption) error {
	return s.client.do(ctx, &call{operation: opConversationsStop, ids: ids{conversationID}}, opts)
}

// Recent returns one page of the conversations of an app, each with its newest message.
//
//	GET /v1/projects/{project_id}/conversations:recent
//
// Returns [*ArgumentError] if the params name no app.
func (s *ConversationsService) Recent(ctx context.Context, params *ListRecentConversationsParams, opts ...RequestOption) (*Page[ConversationRecentMessage], error) {
	pageToken, fetch := s.recentPages(params, opts)
	return startPage(ctx, pageToken, fetch)
}

// AllRecent yields every conversation of an app with its newest message, from the page at which params start, and
// fetches pages as they are needed. It stops after the first error, a [*PageError].
//
//	GET /v1/projects/{project_id}/conversations:recent
//
// The error holds an [*ArgumentError] if the params name no app.
func (s *ConversationsService) AllRecent(ctx context.Context, params *ListRecentConversationsParams, opts ...RequestOption) iter.Seq2[*ConversationRecentMessage, error] {
	pageToken, fetch := s.recentPages(params, opts)
	return allItems(ctx, pageToken, fetch)
}

func (s *ConversationsService) recentPages(params *ListRecentConversationsParams, opts []RequestOption) (string, fetchPage[ConversationRecentMessage]) {
	if params == nil {
		params = &ListRecentConversationsParams{}
	}
	list := listing{
		operation:   opConversationsRecent,
		pageSize:    params.PageSize,
		maxPageSize: 50,
		filters: map[string]string{
			"app_id":      params.AppID,
			"only_active": queryFlag(params.OnlyActive),
			"order":       string(params.Order),
		},
		required: "app_id",
	}
	return params.PageToken, pagesOf(s.client, list, opts, func(list *ListRecentConversationsResponse) Page[ConversationRecentMessage] {
		return Page[ConversationRecentMessage]{Items: list.Conversations, NextPageToken: list.NextPageToken, TotalSize: list.TotalSize}
	})
}

func checkCreateConversation(check checker, req *CreateConversationRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.required("app_id", req.AppID)
	check.required("contact_id", req.ContactID)
	check.conversation(req.Metadata, req.MetadataJSON, req.CorrelationID)
	return check.problem
}

func checkUpdateConversation(check checker, req *UpdateConversationRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.conversation(orZero(req.Metadata), req.MetadataJSON, orZero(req.CorrelationID))
	return check.problem
}

func (c *checker) conversation(metadata string, metadataJSON map[string]any, correlationID string) {
	c.length("metadata", metadata, maxMetadata)
	c.lengthAsJSON("metadata_json", metadataJSON, maxConversationMetadata)
	c.length("correlation_id", correlationID, maxCorrelationID)
}
