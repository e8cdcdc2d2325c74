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
	correlationID, err := readCorrelationID(c.body)
	if err != nil {
		return nil, err
	}
	now := p.now()
	stored, err := p.accept(&request, content, correlationID, now)
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
	p.messageSubmitted(stored, now)
	p.playScript(message.ID)
	return conversation.SendMessageResponse{MessageID: message.ID, AcceptedTime: message.AcceptTime}, nil
}

// accept makes a stored message of a request that is complete in itself.
func (p *project) accept(
	request *conversation.SendMessageRequest, content json.RawMessage, correlationID string, now time.Time,
) (*storedMessage, error) {
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
	if correlationID != "" && message.ConversationID != "" {
		p.correlations[message.ConversationID] = correlationID
	}
	stored := &storedMessage{appID: request.AppID, message: message, content: content, correlationID: correlationID}
	p.keep(stored)
	return stored, nil
}

// keep stores a message as the processing mode has it. The caller holds the mutex.
func (p *project) keep(message *storedMessage) {
	if p.mode == DispatchMode {
		p.dispatched[message.message.ID] = message
		return
	}
	p.messages.put(message)
}

// sent finds a message that an app sent, whether it can be read back or not. The caller holds the mutex.
func (p *project) sent(id string) *storedMessage {
	if message := p.dispatched[id]; message != nil {
		return message
	}
	message, err := p.messages.find(id)
	if err != nil || message.message.Direction != conversation.DirectionToContact {
		return nil
	}
	return message
}

func (p *project) listMessages(c *call) (any, error) {
	filters := readFilters(c.query, "conversation_id", "contact_id", "app_id", "channel")
	found, next, err := listPage(c, p.messages, maxMessagesPage, filters)
	if err != nil {
		return nil, err
	}
	return messageList{Messages: found, NextPageToken: next}, nil
}

func (p *project) getMessage(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.messages.find(c.params["message_id"])
	if err != nil {
		return nil, err
	}
	return stored, nil
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
