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

// checkIdentities lists what is missing in a field that must hold at least one identity.
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

// recipient gives the contact that something goes to, and the identities to choose from. Identities that nobody has
// get a contact. The caller holds the mutex.
func (p *project) recipient(
	recipient conversation.Recipient, mode conversation.ProcessingMode, now time.Time,
) (*storedContact, []conversation.ChannelIdentity, error) {
	if recipient.IdentifiedBy == nil {
		contact, err := p.contacts.find(recipient.ContactID)
		if err != nil {
			return nil, nil, err
		}
		return contact, contact.ChannelIdentities, nil
	}
	identities := recipient.IdentifiedBy.ChannelIdentities
	return p.contactOf(identities, mode, now), identities, nil
}

// contactOf finds the contact that has the first of the identities that is known, or makes one. Identities that
// belonged to nobody are the contact's from then on. In DispatchMode nothing is made: a contact without an id stands for
// somebody unknown. The caller holds the mutex.
func (p *project) contactOf(
	identities []conversation.ChannelIdentity, mode conversation.ProcessingMode, now time.Time,
) *storedContact {
	var owner *storedContact
	var unowned []conversation.ChannelIdentity
	for _, identity := range identities {
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
		contact := p.addIdentities(&storedContact{ID: p.ids.next(now)}, unowned)
		p.contactCreated(contact, now)
		return contact
	}
	contact := p.addIdentities(owner, unowned)
	p.contactUpdated(contact, now)
	return contact
}

// ownerOf gives the contact that has an identity, else nil. The caller holds the mutex.
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

// order is that in which the channels of a contact are tried: the one that is asked for, else the contact's own.
func (c *storedContact) order(asked []conversation.Channel) []conversation.Channel {
	if len(asked) > 0 {
		return asked
	}
	return c.ChannelPriority
}

// preferred picks the identity of the first channel in order that has one, else the first identity, else nil.
func preferred(identities []conversation.ChannelIdentity, order []conversation.Channel) *conversation.ChannelIdentity {
	if len(identities) == 0 {
		return nil
	}
	for _, channel := range order {
		at := slices.IndexFunc(identities, func(i conversation.ChannelIdentity) bool { return i.Channel == channel })
		if at >= 0 {
			return new(identities[at])
		}
	}
	return new(identities[0])
}
