package conversationtest

import "github.com/sinchgo/conversation"

// shownOn returns the message as a channel shows it: the override for the channel, else the message itself.
func shownOn(channel conversation.Channel, message *conversation.AppMessage) string {
	if own, ok := message.ExplicitChannelMessage[channel]; ok {
		return own
	}
	if own, ok := message.ChannelSpecificMessage[channel]; ok {
		return encodeText(own)
	}
	if own, ok := message.ExplicitChannelOmniMessage[conversation.ChannelSpecificTemplate(channel)]; ok {
		return encodeText(newChannelMessage(overriding(&own)).on(channel))
	}
	return encodeText(newChannelMessage(message).on(channel))
}

// overriding returns the message that an override is on its channel.
func overriding(own *conversation.OmniMessageOverride) *conversation.AppMessage {
	message := &conversation.AppMessage{
		CardMessage:        own.CardMessage,
		CarouselMessage:    own.CarouselMessage,
		ChoiceMessage:      own.ChoiceMessage,
		ContactInfoMessage: own.ContactInfoMessage,
		ListMessage:        own.ListMessage,
		LocationMessage:    own.LocationMessage,
		MediaMessage:       own.MediaMessage,
		TextMessage:        own.TextMessage,
	}
	if own.TemplateReference != nil {
		message.TemplateMessage = &conversation.TemplateMessage{OmniTemplate: own.TemplateReference}
	}
	return message
}
