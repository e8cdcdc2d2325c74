package conversationtest

import (
	"slices"

	"github.com/sinchgo/conversation"
)

// channelsTo returns the identities that a message can be sent to, in the order in which they are tried: that of the
// request, else that of the identities in the request, else that of the contact. The caller holds the mutex.
func (p *project) channelsTo(
	contact *storedContact, identified *conversation.IdentifiedBy, appID string, asked []conversation.Channel,
) []conversation.ChannelIdentity {
	switch {
	case len(asked) > 0 && identified != nil:
		return onlyOn(asked, identified.ChannelIdentities)
	case len(asked) > 0:
		return onlyOn(asked, contact.ChannelIdentities)
	case identified != nil:
		return inOrder(nil, identified.ChannelIdentities)
	default:
		return inOrder(p.preferences(contact, appID), p.reachable(contact, appID))
	}
}

// preferences returns the order of the channels of a contact: the active channel of its conversation with the app, then the
// contact's own order, then that of the app. The caller holds the mutex.
func (p *project) preferences(contact *storedContact, appID string) []conversation.Channel {
	var order []conversation.Channel
	if active := p.activeConversation(appID, contact.ID); active != nil && active.ActiveChannel != "" {
		order = append(order, active.ActiveChannel)
	}
	order = append(order, contact.ChannelPriority...)
	if app, err := p.apps.find(appID); err == nil {
		for _, credential := range app.ChannelCredentials {
			order = append(order, credential.Channel)
		}
	}
	return order
}

// reachable returns the identities of a contact on the channels of the app, or all if there are none. The caller holds the
// mutex.
func (p *project) reachable(contact *storedContact, appID string) []conversation.ChannelIdentity {
	app, err := p.apps.find(appID)
	if err != nil {
		return contact.ChannelIdentities
	}
	return app.reaches(contact.ChannelIdentities)
}

// onlyOn returns the identities on the channels of order. If there are none, it returns all of them.
func onlyOn(order []conversation.Channel, identities []conversation.ChannelIdentity) []conversation.ChannelIdentity {
	listed := slices.DeleteFunc(slices.Clone(identities), func(identity conversation.ChannelIdentity) bool {
		return !slices.Contains(order, identity.Channel)
	})
	if len(listed) == 0 {
		return inOrder(nil, identities)
	}
	return inOrder(order, listed)
}

// inOrder returns the first identity of each channel: those on the channels of order first, then the others as they come.
func inOrder(order []conversation.Channel, identities []conversation.ChannelIdentity) []conversation.ChannelIdentity {
	var sorted []conversation.ChannelIdentity
	for _, identity := range identities {
		if !hasChannel(sorted, identity.Channel) {
			sorted = append(sorted, identity)
		}
	}
	place := func(identity conversation.ChannelIdentity) int {
		if at := slices.Index(order, identity.Channel); at >= 0 {
			return at
		}
		return len(order)
	}
	slices.SortStableFunc(sorted, func(a, b conversation.ChannelIdentity) int { return place(a) - place(b) })
	return sorted
}

func hasChannel(identities []conversation.ChannelIdentity, channel conversation.Channel) bool {
	return slices.ContainsFunc(identities, func(identity conversation.ChannelIdentity) bool { return identity.Channel == channel })
}

// first returns the first of the identities, or nil.
func first(identities []conversation.ChannelIdentity) *conversation.ChannelIdentity {
	if len(identities) == 0 {
		return nil
	}
	return new(identities[0])
}
