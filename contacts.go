package conversation

import (
	"context"
	"iter"
	"net/http"
)

// ContactsService manages contacts: people with one or more channel identities.
type ContactsService service

var (
	opContactsCreate = operation{"Contacts.Create", http.MethodPost, "/v1/projects/{project_id}/contacts", classNotIdempotent}
	opContactsList   = operation{"Contacts.List", http.MethodGet, "/v1/projects/{project_id}/contacts", classReadOnly}
	opContactsGet    = operation{"Contacts.Get", http.MethodGet, "/v1/projects/{project_id}/contacts/{contact_id}", classReadOnly}
	opContactsUpdate = operation{"Contacts.Update", http.MethodPatch, "/v1/projects/{project_id}/contacts/{contact_id}", classIdempotent}
	opContactsDelete = operation{"Contacts.Delete", http.MethodDelete, "/v1/projects/{project_id}/contacts/{contact_id}", classIdempotent}
	opContactsMerge  = operation{"Contacts.Merge", http.MethodPost, "/v1/projects/{project_id}/contacts:merge", classNotIdempotent}

	opContactsMergePlatform = operation{"Contacts.Merge", http.MethodPost, "/v1/projects/{project_id}/contacts/{destination_id}:merge", classNotIdempotent}

	opContactsChannelProfile    = operation{"Contacts.ChannelProfile", http.MethodPost, "/v1/projects/{project_id}/contacts:getChannelProfile", classReadOnly}
	opContactsIdentityConflicts = operation{"Contacts.IdentityConflicts", http.MethodGet, "/v1/projects/{project_id}/contacts:identityConflicts", classReadOnly}
)

// Create makes a contact: POST /v1/projects/{project_id}/contacts.
//
// Create is not idempotent: it is repeated only after 429 and when it is proven that the request was not sent. Errors:
// [*ArgumentError] for a request without channel identities; [*AuthError]; [*TransportError]; [*Error].
func (s *ContactsService) Create(ctx context.Context, req *CreateContactRequest, opts ...RequestOption) (*Contact, error) {
	if err := checkCreateContact(s.client.checker(opContactsCreate), req); err != nil {
		return nil, err
	}
	call := &call{operation: opContactsCreate, in: req}
	return send[Contact](ctx, s.client, call, opts)
}

// List reads one page of contacts: GET /v1/projects/{project_id}/contacts. Nil params mean the first page.
//
// List is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504. Errors: [*ArgumentError]
// for a page size below zero; [*AuthError]; [*TransportError]; [*Error].
func (s *ContactsService) List(ctx context.Context, params *ListContactsParams, opts ...RequestOption) (*Page[Contact], error) {
	pageToken, fetch := s.pages(params, opts)
	return startPage(ctx, pageToken, fetch)
}

// All yields every contact from the page that params start at, fetching pages as they are needed:
// GET /v1/projects/{project_id}/contacts. Nil params start at the beginning. It ends after the first error, which is a
// [*PageError] with the token to go on from.
//
// Each page is fetched as by [ContactsService.List]: idempotent, with its repeats and errors.
func (s *ContactsService) All(ctx context.Context, params *ListContactsParams, opts ...RequestOption) iter.Seq2[*Contact, error] {
	pageToken, fetch := s.pages(params, opts)
	return allItems(ctx, pageToken, fetch)
}

func (s *ContactsService) pages(params *ListContactsParams, opts []RequestOption) (string, fetchPage[Contact]) {
	if params == nil {
		params = &ListContactsParams{}
	}
	list := listing{
		operation:   opContactsList,
		pageSize:    params.PageSize,
		maxPageSize: 20,
		filters: map[string]string{
			"channel":     string(params.Channel),
			"external_id": params.ExternalID,
			"identity":    params.Identity,
		},
	}
	return params.PageToken, pagesOf(s.client, list, opts, func(list *ContactList) Page[Contact] {
		return Page[Contact]{Items: list.Contacts, NextPageToken: list.NextPageToken}
	})
}

// Get reads one contact: GET /v1/projects/{project_id}/contacts/{contact_id}.
//
// Get is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504. Errors: [*ArgumentError]
// for an empty id; [*AuthError]; [*TransportError]; [*Error], which is [ErrNotFound] for an unknown contact.
func (s *ContactsService) Get(ctx context.Context, contactID string, opts ...RequestOption) (*Contact, error) {
	return send[Contact](ctx, s.client, &call{operation: opContactsGet, ids: ids{contactID}}, opts)
}

// Update changes the fields of a contact that are set in the request:
// PATCH /v1/projects/{project_id}/contacts/{contact_id}.
//
// Update is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504. Errors: [*ArgumentError]
// for an empty id, a nil request or, with [DialectPlatform], one that changes nothing; [*AuthError]; [*TransportError];
// [*Error], which is [ErrNotFound] for an unknown contact.
func (s *ContactsService) Update(ctx context.Context, contactID string, req *UpdateContactRequest, opts ...RequestOption) (*Contact, error) {
	if err := checkUpdateContact(s.client.checker(opContactsUpdate), req); err != nil {
		return nil, err
	}
	query, err := s.client.updateQuery(opContactsUpdate, req, req.UpdateMask)
	if err != nil {
		return nil, err
	}
	return send[Contact](ctx, s.client, &call{operation: opContactsUpdate, ids: ids{contactID}, query: query, in: req}, opts)
}

// Delete removes a contact and what belongs to it: DELETE /v1/projects/{project_id}/contacts/{contact_id}.
//
// Delete is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504, and a repeat that finds
// nothing after an attempt that may have worked is a success. Errors: [*ArgumentError] for an empty id; [*AuthError];
// [*TransportError]; [*Error], which is [ErrNotFound] for an unknown contact.
func (s *ContactsService) Delete(ctx context.Context, contactID string, opts ...RequestOption) error {
	return s.client.do(ctx, &call{operation: opContactsDelete, ids: ids{contactID}}, opts)
}

// Merge moves the channel identities and conversations of one contact to another, and deletes the first:
// POST /v1/projects/{project_id}/contacts:merge, or with [DialectPlatform]
// POST /v1/projects/{project_id}/contacts/{destination_id}:merge. It gives the contact that stays.
//
// Merge is not idempotent: it is repeated only after 429 and when it is proven that the request was not sent. Errors:
// [*ArgumentError] for an empty id or the same id twice; [*AuthError]; [*TransportError]; [*Error], which is
// [ErrNotFound] for an unknown contact and for a server that speaks the other dialect.
func (s *ContactsService) Merge(ctx context.Context, req *MergeContactsRequest, opts ...RequestOption) (*Contact, error) {
	if err := checkMergeContacts(s.client.checker(opContactsMerge), req); err != nil {
		return nil, err
	}
	return send[Contact](ctx, s.client, s.client.mergeContactsCall(req), opts)
}

// ChannelProfile asks a channel for the name that a person shows there:
// POST /v1/projects/{project_id}/contacts:getChannelProfile.
//
// ChannelProfile changes nothing, so it is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and
// 504. Errors: [*ArgumentError] for a request that names no app, no channel or not exactly one recipient form;
// [*AuthError]; [*TransportError]; [*Error].
func (s *ContactsService) ChannelProfile(ctx context.Context, req *GetChannelProfileRequest, opts ...RequestOption) (*GetChannelProfileResponse, error) {
	if err := checkChannelProfile(s.client.checker(opContactsChannelProfile), req); err != nil {
		return nil, err
	}
	call := &call{
		operation: opContactsChannelProfile,
		in:        s.client.channelProfileBody(req),
	}
	return send[GetChannelProfileResponse](ctx, s.client, call, opts)
}

// IdentityConflicts reads one page of the identities that several contacts have:
// GET /v1/projects/{project_id}/contacts:identityConflicts. Nil params mean the first page.
//
// IdentityConflicts is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504. Errors:
// [*ArgumentError] for a page size below zero; [*AuthError]; [*TransportError]; [*Error].
func (s *ContactsService) IdentityConflicts(ctx context.Context, params *ListIdentityConflictsParams, opts ...RequestOption) (*Page[IdentityConflict], error) {
	pageToken, fetch := s.conflictPages(params, opts)
	return startPage(ctx, pageToken, fetch)
}

// AllIdentityConflicts yields every identity that several contacts have, from the page that params start at, fetching
// pages as they are needed: GET /v1/projects/{project_id}/contacts:identityConflicts. Nil params start at the beginning.
// It ends after the first error, which is a [*PageError] with the token to go on from.
//
// Each page is fetched as by [ContactsService.IdentityConflicts]: idempotent, with its repeats and errors.
func (s *ContactsService) AllIdentityConflicts(ctx context.Context, params *ListIdentityConflictsParams, opts ...RequestOption) iter.Seq2[*IdentityConflict, error] {
	pageToken, fetch := s.conflictPages(params, opts)
	return allItems(ctx, pageToken, fetch)
}

func (s *ContactsService) conflictPages(params *ListIdentityConflictsParams, opts []RequestOption) (string, fetchPage[IdentityConflict]) {
	if params == nil {
		params = &ListIdentityConflictsParams{}
	}
	list := listing{
		operation:   opContactsIdentityConflicts,
		pageSize:    params.PageSize,
		maxPageSize: 20,
	}
	return params.PageToken, pagesOf(s.client, list, opts, func(list *ListIdentityConflictsResponse) Page[IdentityConflict] {
		return Page[IdentityConflict]{Items: list.Conflicts, NextPageToken: list.NextPageToken}
	})
}

func checkCreateContact(check checker, req *CreateContactRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.identities("channel_identities", req.ChannelIdentities)
	check.length("metadata", req.Metadata, maxMetadata)
	return check.problem
}

func checkUpdateContact(check checker, req *UpdateContactRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.length("metadata", orZero(req.Metadata), maxMetadata)
	return check.problem
}

func checkMergeContacts(check checker, req *MergeContactsRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.segment("destination_id", req.DestinationID)
	check.required("source_id", req.SourceID)
	if req.DestinationID == req.SourceID {
		check.reject("source_id", "is the same as destination_id: name two contacts")
	}
	return check.problem
}

func checkChannelProfile(check checker, req *GetChannelProfileRequest) error {
	if req == nil {
		return nilRequest(check.op)
	}
	check.required("app_id", req.AppID)
	check.required("channel", string(req.Channel))
	check.recipient(req.Recipient)
	return check.problem
}
