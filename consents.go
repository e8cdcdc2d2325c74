package conversation

import (
	"context"
	"iter"
	"net/http"
)

// ConsentsService reads the lists of people who do not want to be texted.
type ConsentsService service

var (
	opConsentsIdentities   = operation{"Consents.Identities", http.MethodGet, "/v1/projects/{project_id}/apps/{app_id}/consents/{list_type}", classReadOnly}
	opConsentsAuditRecords = operation{"Consents.AuditRecords", http.MethodGet, "/v1/projects/{project_id}/apps/{app_id}/consents/identities/{identity}", classReadOnly}
)

// Identities reads one page of the addresses that are on a list of an app:
// GET /v1/projects/{project_id}/apps/{app_id}/consents/{list_type}. Nil params mean the first page.
//
// Identities is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504. Errors: [*ArgumentError]
// for an empty id, no list or a page size below zero; [*AuthError]; [*TransportError]; [*Error], which is [ErrNotFound]
// for an unknown app.
func (s *ConsentsService) Identities(ctx context.Context, appID string, list ConsentsListType, params *ListConsentIdentitiesParams, opts ...RequestOption) (*Page[ConsentIdentity], error) {
	pageToken, fetch := s.pages(appID, list, params, opts)
	return startPage(ctx, pageToken, fetch)
}

// AllIdentities yields every address that is on a list of an app, from the page that params start at, fetching pages as
// they are needed: GET /v1/projects/{project_id}/apps/{app_id}/consents/{list_type}. Nil params start at the beginning. It
// ends after the first error, which is a [*PageError] with the token to go on from.
//
// Each page is fetched as by [ConsentsService.Identities]: idempotent, with its repeats and errors.
func (s *ConsentsService) AllIdentities(ctx context.Context, appID string, list ConsentsListType, params *ListConsentIdentitiesParams, opts ...RequestOption) iter.Seq2[*ConsentIdentity, error] {
	pageToken, fetch := s.pages(appID, list, params, opts)
	return allItems(ctx, pageToken, fetch)
}

func (s *ConsentsService) pages(appID string, listType ConsentsListType, params *ListConsentIdentitiesParams, opts []RequestOption) (string, fetchPage[ConsentIdentity]) {
	if params == nil {
		params = &ListConsentIdentitiesParams{}
	}
	list := listing{
		operation:   opConsentsIdentities,
		ids:         ids{appID, string(listType)},
		pageSize:    params.PageSize,
		maxPageSize: 50,
	}
	return params.PageToken, pagesOf(s.client, list, opts, func(list *ListConsentIdentitiesResponse) Page[ConsentIdentity] {
		return Page[ConsentIdentity]{Items: list.Identities, NextPageToken: list.NextPageToken}
	})
}

// AuditRecords reads how an address came onto the lists of an app and off them:
// GET /v1/projects/{project_id}/apps/{app_id}/consents/identities/{identity}. There are no pages.
//
// AuditRecords is idempotent: it is repeated after network errors, 408, 429, 500, 502, 503 and 504. Errors:
// [*ArgumentError] for an empty id or identity; [*AuthError]; [*TransportError]; [*Error], which is [ErrNotFound] for an
// unknown app.
func (s *ConsentsService) AuditRecords(ctx context.Context, appID, identity string, opts ...RequestOption) (*AuditRecordsList, error) {
	return send[AuditRecordsList](ctx, s.client, &call{operation: opConsentsAuditRecords, ids: ids{appID, identity}}, opts)
}
