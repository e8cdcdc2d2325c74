package conversationtest

import (
	"cmp"
	"time"

	"github.com/sinchgo/conversation"
)

// mergeContacts serves the route of openapi.yaml, with both contacts in the body.
func (p *project) mergeContacts(c *call) (any, error) {
	var request conversation.MergeContactsRequest
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	return p.merge(request.DestinationID, request.SourceID)
}

// mergeContact serves the route of the platform, with the contact that is kept in the path.
func (p *project) mergeContact(c *call) (any, error) {
	var request struct {
		SourceID string `json:"source_id"`
		Strategy string `json:"strategy"`
	}
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	if request.Strategy != "" && request.Strategy != "MERGE" {
		return nil, invalidArgument("strategy: %q is not MERGE", request.Strategy)
	}
	return p.merge(c.params["destination_id"], request.SourceID)
}

func (p *project) merge(destinationID, sourceID string) (any, error) {
	problems := required("destination_id", destinationID)
	problems = append(problems, required("source_id", sourceID)...)
	if len(problems) == 0 && destinationID == sourceID {
		problems = append(problems, "source_id: a contact cannot be merged with itself")
	}
	if err := invalid(problems); err != nil {
		return nil, err
	}
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	destination, err := p.contacts.find(destinationID)
	if err != nil {
		return nil, err
	}
	source, err := p.contacts.find(sourceID)
	if err != nil {
		return nil, err
	}
	p.contacts.remove(source)
	p.moveConversations(sourceID, destinationID, now)
	for _, message := range p.messages.all(filter{"contact_id", sourceID}) {
		p.messages.put(message.with(func(moved *conversation.ConversationMessage) { moved.ContactID = destinationID }))
	}
	for _, stored := range p.events.all(filter{"contact_id", sourceID}) {
		moved := *stored
		moved.ContactID = destinationID
		p.events.put(&moved)
	}
	merged := p.addIdentities(destination.filledFrom(source), source.ChannelIdentities)
	p.contactsMerged(merged, source, now)
	return merged, nil
}

// moveConversations moves the conversations of one contact to another. An active one is stopped if the other contact has an
// active one with the same app. The caller holds the mutex.
func (p *project) moveConversations(fromID, toID string, now time.Time) {
	for _, stored := range p.conversations.all(filter{"contact_id", fromID}) {
		moved := *stored
		moved.ContactID = toID
		moved.Active = stored.Active && p.activeConversation(stored.AppID, toID) == nil
		p.storeConversation(&moved, now)
	}
}

// filledFrom returns the contact with the other's values for the fields that it leaves empty.
func (c *storedContact) filledFrom(other *storedContact) *storedContact {
	filled := *c
	if len(c.ChannelPriority) == 0 {
		filled.ChannelPriority = other.ChannelPriority
	}
	filled.DisplayName = cmp.Or(c.DisplayName, other.DisplayName)
	filled.Email = cmp.Or(c.Email, other.Email)
	filled.ExternalID = cmp.Or(c.ExternalID, other.ExternalID)
	filled.Language = cmp.Or(c.Language, other.Language)
	filled.Metadata = cmp.Or(c.Metadata, other.Metadata)
	return &filled
}
