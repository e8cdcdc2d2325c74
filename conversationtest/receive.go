package conversationtest

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/sinchgo/conversation"
)

// Sender is the contact that the fake speaks as. From makes one.
type Sender struct {
	identity conversation.ChannelIdentity
	appID    string // Empty: the app that is there from the start.
}

// From speaks as the contact with an identity on a channel, such as a phone number. It speaks to the app that is there
// from the start.
func From(channel conversation.Channel, identity string) Sender {
	return Sender{identity: conversation.ChannelIdentity{Channel: channel, Identity: identity}}
}

// To speaks to another app.
func (f Sender) To(appID string) Sender {
	f.appID = appID
	return f
}

// InboundText is a text from a contact.
func InboundText(text string) conversation.ContactMessage {
	return conversation.ContactMessage{TextMessage: &conversation.TextMessage{Text: text}}
}

// InboundMedia is an image, video, audio or other file from a contact.
func InboundMedia(url string) conversation.ContactMessage {
	return conversation.ContactMessage{MediaMessage: &conversation.MediaMessage{URL: url}}
}

// InboundLocation is a place that a contact sent.
func InboundLocation(title string, latitude, longitude float64) conversation.ContactMessage {
	return conversation.ContactMessage{LocationMessage: &conversation.LocationMessage{
		Title:       title,
		Coordinates: conversation.Coordinates{Latitude: latitude, Longitude: longitude},
	}}
}

// InboundChoice is the answer of a contact that chose a button of a message, or an item of a menu.
func InboundChoice(messageID, postbackData string) conversation.ContactMessage {
	return conversation.ContactMessage{ChoiceResponseMessage: &conversation.ChoiceResponseMessage{
		MessageID:    messageID,
		PostbackData: postbackData,
	}}
}

// InReplyTo makes a message one that quotes another.
func InReplyTo(messageID string, message conversation.ContactMessage) conversation.ContactMessage {
	message.ReplyTo = &conversation.ReplyTo{MessageID: messageID}
	return message
}

// Receive speaks as a contact: the message is stored and goes to the webhooks for MESSAGE_INBOUND. A contact and a
// conversation are made if there is none. The functions from InboundText to InReplyTo make the common kinds of content.
//
// It panics if there is no such app, if the sender has no channel or identity, and if the content is empty.
func (s *Server) Receive(from Sender, content conversation.ContactMessage) *conversation.ConversationMessage {
	app, project := s.hearing(from)
	return project.receive(from.identity, app, copyOf(content))
}

// hearing gives the app that a sender speaks to, and its project.
func (s *Server) hearing(from Sender) (appID string, of *project) {
	if from.identity.Channel == "" || from.identity.Identity == "" {
		panic("conversationtest: a sender needs a channel and an identity: use From")
	}
	appID = cmp.Or(from.appID, s.AppID())
	return appID, s.projectOf(appID)
}

// copyOf gives content that shares nothing with the caller's.
func copyOf(content conversation.ContactMessage) *conversation.ContactMessage {
	data, err := json.Marshal(content)
	if err != nil || string(data) == "{}" {
		panic("conversationtest: no message of a contact: use a function such as InboundText")
	}
	copied := new(conversation.ContactMessage)
	if err := json.Unmarshal(data, copied); err != nil {
		panic("conversationtest: no message of a contact: " + err.Error())
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
	p.emit(conversation.TriggerMessageInbound, appID, now, event{
		CorrelationID: p.correlationOf(message.ConversationID),
		Message:       inboundItem(message),
	})
	given := *message
	given.ContactMessage = copyOf(*content)
	given.ChannelIdentity = new(identity)
	return &given
}

// talk gives the id of the conversation that something from a contact belongs to. The caller holds the mutex.
func (p *project) talk(appID string, message *conversation.ConversationMessage, now time.Time) string {
	return p.converse(&conversation.SendMessageRequest{AppID: appID}, message, now)
}

// inboundItem gives a message of a contact as callbacks have it.
func inboundItem(message *conversation.ConversationMessage) *conversation.MessageInboundEventItem {
	return &conversation.MessageInboundEventItem{
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
