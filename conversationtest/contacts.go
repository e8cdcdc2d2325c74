package conversationtest

import (
	"slices"

	"github.com/sinchgo/conversation"
)

// identityKey tells identities apart. The app counts on channels whose identities are made for each app.
type identityKey struct {
	channel         conversation.Channel
	identity, appID string
}

func keyOf(identity conversation.ChannelIdentity) identityKey {
	return identityKey{channel: identity.Channel, identity: identity.Identity, appID: identity.AppID}
}

// contactStore knows the contacts of a project by their identities.
type contactStore struct {
	identities map[string][]conversation.ChannelIdentity
	byIdentity map[identityKey]string
}

func newContactStore() *contactStore {
	return &contactStore{
		identities: map[string][]conversation.ChannelIdentity{},
		byIdentity: map[identityKey]string{},
	}
}

// contactOf finds the contact that has one of the identities; failing that, the contact gets newID.
// Identities that belonged to nobody are the contact's from then on.
func (c *contactStore) contactOf(identities []conversation.ChannelIdentity, newID string) string {
	contactID := newID
	for _, identity := range identities {
		if known := c.byIdentity[keyOf(identity)]; known != "" {
			contactID = known
			break
		}
	}
	for _, identity := range identities {
		if c.byIdentity[keyOf(identity)] != "" {
			continue
		}
		c.byIdentity[keyOf(identity)] = contactID
		c.identities[contactID] = append(c.identities[contactID], identity)
	}
	return contactID
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
