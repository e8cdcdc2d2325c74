package conversation

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"strings"
	"unicode/utf8"
)

// MessagesService sends messages and reads stored ones.
type MessagesService service

var (
	opMessagesSend         = operation{"Messages.Send", http.MethodPost, "/v1/projects/{project_id}/messages:send", classNotIdempotent}
	opMessagesList         = operation{"Messages.List", http.MethodGet, "/v1/projects/{project_id}/messages", classReadOnly}
	opMessagesLastMessages = operation{"Messages.LastMessages", http.MethodPost, "/v1/projects/{project_id}/messages:fetch-last-message", classReadOnly}
	opMessagesGet          = operation{"Messages.Get", http.MethodGet, "/v1/projects/{project_id}/messages/{message_id}", classReadOnly}
	opMessagesUpdate       = operation{"Messages.Update", http.MethodPatch, "/v1/projects/{project_id}/messages/{message_id}", classIdempotent}
	opMessagesDelete       = operation{"Messages.Delete", http.MethodDelete, "/v1/projects/{project_id}/messages/{message_id}", classIdempotent}
)

// Send queues a message for a person. A reply means that the API accepted the message, not that it was delivered;
// delivery reports come by webhook. In CONVERSATION mode the message belongs to the active conversation of the app and
// the contact, and starts one if there is none.
//
//	POST /v1/projects/{project_id}/messages:send
//
// Send is not idempotent: after an error, [OutcomeOf] reports whether the message can have been sent. The response is nil
// after every error, also after one of a message that was accepted. Returns [*ArgumentError] if the request names no app,
// or does not have exactly one form of recipient and exactly one message kind.
func (s *MessagesService) Send(ctx context.Context, req *SendMessageRequest, opts ...RequestOption) (*SendMessageResponse, error) {
	if err := checkSendMessage(s.client.checker(opMessagesSend), req); err != nil {
		return nil, s.client.rejected(ctx, opMessagesSend, err, opts)
	}
	body := s.client.sendMessageBody(req)
	call := &call{operation: opMessagesSend, in: body}
	return send[SendMessageResponse](ctx, s.client, call, opts)
}

// runObserved runs the call and shows a message to the observers of messages.
func (c *Client) runObserved(ctx context.Context, state *callState, misused error) error {
	if len(c.messageObservers) == 0 || state.call.name != opMessagesSend.name {
		return c.run(ctx, state, misused)
	}
	switch in := state.call.in.(type) {
	case *SendMessageRequest:
		state.call.in = c.withMetadata(ctx, state.info, in)
	case platformSendMessage:
		in.SendMessageRequest = c.withMetadata(ctx, state.info, in.SendMessageRequest)
		state.call.in = in
	}
	err := c.run(ctx, state, misused)
	if reply, ok := state.call.out.(*SendMessageResponse); ok && reply.MessageID != "" {
		for _, observer := range c.messageObservers {
			observer.MessageAccepted(ctx, state.info, reply.MessageID)
		}
	}
	return err
}

// withMetadata returns a copy of the request with the metadata that the observers want to send.
func (c *Client) withMetadata(ctx context.Context, info CallInfo, req *SendMessageRequest) *SendMessageRequest {
	changed := *req
	for _, observer := range c.messageObservers {
		metadata := observer.MessageMetadata(ctx, info, changed.MessageMetadata)
		if utf8.RuneCountInString(metadata) <= maxMetadata && utf8.ValidString(metadata) {
			changed.MessageMetadata = metadata
		}
	}
	return &changed
}

// Validate returns the [*ArgumentError] with which [MessagesService.Send] of a client with [DialectPlatform] rejects
// the request before anything is sent, or nil. It is for code that stores a request to send it later.
//
// A client with [WithoutLimitChecks] accepts requests that exceed a limit. One with [DialectOpenAPI] accepts them too,
// and what only the live platform rejects: conversation metadata that is not a JSON object, a list without a title, a
// template without a version, and a menu item with a display mode. It also rejects what Validate accepts: PostbackJSON
// that is not a string.
func (r *SendMessageRequest) Validate() error {
	client := &Client{engine: &engine{dialect: DialectPlatform}}
	if err := checkSendMessage(client.checker(opMessagesSend), r); err != nil {
		return err
	}
	_, err := encode(opMessagesSend, client.sendMessageBody(r))
	return err
}

// List returns one page of stored messages, newest first. Nil params have no filter. The live platform stores messages
// only for apps in CONVERSATION mode, or in DISPATCH mode with a retention policy.
//
//	GET /v1/projects/{project_id}/messages
//
// With [DialectPlatform], returns [*ArgumentError] if the params name a conversation or a contact, and MessagesSource
// is not [MessageSourceConversation]: messages of other sources have neither.
func (s *MessagesService) List(ctx context.Context, params *ListMessagesParams, opts ...RequestOption) (*Page[ConversationMessage], error) {
	pageToken, fetch := s.pages(params, opts)
	return startPage(ctx, pageToken, fetch)
}

// All yields every stored message, newest first, from the page at which params start, and fetches pages as they are
// needed. Nil params have no filter. It stops after the first error, a [*PageError].
//
//	GET /v1/projects/{project_id}/messages
//
// With [DialectPlatform], the error holds an [*ArgumentError] for the params that [MessagesService.List] rejects.
func (s *MessagesService) All(ctx context.Context, params *ListMessagesParams, opts ...RequestOption) iter.Seq2[*ConversationMessage, error] {
	pageToken, fetch := s.pages(params, opts)
	return allItems(ctx, pageToken, fetch)
}

func (s *MessagesService) pages(params *ListMessagesParams, opts []RequestOption) (string, fetchPage[ConversationMessage]) {
	if params == nil {
		params = &ListMessagesParams{}
	}
	list := listing{
		operation:   opMessagesList,
		pageSize:    params.PageSize,
		maxPageSize: 1000,
		filters: map[string]string{
			"app_id":                    params.AppID,
			"channel":                   string(params.Channel),
			"channel_identity":          params.ChannelIdentity,
			"contact_id":                params.ContactID,
			"conversation_id":           params.ConversationID,
			"direction":                 string(params.Direction),
			"end_time":                  queryTime(params.EndTime),
			"messages_source":           string(params.MessagesSource),
			"only_recipient_originated": queryFlag(params.OnlyRecipientOriginated),
			"start_time":                queryTime(params.StartTime),
			"view":                      string(params.View),
		},
		checkMore: func(check *checker) {
			check.sourced("conversation_id", params.ConversationID, params.MessagesSource)
			check.sourced("contact_id", params.ContactID, params.MessagesSource)
		},
	}
	return params.PageToken, pagesOf(s.client, list, opts, openMessages)
}

// sourced requires the source that a filter needs. openapi.yaml has no sources.
func (c *checker) sourced(field, filter string, source MessageSource) {
	if c.platform && filter != "" && source != MessageSourceConversation {
		c.reject(field, "needs messages_source CONVERSATION_SOURCE: set MessagesSource to MessageSourceConversation")
	}
}

// LastMessages returns one page of the newest messages of people, who are named by their identities or by their
// contacts. A nil request has no filter. The source is always sent: without one, [MessageSourceConversation]. Messages
// that were sent in DISPATCH mode need [MessageSourceDispatch].
//
//	POST /v1/projects/{project_id}/messages:fetch-last-message
//
// LastMessages changes nothing and is retried like a read. With [DialectPlatform], returns [*ArgumentError] if the
// request names both identities and contacts, or contacts with [MessageSourceDispatch].
func (s *MessagesService) LastMessages(ctx context.Context, req *LastMessagesRequest, opts ...RequestOption) (*Page[ConversationMessage], error) {
	pageToken, fetch := s.lastPages(req, opts)
	return startPage(ctx, pageToken, fetch)
}

// AllLastMessages yields every message of [MessagesService.LastMessages] from the page at which the request starts, and
// fetches pages as they are needed. A nil request has no filter. It stops after the first error, a [*PageError].
//
//	POST /v1/projects/{project_id}/messages:fetch-last-message
func (s *MessagesService) AllLastMessages(ctx context.Context, req *LastMessagesRequest, opts ...RequestOption) iter.Seq2[*ConversationMessage, error] {
	pageToken, fetch := s.lastPages(req, opts)
	return allItems(ctx, pageToken, fetch)
}

func (s *MessagesService) lastPages(req *LastMessagesRequest, opts []RequestOption) (string, fetchPage[ConversationMessage]) {
	if req == nil {
		req = &LastMessagesRequest{}
	}
	list := listing{
		operation:   opMessagesLastMessages,
		pageSize:    req.PageSize,
		maxPageSize: 1000,
		checkMore:   func(check *checker) { checkLastMessages(check, req) },
		body: func(pageToken string) any {
			page := *req
			page.PageToken = pageToken
			page.MessagesSource = cmp.Or(page.MessagesSource, MessageSourceConversation)
			return page
		},
	}
	return req.PageToken, pagesOf(s.client, list, opts, openMessages)
}

func checkLastMessages(check *checker, req *LastMessagesRequest) {
	switch {
	case !check.platform || len(req.ContactIDs) == 0:
	case len(req.ChannelIdentities) > 0:
		check.reject("contact_ids", "cannot be combined with channel_identities: keep one")
	case req.MessagesSource == MessageSourceDispatch:
		check.reject("contact_ids", "needs messages_source CONVERSATION_SOURCE: messages sent in DISPATCH mode have no contact")
	}
	for i, identity := range req.ChannelIdentities {
		if check.hasNumberProblem(req.Channel, identity) {
			check.numberProblem(element("channel_identities", i), identity)
		}
	}
}

func openMessages(list *MessageList) Page[ConversationMessage] {
	return Page[ConversationMessage]{Items: list.Messages, NextPageToken: list.NextPageToken}
}

// Get returns one stored message. [WithMessageSource] finds one that was sent in DISPATCH mode.
//
//	GET /v1/projects/{project_id}/messages/{message_id}
func (s *MessagesService) Get(ctx context.Context, messageID string, opts ...RequestOption) (*ConversationMessage, error) {
	return send[ConversationMessage](ctx, s.client, &call{operation: opMessagesGet, ids: ids{messageID}, takesSource: true}, opts)
}

// Update replaces the metadata of a message. Empty metadata clears it. [WithMessageSource] finds a message that was sent
// in DISPATCH mode.
//
//	PATCH /v1/projects/{project_id}/messages/{message_id}
func (s *MessagesService) Update(ctx context.Context, messageID string, req *UpdateMessageRequest, opts ...RequestOption) (*ConversationMessage, error) {
	if err := checkUpdateMessage(s.client.checker(opMessagesUpdate), req); err != nil {
		return nil, s.client.rejected(ctx, opMessagesUpdate, err, opts)
	}
	return send[ConversationMessage](ctx, s.client, &call{operation: opMessagesUpdate, ids: ids{messageID}, in: req, takesSource: true}, opts)
}

// Delete deletes a message from storage. It does not recall a delivered message. [WithMessageSource] finds one that was
// sent in DISPATCH mode.
//
//	DELETE /v1/projects/{project_id}/messages/{message_id}
func (s *MessagesService) Delete(ctx context.Context, messageID string, opts ...RequestOption) error {
	return s.client.do(ctx, &call{operation: opMessagesDelete, ids: ids{messageID}, takesSource: true}, opts)
}

func checkSendMessage(check checker, req *SendMessageRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.ttl(req.TTL)
	check.required("app_id", req.AppID)
	check.recipient(req.Recipient)
	check.length("message_metadata", req.MessageMetadata, maxMetadata)
	check.jsonObject("conversation_metadata", req.ConversationMetadata)
	check.lengthAsJSON("conversation_metadata", json.RawMessage(req.ConversationMetadata), maxConversationMetadata)
	check.length("correlation_id", req.CorrelationID, maxCorrelationID)
	check.optionalURL("callback_url", req.CallbackURL)
	check.channelProperties(req.ChannelProperties)
	check.appMessage("message", &req.Message)
	return check.problem
}

func (c *checker) ttl(seconds int) {
	if seconds < 0 {
		c.reject("ttl", "must not be below zero: use seconds, or 0 for the default")
	}
	c.number("ttl", seconds, 3, 315576000000)
}

func (c *checker) channelProperties(properties map[ChannelPropertyKey]string) {
	for key, value := range properties {
		c.length("channel_properties."+string(key), value, 1024)
	}
}

// jsonObject requires a string to be a JSON object, as the live platform does.
func (c *checker) jsonObject(field, value string) {
	if !c.platform || value == "" {
		return
	}
	object := []byte(strings.TrimSpace(value))
	if !json.Valid(object) || object[0] != '{' {
		c.reject(field, "must be a JSON object with DialectPlatform")
	}
}

func checkUpdateMessage(check checker, req *UpdateMessageRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.length("metadata", req.Metadata, maxMetadata)
	return check.problem
}
