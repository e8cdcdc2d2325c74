package command

import (
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
)

// phoneChannels are the channels whose identities are phone numbers.
var phoneChannels = []conversation.Channel{
	conversation.ChannelSMS, conversation.ChannelMMS, conversation.ChannelRCS, conversation.ChannelWhatsApp, conversation.ChannelViberBM,
}

func (f *sendFlags) setRecipient(request *conversation.SendMessageRequest) error {
	to, err := f.recipient()
	if err != nil {
		return err
	}
	given := request.Recipient.ContactID != "" || request.Recipient.IdentifiedBy != nil
	switch {
	case given && to == nil:
		return nil
	case given:
		return usageError("--to and --contact: the file of --file has a recipient: keep one")
	case to == nil:
		return usageError("the recipient is missing: pass --to CHANNEL:IDENTITY, such as --to SMS:+12025550123, or --contact")
	}
	request.Recipient = *to
	return nil
}

// recipient returns the recipient of the flags, or nil.
func (f *sendFlags) recipient() (*conversation.Recipient, error) {
	switch {
	case len(f.to) > 0 && f.contact != "":
		return nil, usageError("--to and --contact exclude each other: keep one")
	case f.contact != "":
		to := conversation.ToContact(f.contact)
		return &to, nil
	case len(f.to) == 0:
		return nil, nil //nolint:nilnil // There is none.
	}
	identities := make([]conversation.ChannelIdentity, len(f.to))
	for i, value := range f.to {
		identity, err := parseIdentity("--to", value)
		if err != nil {
			return nil, err
		}
		identities[i] = identity
	}
	to := conversation.ToChannels(identities...)
	return &to, nil
}

// parseIdentity parses CHANNEL:IDENTITY. Phone numbers may be spelled in any way that [conversation.E164] accepts. Errors do not
// show the identity.
func parseIdentity(flag, value string) (conversation.ChannelIdentity, error) {
	name, identity, ok := strings.Cut(value, ":")
	if !ok || strings.TrimSpace(identity) == "" {
		return conversation.ChannelIdentity{}, usageError("%s must be CHANNEL:IDENTITY, such as SMS:+12025550123", flag)
	}
	channel, err := parseChannel(flag, name)
	if err != nil {
		return conversation.ChannelIdentity{}, err
	}
	if slices.Contains(phoneChannels, channel) {
		number, err := conversation.E164(identity)
		if err != nil {
			return conversation.ChannelIdentity{}, usageError("%s: the identity on %s is not a phone number with its country code, such as +12025550123",
				flag, channel)
		}
		identity = number
	}
	return conversation.ChannelIdentity{Channel: channel, Identity: identity}, nil
}
