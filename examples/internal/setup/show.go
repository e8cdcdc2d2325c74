package setup

import (
	"strings"

	"github.com/sinchgo/conversation"
)

// Identities formats channel identities. With -live they belong to real people, and are masked in part.
func (p *Program) Identities(identities ...conversation.ChannelIdentity) string {
	shown := make([]string, len(identities))
	for i, of := range identities {
		identity := of.Identity
		if p.Live {
			identity = mask(identity)
		}
		shown[i] = string(of.Channel) + ":" + identity
	}
	return strings.Join(shown, ", ")
}

// Address formats the identity of a message as Identities does. Without an identity it returns a dash.
func (p *Program) Address(of *conversation.ChannelIdentity) string {
	if of == nil {
		return "-"
	}
	return p.Identities(*of)
}

// Person formats a recipient as Identities does, or as the id of the contact.
func (p *Program) Person(to *conversation.Recipient) string {
	if to.IdentifiedBy == nil {
		return "contact " + to.ContactID
	}
	return p.Identities(to.IdentifiedBy.ChannelIdentities...)
}

// ChannelList formats channels, separated by commas.
func ChannelList(channels []conversation.Channel) string {
	names := make([]string, len(channels))
	for i, channel := range channels {
		names[i] = string(channel)
	}
	return strings.Join(names, ",")
}

func mask(identity string) string {
	if len(identity) < 10 {
		return "***"
	}
	return identity[:4] + "***" + identity[len(identity)-2:]
}
