package conversationtest

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/sinchgo/conversation"
)

// The fields of a message with the overrides of its content, by channel.
const (
	inChannelFormat = "explicit_channel_message" // A string in the channel's own format.
	channelSpecific = "channel_specific_message"
	channelOmni     = "explicit_channel_omni_message"
)

// besideKind are the fields of a message that are not its kind.
var besideKind = []string{inChannelFormat, channelSpecific, channelOmni, "agent", "reply_to"}

// contentOn returns the content of a message as a channel shows it, with its kind only: the override for the channel, else
// that of the message itself. Kinds that the SDK does not know stay.
func contentOn(channel conversation.Channel, message object) object {
	for _, field := range []string{inChannelFormat, channelSpecific} {
		if own := override(message, field, channel); own != nil {
			return object{field: own}
		}
	}
	if own := override(message, channelOmni, channel); own != nil {
		return overriding(own)
	}
	content := maps.Clone(message)
	maps.DeleteFunc(content, func(field string, _ json.RawMessage) bool {
		return slices.Contains(besideKind, field) || !isSet(message, field)
	})
	return content
}

// override returns the override for a channel in a field, or nil.
func override(message object, field string, channel conversation.Channel) json.RawMessage {
	var byChannel object
	_ = json.Unmarshal(message[field], &byChannel) // It is absent, or was decoded before.
	if !isSet(byChannel, string(channel)) {
		return nil
	}
	return byChannel[string(channel)]
}

// overriding returns the content of an override of explicit_channel_omni_message.
func overriding(own json.RawMessage) object {
	var content object
	_ = json.Unmarshal(own, &content) // It was decoded before.
	if isSet(content, "template_reference") {
		content["template_message"] = encoded(object{"omni_template": content["template_reference"]})
	}
	maps.DeleteFunc(content, func(field string, _ json.RawMessage) bool {
		return field == "template_reference" || !isSet(content, field)
	})
	return content
}

// transcoded returns the message in the format that the fake has for a channel.
func transcoded(channel conversation.Channel, message object) string {
	content := contentOn(channel, message)
	if own, ok := content[channelSpecific]; ok {
		return encodeText(own)
	}
	if isSet(content, inChannelFormat) {
		return text(content, inChannelFormat)
	}
	var known conversation.AppMessage
	_ = json.Unmarshal(encoded(content), &known) // It was decoded before.
	return encodeText(newChannelMessage(&known).on(channel))
}
