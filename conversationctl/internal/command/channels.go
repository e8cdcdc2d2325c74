package command

import (
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
)

// sendChannels are the channels that messages can be addressed to.
var sendChannels = []conversation.Channel{
	conversation.ChannelSMS, conversation.ChannelRCS, conversation.ChannelWhatsApp, conversation.ChannelMMS, conversation.ChannelMessenger,
	conversation.ChannelInstagram, conversation.ChannelViberBM, conversation.ChannelTelegram, conversation.ChannelLINE,
	conversation.ChannelKakaoTalk, conversation.ChannelKakaoTalkChat, conversation.ChannelWeChat, conversation.ChannelAppleBC,
	conversation.ChannelViber,
}

// parseChannels returns the channels with some names.
func parseChannels(flag string, names []string) ([]conversation.Channel, error) {
	var channels []conversation.Channel
	for _, name := range names {
		channel, err := parseChannel(flag, name)
		if err != nil {
			return nil, err
		}
		channels = append(channels, channel)
	}
	return channels, nil
}

// parseChannel returns the channel with a name, in any case. The name may be an identity by mistake, so errors do not show it.
func parseChannel(flag, name string) (conversation.Channel, error) {
	channel := conversation.Channel(strings.ToUpper(strings.TrimSpace(name)))
	if !slices.Contains(sendChannels, channel) {
		known := make([]string, len(sendChannels))
		for i, one := range sendChannels {
			known[i] = string(one)
		}
		return "", usageError("%s has an unknown channel: use one of %s", flag, strings.Join(known, ", "))
	}
	return channel, nil
}
