package conversationtest

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
)

// mergeContacts serves the route of openapi.yaml, with both contacts in the body.
func (p *project) mergeContacts(c *call) (any, error) {
	var request conversation.MergeContactsRequest
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	return p.merge(request)
}

// mergeContact serves the route of the platform, with the contact that is kept in the path.
func (p *project) mergeContact(c *call) (any, error) {
	var request conversation.MergeContactsRequest
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	request.DestinationID = c.params["destination_id"]
	return p.merge(request)
}

func checkMerge(request conversation.MergeContactsRequest) error {
	problems := required("destination_id", request.DestinationID)
	problems = append(problems, required("source_id", request.SourceID)...)
	if len(problems) == 0 && request.DestinationID == request.SourceID {
		problems = append(problems, "source_id: a contact cannot be merged with itself")
	}
	if cmp.Or(request.Strategy, conversation.MergeStrategyMerge) != conversation.MergeStrategyMerge {
		return invalidArgument("strategy: %q is not MERGE", request.Strategy)
	}
	return invalid(problems)
}

func (p *project) merge(request conversation.MergeContactsRequest) (any, error) {
	if err := checkMerge(request); err != nil {
		return nil, err
	}
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	destination, err := p.contacts.find(request.DestinationID)
	if err != nil {
		return nil, err
	}
	source, err := p.contacts.find(request.SourceID)
	if err != nil {
		return nil, err
	}
	p.contacts.remove(source)
	active := p.moveConversations(source.ID, destination.ID, now)
	p.moveMessages(source.ID, destination.ID, active)
	p.moveEvents(source.ID, destination.ID, active)
	merged := destination.mergedWith(source)
	p.contacts.put(merged)
	p.contactsMerged(merged, source, now)
	return merged, nil
}

// moveConversations moves the conversations of one contact to another, and stops those with an app with which the other has
// an active one. It returns the ids of these by app. The caller holds the mutex.
func (p *project) moveConversations(fromID, toID string, now time.Time) map[string]string {
	active := map[string]string{}
	for _, stored := range p.conversations.all(filter{"contact_id", toID}) {
		if stored.Active {
			active[stored.AppID] = stored.ID
		}
	}
	for _, stored := range p.conversations.all(filter{"contact_id", fromID}) {
		moved := *stored
		moved.ContactID = toID
		if into, err := p.conversations.find(active[stored.AppID]); err == nil {
			moved.Active = false
			p.conversations.put(into.withMessage(stored.LastReceived))
		}
		p.storeConversation(&moved, now)
	}
	return active
}

// moveMessages moves the messages of one contact to another, into its active conversation with their app if it has one. The
// caller holds the mutex.
func (p *project) moveMessages(fromID, toID string, active map[string]string) {
	sent := slices.DeleteFunc(slices.Collect(maps.Values(p.dispatched)), func(message *storedMessage) bool {
		return message.message.ContactID != fromID
	})
	for _, message := range slices.Concat(
		p.messages.all(filter{"contact_id", fromID}), p.retained.all(filter{"contact_id", fromID}), sent,
	) {
		p.replace(message.with(func(moved *conversation.ConversationMessage) {
			moved.ContactID = toID
			if moved.ConversationID != "" {
				moved.ConversationID = cmp.Or(active[message.appID], moved.ConversationID)
			}
		}))
	}
}

// moveEvents does with the events of a contact what moveMessages does with its messages. The caller holds the mutex.
func (p *project) moveEvents(fromID, toID string, active map[string]string) {
	for _, stored := range p.events.all(filter{"contact_id", fromID}) {
		moved := *stored
		moved.ContactID = toID
		moved.ConversationID = cmp.Or(active[stored.appID], stored.ConversationID)
		p.events.put(&moved)
	}
}

// mergedWith returns the contact with the other's identities on the channels that it lacks, which go to the end of its
// channel priority, and with the other's values for the fields that it leaves empty.
func (c *storedContact) mergedWith(other *storedContact) *storedContact {
	moved := slices.DeleteFunc(slices.Clone(other.ChannelIdentities), func(identity conversation.ChannelIdentity) bool {
		return hasChannel(c.ChannelIdentities, identity.Channel)
	})
	merged := *c
	merged.ChannelIdentities = slices.Concat(c.ChannelIdentities, moved)
	if last := inOrder(other.ChannelPriority, moved); len(last) > 0 {
		merged.ChannelPriority = c.priorityBefore(last)
	} else if len(c.ChannelPriority) == 0 {
		merged.ChannelPriority = other.ChannelPriority
	}
	merged.DisplayName = cmp.Or(c.DisplayName, other.DisplayName)
	merged.Email = cmp.Or(c.Email, other.Email)
	merged.ExternalID = cmp.Or(c.ExternalID, other.ExternalID)
	merged.Language = cmp.Or(c.Language, other.Language)
	merged.Metadata = cmp.Or(c.Metadata, other.Metadata)
	return &merged
}

// priorityBefore returns the channel priority of the contact with the channels of last at its end. A contact without
// one has that of its identities.
func (c *storedContact) priorityBefore(last []conversation.ChannelIdentity) []conversation.Channel {
	priority := slices.DeleteFunc(slices.Clone(c.ChannelPriority), func(channel conversation.Channel) bool {
		return hasChannel(last, channel)
	})
	if len(c.ChannelPriority) == 0 {
		priority = channelsOf(inOrder(nil, c.ChannelIdentities))
	}
	return append(priority, channelsOf(last)...)
}

func channelsOf(identities []conversation.ChannelIdentity) []conversation.Channel {
	var channels []conversation.Channel
	for _, identity := range identities {
		channels = append(channels, identity.Channel)
	}
	return channels
}
