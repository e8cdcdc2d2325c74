package conversationtest

import (
	"slices"

	"github.com/sinchgo/conversation"
)

const maxConflictsPage = 20

// simChannels are the channels on which an identity is a phone number, so that contacts with the same one are one person.
var simChannels = []conversation.Channel{conversation.ChannelSMS, conversation.ChannelMMS, conversation.ChannelRCS}

type identityConflict conversation.IdentityConflict

func (c *identityConflict) position() position { return position{id: c.Identity} }

func (p *project) listIdentityConflicts(c *call) (any, error) {
	page, err := readPage(c, maxConflictsPage)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	found, next := pageOf(page.oldestFirst(), p.conflicts())
	list := conversation.ListIdentityConflictsResponse{NextPageToken: next}
	for _, conflict := range found {
		list.Conflicts = append(list.Conflicts, conversation.IdentityConflict(*conflict))
	}
	return list, nil
}

// conflicts finds the identities that several contacts have, on one channel or on several. The caller holds the mutex.
func (p *project) conflicts() []*identityConflict {
	shared := map[string]*identityConflict{}
	for _, contact := range p.contacts.all(filter{}) {
		for _, identity := range contact.ChannelIdentities {
			if slices.Contains(simChannels, identity.Channel) {
				share(shared, identity, contact.ID)
			}
		}
	}
	var conflicts []*identityConflict
	for _, conflict := range shared {
		if len(conflict.ContactIDs) > 1 {
			conflicts = append(conflicts, conflict)
		}
	}
	return conflicts
}

// share records that a contact has an identity.
func share(shared map[string]*identityConflict, identity conversation.ChannelIdentity, contactID string) {
	conflict := shared[identity.Identity]
	if conflict == nil {
		conflict = &identityConflict{Identity: identity.Identity}
		shared[identity.Identity] = conflict
	}
	if channel := string(identity.Channel); !slices.Contains(conflict.Channels, channel) {
		conflict.Channels = append(conflict.Channels, channel)
	}
	if !slices.Contains(conflict.ContactIDs, contactID) {
		conflict.ContactIDs = append(conflict.ContactIDs, contactID)
	}
}
