package conversation

import (
	"context"
	"net/http"
)

// BatchesService sends one message to up to 1,000 people in a call, now or up to seven days later, and creates and deletes
// many contacts in a call. It is on a separate host; see [WithBatchBaseURL].
//
// The host accepts OAuth2 access tokens only: with [WithBasicAuth], every method returns an [*ArgumentError]. Requests
// have the form of the live platform in both dialects, and its limits are checked in both.
type BatchesService service

var (
	opBatchesSend           = operation{"Batches.Send", http.MethodPost, "/v1/projects/{project_id}/messages", classNotIdempotent}
	opBatchesGet            = operation{"Batches.Get", http.MethodGet, "/v1/projects/{project_id}/messages/{batch_id}", classReadOnly}
	opBatchesFindByMetadata = operation{"Batches.FindByMetadata", http.MethodGet, "/v1/projects/{project_id}/messages", classReadOnly}
	opBatchesCancel         = operation{"Batches.Cancel", http.MethodDelete, "/v1/projects/{project_id}/messages", classIdempotent}
	opBatchesCreateContacts = operation{"Batches.CreateContacts", http.MethodPost, "/v1/projects/{project_id}/contacts", classNotIdempotent}
	opBatchesDeleteContacts = operation{"Batches.DeleteContacts", http.MethodDelete, "/v1/projects/{project_id}/contacts", classIdempotent}
	opBatchesInsertConsents = operation{"Batches.InsertConsents", http.MethodPost, "/v1/projects/{project_id}/consents", classIdempotent}
)

// Send queues a message for 1 to 1,000 recipients. Any string in the message may have placeholders such as ${name},
// which are replaced with the Parameters of each recipient.
//
// A response means that the API accepted the batch. Each recipient then becomes a message with its own delivery
// reports, whose metadata has the id of the batch under the key _batch_id. The response has no message ids.
//
// A batch with a SendAfter more than a minute ahead is sent at the next five minutes of the clock after it, such as
// 12:05 for 12:01; the response has that time. Until then it can be cancelled.
//
//	POST /v1/projects/{project_id}/messages
//
// Send is not idempotent: after an error, [OutcomeOf] reports whether the batch can have been accepted. To find out after
// [OutcomeUnknown], put a unique value into BatchMetadata and look for it with [BatchesService.FindByMetadata], as
// [BatchesService.SendAll] does.
//
// Returns [*ArgumentError] if the request names no app, does not have exactly one message kind, has no or more than
// 1,000 recipients, a SendAfter more than seven days ahead or metadata with the key _batch_id, which is reserved; and
// if a recipient does not have exactly one form, lacks a parameter that the message has a placeholder for, or has one
// that the message does not use.
func (s *BatchesService) Send(ctx context.Context, req *SendBatchRequest, opts ...RequestOption) (*SendBatchResponse, error) {
	if err := checkSendBatch(s.checker(opBatchesSend), req); err != nil {
		return nil, s.client.rejected(ctx, opBatchesSend, err, opts)
	}
	return s.sendChecked(ctx, req, opts)
}

func (s *BatchesService) sendChecked(ctx context.Context, req *SendBatchRequest, opts []RequestOption) (*SendBatchResponse, error) {
	return send[SendBatchResponse](ctx, s.client, s.call(opBatchesSend, sendBatchBody(req)), opts)
}

// Get returns the state of a batch. PROCESSED means that its messages were handed over to the channels, not that they were
// delivered.
//
//	GET /v1/projects/{project_id}/messages/{batch_id}
func (s *BatchesService) Get(ctx context.Context, batchID string, opts ...RequestOption) (*Batch, error) {
	check := s.checker(opBatchesGet)
	if check.problem != nil {
		return nil, s.client.rejected(ctx, check.op, check.problem, opts)
	}
	call := s.call(opBatchesGet, nil)
	call.ids = ids{batchID}
	return send[Batch](ctx, s.client, call, opts)
}

// FindByMetadata returns the batches whose BatchMetadata has a value under a key. There are no pages. A batch can be
// missing for some time after it was accepted, so an empty list does not prove that it was not.
//
//	GET /v1/projects/{project_id}/messages
//
// Returns [*ArgumentError] if the key or the value is empty.
func (s *BatchesService) FindByMetadata(ctx context.Context, key, value string, opts ...RequestOption) (*BatchList, error) {
	check := s.checker(opBatchesFindByMetadata)
	check.required("key", key)
	check.required("value", value)
	if check.problem != nil {
		return nil, s.client.rejected(ctx, check.op, check.problem, opts)
	}
	call := s.call(opBatchesFindByMetadata, nil)
	call.query = queryOf(map[string]string{"metadataKey": key, "metadataValue": value})
	return send[BatchList](ctx, s.client, call, opts)
}

// Cancel requests that a scheduled batch is not sent. The API cancels it later, and answers the same if it cannot, such
// as for a batch that was sent: nil means that the request arrived. [BatchesService.Get] returns the state.
//
//	DELETE /v1/projects/{project_id}/messages
//
// Returns [*ArgumentError] if the id is empty.
func (s *BatchesService) Cancel(ctx context.Context, batchID string, opts ...RequestOption) error {
	check := s.checker(opBatchesCancel)
	check.required("batch_id", batchID)
	if check.problem != nil {
		return s.client.rejected(ctx, check.op, check.problem, opts)
	}
	return s.client.do(ctx, s.call(opBatchesCancel, CancelBatchRequest{BatchID: batchID}), opts)
}

// CreateContacts creates 1 to 1,000 contacts. The API creates them later, and sends a CONTACT_CREATE callback for each
// that it created.
//
//	POST /v1/projects/{project_id}/contacts
//
// CreateContacts is not idempotent. Returns [*ArgumentError] if the request has no or more than 1,000 contacts, or one
// without channel identities.
func (s *BatchesService) CreateContacts(ctx context.Context, req *CreateContactsRequest, opts ...RequestOption) error {
	if err := checkCreateContacts(s.checker(opBatchesCreateContacts), req); err != nil {
		return s.client.rejected(ctx, opBatchesCreateContacts, err, opts)
	}
	return s.client.do(ctx, s.call(opBatchesCreateContacts, req), opts)
}

// DeleteContacts deletes 1 to 1,000 contacts. The API deletes them later, and sends a CONTACT_DELETE callback for each
// that it deleted.
//
//	DELETE /v1/projects/{project_id}/contacts
//
// Returns [*ArgumentError] if the request has no or more than 1,000 ids, or an empty one.
func (s *BatchesService) DeleteContacts(ctx context.Context, req *DeleteContactsRequest, opts ...RequestOption) error {
	if err := checkDeleteContacts(s.checker(opBatchesDeleteContacts), req); err != nil {
		return s.client.rejected(ctx, opBatchesDeleteContacts, err, opts)
	}
	return s.client.do(ctx, s.call(opBatchesDeleteContacts, req), opts)
}

// InsertConsents adds people to the consent lists of an app, which [ConsentsService] reads. If it fails, none or some
// of the records may have been added; it is safe to call it again with the same ones, and it is retried like an update.
//
//	POST /v1/projects/{project_id}/consents
//
// Returns [*ArgumentError] if the request names no app, or has no records, or one without a person or a list.
func (s *BatchesService) InsertConsents(ctx context.Context, req *InsertConsentsRequest, opts ...RequestOption) (*InsertConsentsResponse, error) {
	if err := checkInsertConsents(s.checker(opBatchesInsertConsents), req); err != nil {
		return nil, s.client.rejected(ctx, opBatchesInsertConsents, err, opts)
	}
	return send[InsertConsentsResponse](ctx, s.client, s.call(opBatchesInsertConsents, req), opts)
}

// call returns a call to the host of batches.
func (s *BatchesService) call(op operation, in any) *call {
	return &call{operation: op, baseURL: s.client.batchURL, in: in}
}

// platformSendBatch is a SendBatchRequest as the API reads it. Its fields replace those of the same name in the embedded
// request.
type platformSendBatch struct {
	*SendBatchRequest
	Message            platformAppMessage `json:"message"`
	RecipientAndParams []BatchRecipient   `json:"recipient_and_params"` // identities without app_id
	TTL                string             `json:"ttl,omitempty"`        // "10s", not 10
}

// sendBatchBody returns the body of a batch, in the form of the live platform.
func sendBatchBody(req *SendBatchRequest) platformSendBatch {
	recipients := make([]BatchRecipient, len(req.RecipientAndParams))
	for i, recipient := range req.RecipientAndParams {
		recipient.Recipient = toPlatformRecipient(recipient.Recipient)
		recipients[i] = recipient
	}
	return platformSendBatch{
		SendBatchRequest:   req,
		Message:            toPlatformAppMessage(req.Message),
		RecipientAndParams: recipients,
		TTL:                toPlatformSeconds(req.TTL),
	}
}
