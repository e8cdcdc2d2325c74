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
	now := p.now()
	stored, err := p.accept(&request, content, now)
	if err != nil {
		return nil, err
	}
	message := stored.message
	p.ledger.accepted(SentMessage{
		MessageID:    message.ID,
		Request:      request,
		AcceptedTime: now,
		Body:         c.body,
	})
	sent := newFeedMessage(stored.appID, message, now)
	sent.Body = c.body
	p.publisher.publish(feedSent, sent, len(c.body))
	p.messageSubmitted(stored, now)
	p.process(stored)
	return conversation.SendMessageResponse{MessageID: message.ID, AcceptedTime: message.AcceptTime}, nil
}

// accept stores the message of a valid request.
func (p *project) accept(
	request *conversation.SendMessageRequest, content json.RawMessage, now time.Time,
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
		appID: request.AppID, message: message, content: content, correlationID: request.CorrelationID,
		fallbacks: channels[min(1, len(channels)):],
		failure:   p.failureOf(request, contact),
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
