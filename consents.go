package conversation

import (
	"context"
	"iter"
	"net/http"
)

// ConsentsService reads the lists of people who opted out of messages.
type ConsentsService service

var (
	opConsentsIdentities   = operation{"Consents.Identities", http.MethodGet, "/v1/projects/{project_id}/apps/{app_id}/consents/{list_type}", classReadOnly}
	opConsentsAuditRecords = operation{"Consents.AuditRecords", http.MethodGet, "/v1/projects/{project_id}/apps/{app_id}/consents/identities/{identity}", classReadOnly}
)

// Identities returns one page of the addresses on a consent list of an app. Nil params request the first page.
//
//	GET /v1/projects/{project_id}/apps/{app_id}/consents/{list_type}
func (s *ConsentsService) Identities(ctx context.Context, appID string, list ConsentsListType, params *ListConsentIdentitiesParams, opts ...RequestOption) (*Page[ConsentIdentity], error) {
	pageToken, fetch := s.pages(appID, list, params, opts)
	return startPage(ctx, pageToken, fetch)
}

// AllIdentities yields every address on a consent list of an app, from the page at which params start, and fetches pages
// as they are needed. Nil params start at the beginning. It stops after the first error, a [*PageError].
//
//	GET /v1/projects/{project_id}/apps/{app_id}/consents/{list_type}
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

// AuditRecords returns the history of an address on the consent lists of an app. There are no pages.
//
//	GET /v1/projects/{project_id}/apps/{app_id}/consents/identities/{identity}
func (s *ConsentsService) AuditRecords(ctx context.Context, appID, identity string, opts ...RequestOption) (*AuditRecordList, error) {
	return send[AuditRecordList](ctx, s.client, &call{operation: opConsentsAuditRecords, ids: ids{appID, identity}}, opts)
}
