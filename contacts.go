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

// Create creates a contact.
//
//	POST /v1/projects/{project_id}/contacts
//
// Create is not idempotent. Returns [*ArgumentError] if the request has no channel identities.
func (s *ContactsService) Create(ctx context.Context, req *CreateContactRequest, opts ...RequestOption) (*Contact, error) {
	if err := checkCreateContact(s.client.checker(opContactsCreate), req); err != nil {
		return nil, s.client.rejected(ctx, opContactsCreate, err, opts)
	}
	call := &call{operation: opContactsCreate, in: req}
	return send[Contact](ctx, s.client, call, opts)
}

// List returns one page of contacts. Nil params request the first page.
//
//	GET /v1/projects/{project_id}/contacts
func (s *ContactsService) List(ctx context.Context, params *ListContactsParams, opts ...RequestOption) (*Page[Contact], error) {
	pageToken, fetch := s.pages(params, opts)
	return startPage(ctx, pageToken, fetch)
}

// All yields every contact from the page at which params start, and fetches pages as they are needed. Nil params start
// at the beginning. It stops after the first error, a [*PageError].
//
//	GET /v1/projects/{project_id}/contacts
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

// Get returns one contact.
//
//	GET /v1/projects/{project_id}/contacts/{contact_id}
func (s *ContactsService) Get(ctx context.Context, contactID string, opts ...RequestOption) (*Contact, error) {
	return send[Contact](ctx, s.client, &call{operation: opContactsGet, ids: ids{contactID}}, opts)
}

// Update changes the fields of a contact that are set in the request.
//
//	PATCH /v1/projects/{project_id}/contacts/{contact_id}
//
// With [DialectPlatform], returns [*ArgumentError] if the request changes nothing.
func (s *ContactsService) Update(ctx context.Context, contactID string, req *UpdateContactRequest, opts ...RequestOption) (*Contact, error) {
	if err := checkUpdateContact(s.client.checker(opContactsUpdate), req); err != nil {
		return nil, s.client.rejected(ctx, opContactsUpdate, err, opts)
	}
	query, err := s.client.updateQuery(opContactsUpdate, req, req.UpdateMask)
	if err != nil {
		return nil, s.client.rejected(ctx, opContactsUpdate, err, opts)
	}
	return send[Contact](ctx, s.client, &call{operation: opContactsUpdate, ids: ids{contactID}, query: query, in: req}, opts)
}

// Delete deletes a contact and all that belongs to it.
//
//	DELETE /v1/projects/{project_id}/contacts/{contact_id}
func (s *ContactsService) Delete(ctx context.Context, contactID string, opts ...RequestOption) error {
	return s.client.do(ctx, &call{operation: opContactsDelete, ids: ids{contactID}}, opts)
}

// Merge moves the channel identities and conversations of the source contact to the destination, and deletes the source.
// It returns the destination.
//
//	POST /v1/projects/{project_id}/contacts:merge
//	POST /v1/projects/{project_id}/contacts/{destination_id}:merge
//
// The second route is that of [DialectPlatform]. A server of the other dialect answers with [ErrNotFound].
//
// Merge is not idempotent. Returns [*ArgumentError] if an id is empty or both are the same.
func (s *ContactsService) Merge(ctx context.Context, req *MergeContactsRequest, opts ...RequestOption) (*Contact, error) {
	op := s.client.mergeContacts()
	if err := checkMergeContacts(s.client.checker(op), req); err != nil {
		return nil, s.client.rejected(ctx, op, err, opts)
	}
	return send[Contact](ctx, s.client, s.client.mergeContactsCall(req), opts)
}

// ChannelProfile asks a channel for the name that a person shows there.
//
//	POST /v1/projects/{project_id}/contacts:getChannelProfile
//
// ChannelProfile changes nothing and is retried like a read. Returns [*ArgumentError] if the request names no app, no
// channel or not exactly one form of recipient.
func (s *ContactsService) ChannelProfile(ctx context.Context, req *GetChannelProfileRequest, opts ...RequestOption) (*GetChannelProfileResponse, error) {
	if err := checkChannelProfile(s.client.checker(opContactsChannelProfile), req); err != nil {
		return nil, s.client.rejected(ctx, opContactsChannelProfile, err, opts)
	}
	call := &call{operation: opContactsChannelProfile, in: s.client.channelProfileBody(req)}
	return send[GetChannelProfileResponse](ctx, s.client, call, opts)
}

// IdentityConflicts returns one page of the identities that several contacts share. Nil params request the first page.
//
//	GET /v1/projects/{project_id}/contacts:identityConflicts
func (s *ContactsService) IdentityConflicts(ctx context.Context, params *ListIdentityConflictsParams, opts ...RequestOption) (*Page[IdentityConflict], error) {
	pageToken, fetch := s.conflictPages(params, opts)
	return startPage(ctx, pageToken, fetch)
}

// AllIdentityConflicts yields every identity that several contacts share, from the page at which params start, and
// fetches pages as they are needed. Nil params start at the beginning. It stops after the first error, a [*PageError].
//
//	GET /v1/projects/{project_id}/contacts:identityConflicts
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
	check.eachIdentity("channel_identities", req.ChannelIdentities)
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
