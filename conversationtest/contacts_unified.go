package conversationtest

import (
	"slices"

	"github.com/sinchgo/conversation"
)

// unified returns identities, and each phone number on the other channels of phones if the project unifies contacts. The
// caller holds the mutex.
func (p *project) unified(identities []conversation.ChannelIdentity) []conversation.ChannelIdentity {
	if p.settings == nil || p.settings.ContactSettings == nil || !p.settings.ContactSettings.UnifiedContactIDEnabled {
		return identities
	}
	all := slices.Clone(identities)
	for _, identity := range identities {
		if !slices.Contains(simChannels, identity.Channel) {
			continue
		}
		for _, channel := range simChannels {
			if !hasNumber(all, channel, identity.Identity) {
				all = append(all, conversation.ChannelIdentity{Channel: channel, Identity: identity.Identity})
			}
		}
	}
	return all
}

func hasNumber(identities []conversation.ChannelIdentity, channel conversation.Channel, number string) bool {
	return slices.ContainsFunc(identities, func(identity conversation.ChannelIdentity) bool {
		return identity.Channel == channel && identity.Identity == number
	})
}
