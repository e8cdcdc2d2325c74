package conversationtest

import (
	"encoding/json"
	"time"

	"github.com/sinchgo/conversation"
)

const maxMessagesPage = 1000

// messageList is a conversation.MessageList of stored messages.
type messageList struct {
	Messages      []*storedMessage `json:"messages,omitempty"`
	NextPageToken string           `json:"next_page_token,omitempty"`
}

func (p *project) sendMessage(c *call) (any, error) {
	request, content, err := readSendRequest(c.body)
	if err != nil {
		return nil, err
	}
	if err := p.checkQueue(request.AppID); err != nil {
		return nil, err
	}
	now := p.now()
	stored, err := p.accept(&request, content, nil, now)
	if err != nil {
		return nil, err
	}
	p.accepted(stored, SentMessage{Request: request, Body: c.body}, now)
	p.process(stored, 0)
	c.messageID = stored.message.ID
	return conversation.SendMessageResponse{MessageID: stored.message.ID, AcceptedTime: stored.message.AcceptTime}, nil
}

// accepted records a message that was accepted, and emits the event of its send.
func (p *project) accepted(stored *storedMessage, sent SentMessage, now time.Time) {
	sent.MessageID, sent.AcceptedTime = stored.message.ID, now
	p.ledger.accepted(sent)
	shown := newFeedMessage(stored.appID, stored.message, now)
	shown.Body = sent.Body
	p.publisher.publish(feedSent, shown, len(sent.Body))
	p.messageSubmitted(stored, now)
}

// accept stores the message of a valid request, or of a part of a batch.
func (p *project) accept(
	request *conversation.SendMessageRequest, content json.RawMessage, part *batchPart, now time.Time,
) (*storedMessage, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.apps.find(request.AppID); err != nil {
		return nil, err
	}
	mode := p.modeOfSend(request)
	contact, err := p.recipient(request.Recipient, mode, now)
	if err != nil {
		return nil, err
	}
	channels := p.channelsTo(contact, request.Recipient.IdentifiedBy, request.AppID, request.ChannelPriorityOrder)
	message := &conversation.ConversationMessage{
		ID:              p.ids.next(now),
		AcceptTime:      conversation.Time{Time: now},
		AppMessage:      &request.Message,
		ChannelIdentity: first(channels),
		ContactID:       contact.ID,
		Direction:       conversation.DirectionToContact,
		Metadata:        request.MessageMetadata,
		MessageStatus:   &conversation.MessageStatus{Status: conversation.MessageStatusQueued, EventTime: conversation.Time{Time: now}},
		ProcessingMode:  mode,
	}
	message.ConversationID = p.converse(request, message, now)
	stored := &storedMessage{
		appID: request.AppID, message: message, content: content, batch: part, correlationID: request.CorrelationID,
		fallbacks: channels[min(1, len(channels)):],
		failure:   p.failureOf(request, contact),
		templates: p.templatesOf(&request.Message),
	}
	p.keep(stored)
	p.override(message.ID, request.CallbackURL)
	return stored, nil
}

func (p *project) listMessages(c *call) (any, error) {
	page, err := readPage(c, maxMessagesPage)
	if err != nil {
		return nil, err
	}
	asked, err := readMessageQuery(c.query)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	found, next := cut(page, p.find(asked, page.start, page.size+1))
	return messageList{Messages: asked.shown(found), NextPageToken: next}, nil
}

func (p *project) getMessage(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.messagesOf(c.source()).find(c.params["message_id"])
}

func (p *project) updateMessage(c *call) (any, error) {
	var update conversation.UpdateMessageRequest
	if err := readObject(c.body, &update); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	kept := p.messagesOf(c.source())
	stored, err := kept.find(c.params["message_id"])
	if err != nil {
		return nil, err
	}
	changed := stored.with(func(message *conversation.ConversationMessage) { message.Metadata = update.Metadata })
	kept.put(changed)
	return changed, nil
}

func (p *project) deleteMessage(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	kept := p.messagesOf(c.source())
	stored, err := kept.find(c.params["message_id"])
	if err != nil {
		return nil, err
	}
	kept.remove(stored)
	return struct{}{}, nil
}
