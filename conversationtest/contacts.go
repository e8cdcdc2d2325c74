package conversationtest

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sinchgo/conversation"
)

const maxContactsPage = 20

// unnamed is the display name of a contact without one.
const unnamed = "Unknown"

type storedContact conversation.Contact

func (c *storedContact) position() position { return position{id: c.ID} }

func (c *storedContact) filters() []filter {
	filters := []filter{{}, {"external_id", c.ExternalID}}
	for _, identity := range c.ChannelIdentities {
		filters = append(filters, owns(identity), reachedAt(string(identity.Channel), identity.Identity))
	}
	return filters
}

// reachedAt finds the contacts that have an identity on a channel, whatever its app.
func reachedAt(channel, identity string) filter {
	return filter{"channel_and_identity", channel + "\x00" + identity}
}

// owns finds the contact that has an identity. The app is part of the identity on channels that have identities for each
// app.
func owns(identity conversation.ChannelIdentity) filter {
	key := []string{string(identity.Channel), identity.Identity, identity.AppID}
	return filter{"channel_identities", strings.Join(key, "\x00")}
}

func (p *project) createContact(c *call) (any, error) {
	var request conversation.CreateContactRequest
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	if err := invalid(checkIdentities("channel_identities", request.ChannelIdentities)); err != nil {
		return nil, err
	}
	return p.addContact(&request, p.now())
}

func (p *project) addContact(request *conversation.CreateContactRequest, now time.Time) (*storedContact, error) {
	contact := &storedContact{
		ID:                p.ids.next(now),
		ChannelIdentities: request.ChannelIdentities,
		ChannelPriority:   request.ChannelPriority,
		DisplayName:       cmp.Or(request.DisplayName, unnamed),
		Email:             request.Email,
		ExternalID:        request.ExternalID,
		Language:          request.Language,
		Metadata:          request.Metadata,
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	contact.ChannelIdentities = p.unified(contact.ChannelIdentities)
	if err := p.checkOwners(contact); err != nil {
		return nil, err
	}
	p.contacts.put(contact)
	p.contactCreated(contact, now)
	return contact, nil
}

// checkOwners returns an error for identities that another contact has, and for duplicates. The caller holds the mutex.
func (p *project) checkOwners(contact *storedContact) error {
	for i, identity := range contact.ChannelIdentities {
		field := fmt.Sprintf("channel_identities[%d]", i)
		if slices.Contains(contact.ChannelIdentities[:i], identity) {
			return invalidArgument("%s: it is duplicated", field)
		}
		if owner := p.ownerOf(identity); owner != nil && owner.ID != contact.ID {
			return invalidArgument("%s: it belongs to the contact %q already", field, owner.ID)
		}
	}
	return nil
}

func (p *project) listContacts(c *call) (any, error) {
	filters, err := contactFilters(c.query)
	if err != nil {
		return nil, err
	}
	found, next, err := listPage(c, p.contacts, maxContactsPage, filters)
	if err != nil {
		return nil, err
	}
	list := conversation.ContactList{
		Contacts:      make([]conversation.Contact, len(found)),
		NextPageToken: next,
	}
	for i, stored := range found {
		list.Contacts[i] = conversation.Contact(*stored)
	}
	return list, nil
}

// contactFilters reads the filters of a list: an external id, or a channel together with an identity on it.
func contactFilters(query url.Values) ([]filter, error) {
	filters := readFilters(query, "external_id")
	channel, identity := query.Get("channel"), query.Get("identity")
	switch {
	case channel == "" && identity == "":
		return filters, nil
	case len(filters) > 0:
		return nil, invalidArgument("external_id: it cannot be used together with channel and identity")
	case channel == "":
		return nil, invalidArgument("channel: it is required together with identity")
	case identity == "":
		return nil, invalidArgument("identity: it is required together with channel")
	default:
		return []filter{reachedAt(channel, identity)}, nil
	}
}

func (p *project) getContact(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.contacts.find(c.params["contact_id"])
}

var contactFields = []string{
	"channel_identities", "channel_priority", "display_name", "email", "external_id", "language", "metadata",
}

func (p *project) updateContact(c *call) (any, error) {
	var update conversation.UpdateContactRequest
	patch, err := readPatch(c, contactFields, &update)
	if err != nil {
		return nil, err
	}
	if len(update.ChannelIdentities) > 0 {
		if err := invalid(checkIdentities("channel_identities", update.ChannelIdentities)); err != nil {
			return nil, err
		}
	}
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.contacts.find(c.params["contact_id"])
	if err != nil {
		return nil, err
	}
	contact := *stored
	setList(patch, "channel_identities", &contact.ChannelIdentities, update.ChannelIdentities)
	setList(patch, "channel_priority", &contact.ChannelPriority, update.ChannelPriority)
	set(patch, "display_name", &contact.DisplayName, update.DisplayName)
	set(patch, "email", &contact.Email, update.Email)
	set(patch, "external_id", &contact.ExternalID, update.ExternalID)
	set(patch, "language", &contact.Language, update.Language)
	set(patch, "metadata", &contact.Metadata, update.Metadata)
	contact.DisplayName = cmp.Or(contact.DisplayName, unnamed)
	contact.ChannelIdentities = p.unified(contact.ChannelIdentities)
	if err := p.checkOwners(&contact); err != nil {
		return nil, err
	}
	p.contacts.put(&contact)
	p.contactUpdated(&contact, now)
	return &contact, nil
}

// deleteContact deletes the contact and what belongs to it.
func (p *project) deleteContact(c *call) (any, error) {
	return struct{}{}, p.dropContact(c.params["contact_id"], p.now())
}

func (p *project) dropContact(id string, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	contact, err := p.contacts.find(id)
	if err != nil {
		return err
	}
	p.contacts.remove(contact)
	for _, deleted := range p.conversations.all(filter{"contact_id", contact.ID}) {
		p.conversationDeleted(deleted, now)
	}
	p.conversations.removeAll(filter{"contact_id", contact.ID})
	p.messages.removeAll(filter{"contact_id", contact.ID})
	p.events.removeAll(filter{"contact_id", contact.ID})
	p.contactDeleted(contact, now)
	return nil
}
