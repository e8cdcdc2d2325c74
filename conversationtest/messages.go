package conversationtest

import (
	"time"

	"github.com/sinchgo/conversation"
)

const maxMessagesPage = 1000

func (p *project) sendMessage(c *call) (any, error) {
	request, err := readSendRequest(c.body)
	if err != nil {
		return nil, err
	}
	now := p.now()
	message, err := p.accept(&request, now)
	if err != nil {
		return nil, err
	}
	p.ledger.accepted(SentMessage{
		MessageID:    message.ID,
		Request:      request,
		AcceptedTime: now,
		Body:         c.body,
	})
	return conversation.SendMessageResponse{MessageID: message.ID, AcceptedTime: message.AcceptTime}, nil
}

// accept makes a stored message of a request that is complete in itself.
func (p *project) accept(request *conversation.SendMessageRequest, now time.Time) (*conversation.ConversationMessage, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.apps.find(request.AppID); err != nil {
		return nil, err
	}
	contact, identities, err := p.recipient(request.Recipient, now)
	if err != nil {
		return nil, err
	}
	message := &conversation.ConversationMessage{
		ID:              p.ids.next(now),
		AcceptTime:      conversation.Time{Time: now},
		AppMessage:      &request.Message,
		ChannelIdentity: preferred(identities, request.ChannelPriorityOrder),
		ContactID:       contact.ID,
		Direction:       conversation.DirectionToContact,
		Metadata:        request.MessageMetadata,
	}
	message.ConversationID = p.converse(request, message, now)
	p.messages.put(&storedMessage{appID: request.AppID, message: message})
	return message, nil
}

func (p *project) listMessages(c *call) (any, error) {
	filters := readFilters(c.query, "conversation_id", "contact_id", "app_id", "channel")
	found, next, err := listPage(c, p.messages, maxMessagesPage, filters)
	if err != nil {
		return nil, err
	}
	list := conversation.MessageList{
		Messages:      make([]conversation.ConversationMessage, len(found)),
		NextPageToken: next,
	}
	for i, stored := range found {
		list.Messages[i] = *stored.message
	}
	return list, nil
}

func (p *project) getMessage(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.messages.find(c.params["message_id"])
	if err != nil {
		return nil, err
	}
	return stored.message, nil
}

func (p *project) deleteMessage(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.messages.find(c.params["message_id"])
	if err != nil {
		return nil, err
	}
	p.messages.remove(stored)
	return struct{}{}, nil
}
