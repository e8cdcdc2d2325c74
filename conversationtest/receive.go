package conversationtest

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/sinchgo/conversation"
)

// Sender is a contact that sends to an app. It is created by [From].
type Sender struct {
	identity conversation.ChannelIdentity
	appID    string // Empty: Server.AppID.
}

// From returns the contact with an identity on a channel, such as a phone number, as the sender to the app of
// [Server.AppID].
func From(channel conversation.Channel, identity string) Sender {
	return Sender{identity: conversation.ChannelIdentity{Channel: channel, Identity: identity}}
}

// To returns the sender with another app as the receiver.
func (f Sender) To(appID string) Sender {
	f.appID = appID
	return f
}

// InboundText returns a text message from a contact.
func InboundText(text string) conversation.ContactMessage {
	return conversation.ContactMessage{TextMessage: &conversation.TextMessage{Text: text}}
}

// InboundMedia returns a message from a contact with an image, video, audio or other file.
func InboundMedia(url string) conversation.ContactMessage {
	return conversation.ContactMessage{MediaMessage: &conversation.MediaMessage{URL: url}}
}

// InboundLocation returns a message from a contact with a location, in degrees; north and east are positive.
func InboundLocation(title string, latitude, longitude float64) conversation.ContactMessage {
	return conversation.ContactMessage{LocationMessage: &conversation.LocationMessage{
		Title:       title,
		Coordinates: conversation.Coordinates{Latitude: latitude, Longitude: longitude},
	}}
}

// InboundChoice returns the reply of a contact that chose a button, or an item of a menu, of the message with the id
// messageID. postbackData is that of the choice.
func InboundChoice(messageID, postbackData string) conversation.ContactMessage {
	return conversation.ContactMessage{ChoiceResponseMessage: &conversation.ChoiceResponseMessage{
		MessageID:    messageID,
		PostbackData: postbackData,
	}}
}

// InReplyTo returns message as a reply that quotes the message with the id messageID.
func InReplyTo(messageID string, message conversation.ContactMessage) conversation.ContactMessage {
	message.ReplyTo = &conversation.ReplyTo{MessageID: messageID}
	return message
}

// Receive receives a message from a contact: it is stored, and goes to the webhooks for MESSAGE_INBOUND. The contact
// and the conversation are created if they do not exist. InboundText, InboundMedia, InboundLocation, InboundChoice and
// InReplyTo build the common kinds of content.
//
// Receive panics if the app does not exist, if the sender has no channel or identity, and if the content is empty.
func (s *Server) Receive(from Sender, content conversation.ContactMessage) *conversation.ConversationMessage {
	app, project := s.receiverOf(from)
	return project.receive(from.identity, app, copyOf(content))
}

// receiverOf returns the app that a sender sends to, and its project.
func (s *Server) receiverOf(from Sender) (appID string, of *project) {
	if from.identity.Channel == "" || from.identity.Identity == "" {
		panic("conversationtest: a sender needs a channel and an identity: use From")
	}
	appID = cmp.Or(from.appID, s.AppID())
	return appID, s.projectOf(appID)
}

// copyOf returns a deep copy of content. It panics if the content is empty.
func copyOf(content conversation.ContactMessage) *conversation.ContactMessage {
	data, err := json.Marshal(content)
	if err != nil || string(data) == "{}" {
		panic("conversationtest: the message of the contact is empty: use a function such as InboundText")
	}
	copied := new(conversation.ContactMessage)
	if err := json.Unmarshal(data, copied); err != nil {
		panic("conversationtest: the message of the contact cannot be decoded: " + err.Error())
	}
	return copied
}

func (p *project) receive(
	identity conversation.ChannelIdentity, appID string, content *conversation.ContactMessage,
) *conversation.ConversationMessage {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	mode := p.modeOf(appID)
	message := &conversation.ConversationMessage{
		AcceptTime:      conversation.Time{Time: now},
		ChannelIdentity: &identity,
		ContactID:       p.contactOf([]conversation.ChannelIdentity{identity}, mode, now).ID,
		ContactMessage:  content,
		Direction:       conversation.DirectionToApp,
		ProcessingMode:  mode,
	}
	message.ConversationID = p.talk(appID, message, now)
	message.ID = p.ids.next(now)
	p.keep(&storedMessage{appID: appID, message: message})
	p.publisher.publish(feedReceived, newFeedMessage(appID, message, now), 0)
	p.emit(conversation.TriggerMessageInbound, appID, now, event{
		CorrelationID: p.correlationOf(message.ConversationID),
		Message:       inboundItem(message),
	})
	given := *message
	given.ContactMessage = copyOf(*content)
	given.ChannelIdentity = new(identity)
	return &given
}

// talk returns the id of the conversation that a message or event belongs to. The caller holds the mutex.
func (p *project) talk(appID string, message *conversation.ConversationMessage, now time.Time) string {
	return p.converse(&conversation.SendMessageRequest{AppID: appID}, message, now)
}

// inboundItem returns a message from a contact in the form of callbacks.
func inboundItem(message *conversation.ConversationMessage) *conversation.InboundMessage {
	return &conversation.InboundMessage{
		ID:              message.ID,
		Direction:       message.Direction,
		ContactMessage:  message.ContactMessage,
		ChannelIdentity: message.ChannelIdentity,
		ConversationID:  message.ConversationID,
		ContactID:       message.ContactID,
		AcceptTime:      message.AcceptTime,
		ProcessingMode:  message.ProcessingMode,
	}
}
