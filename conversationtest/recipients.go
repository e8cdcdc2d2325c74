package conversationtest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
)

func checkRecipient(recipient conversation.Recipient) []string {
	byID, byIdentity := recipient.ContactID != "", recipient.IdentifiedBy != nil
	switch {
	case byID == byIdentity:
		return []string{"recipient: exactly one of contact_id and identified_by must be set"}
	case byID:
		return nil
	default:
		return checkIdentities("recipient.identified_by.channel_identities", recipient.IdentifiedBy.ChannelIdentities)
	}
}

// checkIdentities returns the problems of a field that must hold at least one identity.
func checkIdentities(field string, identities []conversation.ChannelIdentity) []string {
	if len(identities) == 0 {
		return []string{field + ": at least one is required"}
	}
	var problems []string
	for i, identity := range identities {
		path := fmt.Sprintf("%s[%d]", field, i)
		problems = append(problems, required(path+".channel", string(identity.Channel))...)
		problems = append(problems, required(path+".identity", identity.Identity)...)
	}
	return problems
}

// recipient returns the contact of a recipient. For identities that no contact has it creates one. The caller holds the
// mutex.
func (p *project) recipient(
	recipient conversation.Recipient, mode conversation.ProcessingMode, now time.Time,
) (*storedContact, error) {
	if recipient.IdentifiedBy == nil {
		return p.contacts.find(recipient.ContactID)
	}
	return p.contactOf(recipient.IdentifiedBy.ChannelIdentities, mode, now), nil
}

// contactOf returns the contact that has the first of the identities that is known, or creates one. Identities that no
// contact has are added to it. In dispatch mode nothing is created or added: an unknown contact has no id. The caller holds
// the mutex.
func (p *project) contactOf(
	identities []conversation.ChannelIdentity, mode conversation.ProcessingMode, now time.Time,
) *storedContact {
	var owner *storedContact
	var unowned []conversation.ChannelIdentity
	for _, identity := range p.unified(identities) {
		known := p.ownerOf(identity)
		if known == nil && !slices.Contains(unowned, identity) {
			unowned = append(unowned, identity)
		}
		if owner == nil {
			owner = known
		}
	}
	if owner != nil && len(unowned) == 0 {
		return owner
	}
	if mode == conversation.ProcessingModeDispatch {
		return cmp.Or(owner, &storedContact{})
	}
	if owner == nil {
		contact := p.addIdentities(&storedContact{ID: p.ids.next(now), DisplayName: unnamed}, unowned)
		p.contactCreated(contact, now)
		return contact
	}
	contact := p.addIdentities(owner, unowned)
	p.contactUpdated(contact, now)
	return contact
}

// ownerOf returns the contact that has an identity, or nil. The caller holds the mutex.
func (p *project) ownerOf(identity conversation.ChannelIdentity) *storedContact {
	return p.contacts.first(owns(identity))
}

// addIdentities stores the contact with more identities. The caller holds the mutex.
func (p *project) addIdentities(contact *storedContact, identities []conversation.ChannelIdentity) *storedContact {
	added := *contact
	added.ChannelIdentities = slices.Concat(contact.ChannelIdentities, identities)
	p.contacts.put(&added)
	return &added
}
