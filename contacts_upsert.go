package conversation

import (
	"context"
	"slices"
	"strings"
)

// UpsertAction is what [ContactsService.Upsert] did.
type UpsertAction string

const (
	// UpsertCreated means that no contact had the external id, and one was created.
	UpsertCreated UpsertAction = "created"
	// UpsertUpdated means that the contact was there and was changed.
	UpsertUpdated UpsertAction = "updated"
	// UpsertUnchanged means that the contact was there as requested. Nothing was written.
	UpsertUnchanged UpsertAction = "unchanged"
)

// ContactUpsert is the result of [ContactsService.Upsert].
type ContactUpsert struct {
	// Contact is the contact as it is now.
	Contact *Contact
	// Action is what was done.
	Action UpsertAction
}

// Upsert finds the contact with an external id, the id in the caller's own system, and creates it if there is none. An
// existing contact is updated in the fields that req sets and that differ; a field that req leaves zero stays as it is.
// ChannelIdentities are the whole list: an update removes others, except the same number on SMS, MMS or RCS, which the
// platform adds by itself.
//
//	GET /v1/projects/{project_id}/contacts
//	POST /v1/projects/{project_id}/contacts
//	PATCH /v1/projects/{project_id}/contacts/{contact_id}
//
// Upsert is safe to call again after any error, [OutcomeUnknown] included: a contact that was created is found then. Two
// calls for the same external id at the same time may still create two contacts. A server that does not filter contacts
// by external id, as openapi.yaml allows, is read page by page.
//
// The request options apply to each request. Upsert returns an [*ArgumentError] if externalID is empty, differs from
// req.ExternalID or belongs to more than one contact.
func (s *ContactsService) Upsert(ctx context.Context, externalID string, req *CreateContactRequest, opts ...RequestOption) (*ContactUpsert, error) {
	const operation = "Contacts.Upsert"
	switch {
	case req == nil:
		return nil, &ArgumentError{Operation: operation, Field: "req", Reason: "is nil: pass a request"}
	case isBlank(externalID):
		return nil, &ArgumentError{Operation: operation, Field: "external_id", Reason: isRequired}
	case req.ExternalID != "" && req.ExternalID != externalID:
		return nil, &ArgumentError{Operation: operation, Field: "external_id", Reason: "differs from the one that the call names: leave it empty in the request"}
	}
	wanted := *req
	wanted.ExternalID = externalID

	var found *Contact
	for contact, err := range s.All(ctx, &ListContactsParams{ExternalID: externalID}, opts...) {
		if err != nil {
			return nil, err
		}
		if contact.ExternalID != externalID {
			continue
		}
		if found != nil {
			return nil, &ArgumentError{Operation: operation, Field: "external_id", Reason: "belongs to more than one contact: merge them, or update one by its id"}
		}
		found = contact
	}
	if found == nil {
		created, err := s.Create(ctx, &wanted, opts...)
		if err != nil {
			return nil, err
		}
		return &ContactUpsert{Contact: created, Action: UpsertCreated}, nil
	}
	changes, differ := contactChanges(found, &wanted)
	if !differ {
		return &ContactUpsert{Contact: found, Action: UpsertUnchanged}, nil
	}
	updated, err := s.Update(ctx, found.ID, changes, opts...)
	if err != nil {
		return nil, err
	}
	return &ContactUpsert{Contact: updated, Action: UpsertUpdated}, nil
}

// contactChanges returns the update that turns a stored contact into the wanted one, and whether it changes anything.
func contactChanges(stored *Contact, wanted *CreateContactRequest) (*UpdateContactRequest, bool) {
	changes := &UpdateContactRequest{
		DisplayName: changedTo(stored.DisplayName, wanted.DisplayName),
		Email:       changedTo(stored.Email, wanted.Email),
		Language:    changedTo(stored.Language, wanted.Language),
		Metadata:    changedTo(stored.Metadata, wanted.Metadata),
	}
	if len(wanted.ChannelPriority) > 0 && !slices.Equal(stored.ChannelPriority, wanted.ChannelPriority) {
		changes.ChannelPriority = wanted.ChannelPriority
	}
	if len(wanted.ChannelIdentities) > 0 && !sameIdentities(stored.ChannelIdentities, wanted.ChannelIdentities) {
		changes.ChannelIdentities = wanted.ChannelIdentities
	}
	differ := changes.DisplayName != nil || changes.Email != nil || changes.Language != nil || changes.Metadata != nil ||
		changes.ChannelPriority != nil || changes.ChannelIdentities != nil
	return changes, differ
}

// changedTo returns a pointer to the wanted value if it is set and differs from the stored one.
func changedTo[T ~string](stored, wanted T) *T {
	if wanted == "" || wanted == stored {
		return nil
	}
	return &wanted
}

// sameIdentities reports whether the stored identities are the wanted ones, apart from those that the platform adds.
func sameIdentities(stored, wanted []ChannelIdentity) bool {
	for _, identity := range wanted {
		if !slices.ContainsFunc(stored, func(other ChannelIdentity) bool { return sameIdentity(other, identity) }) {
			return false
		}
	}
	for _, identity := range stored {
		if !slices.ContainsFunc(wanted, func(other ChannelIdentity) bool { return sameIdentity(identity, other) || isSibling(identity, other) }) {
			return false
		}
	}
	return true
}

// sameIdentity compares a stored identity with a wanted one, which need not name an app. A plus sign is not part of a
// number.
func sameIdentity(stored, wanted ChannelIdentity) bool {
	return stored.Channel == wanted.Channel && sameNumber(stored, wanted) && (wanted.AppID == "" || stored.AppID == wanted.AppID)
}

// isSibling reports whether the platform adds the stored identity beside the wanted one, as it does on the channels that
// reach a phone by its number alone when a project unifies contacts.
func isSibling(stored, wanted ChannelIdentity) bool {
	byNumber := []Channel{ChannelSMS, ChannelMMS, ChannelRCS}
	return slices.Contains(byNumber, stored.Channel) && slices.Contains(byNumber, wanted.Channel) && sameNumber(stored, wanted)
}

func sameNumber(a, b ChannelIdentity) bool {
	return strings.TrimPrefix(a.Identity, "+") == strings.TrimPrefix(b.Identity, "+")
}
