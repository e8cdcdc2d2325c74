package conversationtest

import (
	"cmp"
	"slices"

	"github.com/sinchgo/conversation"
)

// profile is an identity that has a name on a channel.
type profile struct {
	channel  conversation.Channel
	identity string
}

// SetProfile sets the name that Contacts.ChannelProfile returns for a contact. By default it is built from the identity.
func (s *Server) SetProfile(of Sender, name string) {
	_, p := s.receiverOf(of)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.profiles[profile{of.identity.Channel, of.identity.Identity}] = name
}

func (p *project) channelProfile(c *call) (any, error) {
	var request conversation.GetChannelProfileRequest
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	problems := slices.Concat(required("app_id", request.AppID), checkRecipient(request.Recipient),
		required("channel", string(request.Channel)))
	if err := invalid(problems); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.apps.find(request.AppID); err != nil {
		return nil, err
	}
	identities, err := p.identitiesOf(request.Recipient)
	if err != nil {
		return nil, err
	}
	channel := conversation.Channel(request.Channel)
	at := slices.IndexFunc(identities, func(i conversation.ChannelIdentity) bool { return i.Channel == channel })
	if at < 0 {
		return nil, invalidArgument("recipient: it has no identity on %s", channel)
	}
	asked := profile{channel, identities[at].Identity}
	name := cmp.Or(p.profiles[asked], "Profile of "+asked.identity)
	return conversation.GetChannelProfileResponse{ProfileName: name}, nil
}

// identitiesOf returns the identities of a recipient, without creating a contact. The caller holds the mutex.
func (p *project) identitiesOf(recipient conversation.Recipient) ([]conversation.ChannelIdentity, error) {
	if recipient.IdentifiedBy != nil {
		return recipient.IdentifiedBy.ChannelIdentities, nil
	}
	contact, err := p.contacts.find(recipient.ContactID)
	if err != nil {
		return nil, err
	}
	return contact.ChannelIdentities, nil
}
