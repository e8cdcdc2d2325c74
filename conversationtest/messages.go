package conversationtest

import (
	"time"

	"github.com/sinchgo/conversation"
)

const (
	defaultMessagesPage = 10
	maxMessagesPage     = 1000
)

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
	if !p.apps[request.AppID] {
		return nil, notFound("app", request.AppID)
	}
	contactID, identities := p.recipient(request.Recipient, now)
	message := &conversation.ConversationMessage{
		ID:              p.ids.next(now),
		AcceptTime:      conversation.Time{Time: now},
		AppMessage:      &request.Message,
		ChannelIdentity: preferred(identities, request.ChannelPriorityOrder),
		ContactID:       contactID,
		ConversationID:  p.conversationID(request.AppID, contactID, now),
		Direction:       conversation.DirectionToContact,
		Metadata:        request.MessageMetadata,
	}
	p.messages.add(&storedMessage{appID: request.AppID, message: message})
	return message, nil
}

// recipient gives the contact that a message goes to, and the identities to choose from. A contact id is
// taken as it is: it may be one that a test made up. The caller holds the mutex.
func (p *project) recipient(recipient conversation.Recipient, now time.Time) (string, []conversation.ChannelIdentity) {
	if recipient.IdentifiedBy == nil {
		return recipient.ContactID, p.contacts.identities[recipient.ContactID]
	}
	identities := recipient.IdentifiedBy.ChannelIdentities
	return p.contacts.contactOf(identities, p.ids.next(now)), identities
}

func (p *project) listMessages(c *call) (any, error) {
	page, err := readPage(c, defaultMessagesPage, maxMessagesPage)
	if err != nil {
		return nil, err
	}
	start, err := parsePosition(page.after)
	if err != nil {
		return nil, err
	}
	filters := readFilters(c.query, "conversation_id", "contact_id", "app_id", "channel")

	p.mu.Lock()
	found := p.messages.list(filters, start, page.size+1)
	p.mu.Unlock()

	var list conversation.MessageList
	if len(found) > page.size {
		found = found[:page.size]
		list.NextPageToken = page.token(found[page.size-1].position().String())
	}
	list.Messages = make([]conversation.ConversationMessage, len(found))
	for i, stored := range found {
		list.Messages[i] = *stored.message
	}
	return list, nil
}

func (p *project) getMessage(c *call) (any, error) {
	id := c.params["message_id"]
	p.mu.Lock()
	defer p.mu.Unlock()
	stored := p.messages.byID[id]
	if stored == nil {
		return nil, notFound("message", id)
	}
	return stored.message, nil
}

func (p *project) deleteMessage(c *call) (any, error) {
	id := c.params["message_id"]
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.messages.remove(id) {
		return nil, notFound("message", id)
	}
	return struct{}{}, nil
}
