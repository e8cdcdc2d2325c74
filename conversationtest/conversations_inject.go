package conversationtest

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
)

// maxInjectedAge is the maximum age of an injected message or event.
const maxInjectedAge = 30 * 24 * time.Hour

// injectMessage stores a message that was sent outside of the API. It emits no event.
func (p *project) injectMessage(c *call) (any, error) {
	now := p.now()
	request, content, err := readInjectMessage(c, now)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	into, err := p.injectInto(c, request.ContactID)
	if err != nil {
		return nil, err
	}
	injected := &storedMessage{appID: into.AppID, content: content, templates: p.templatesOf(request.AppMessage), message: &conversation.ConversationMessage{
		ID:              p.ids.next(now),
		AcceptTime:      microseconds(request.AcceptTime),
		AppMessage:      request.AppMessage,
		ChannelIdentity: &request.ChannelIdentity,
		ContactID:       request.ContactID,
		ContactMessage:  request.ContactMessage,
		ConversationID:  into.ID,
		Direction:       request.Direction,
		Injected:        true,
		Metadata:        request.Metadata,
		ProcessingMode:  cmp.Or(request.ProcessingMode, p.modeOf(into.AppID)),
		SenderID:        request.SenderID,
	}}
	p.messages.put(injected)
	p.conversations.put(into.withMessage(injected.message.AcceptTime))
	return struct{}{}, nil
}

// readInjectMessage decodes and checks the body. The content is the JSON of a message of the app, and nil for one of the
// contact.
func readInjectMessage(c *call, now time.Time) (
	request conversation.InjectMessageRequest, content json.RawMessage, err error,
) {
	var raw struct {
		AppMessage     object `json:"app_message"`
		ContactMessage object `json:"contact_message"`
	}
	if err := readObject(c.body, &request, &raw); err != nil {
		return request, nil, err
	}
	problems := slices.Concat(
		required("contact_id", request.ContactID),
		required("direction", string(request.Direction)),
		required("channel_identity.channel", string(request.ChannelIdentity.Channel)),
		required("channel_identity.identity", request.ChannelIdentity.Identity),
		checkInjected(c, request.ConversationID, request.AcceptTime, now),
	)
	if (raw.AppMessage == nil) == (raw.ContactMessage == nil) {
		problems = append(problems, "app_message: exactly one of it and contact_message must be set")
	}
	if raw.AppMessage != nil {
		content = encoded(raw.AppMessage)
		problems = append(problems, oneKind("app_message", "message", raw.AppMessage, messageKinds)...)
	}
	return request, content, invalid(problems)
}

// injectEvent stores an event that was sent outside of the API. It emits no event.
func (p *project) injectEvent(c *call) (any, error) {
	var request conversation.InjectConversationEventRequest
	var raw struct {
		AppEvent object `json:"app_event"`
	}
	if err := readObject(c.body, &request, &raw); err != nil {
		return nil, err
	}
	now := p.now()
	problems := slices.Concat(
		checkEvent("app_event", raw.AppEvent),
		checkInjected(c, request.ConversationID, request.AcceptTime, now),
	)
	if err := invalid(problems); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	into, err := p.injectInto(c, request.ContactID)
	if err != nil {
		return nil, err
	}
	injected := &storedEvent{appID: into.AppID, content: encoded(raw.AppEvent), ConversationEvent: conversation.ConversationEvent{
		ID:             p.ids.next(now),
		AcceptTime:     microseconds(request.AcceptTime),
		ContactID:      into.ContactID,
		ConversationID: into.ID,
		Direction:      conversation.DirectionToContact,
		ProcessingMode: cmp.Or(request.ProcessingMode, p.modeOf(into.AppID)),
	}}
	if at := cmp.Or(request.ChannelIdentity, p.identityOf(into)); at != nil {
		injected.ChannelIdentity = *at
	}
	p.events.put(injected)
	return conversation.InjectEventResponse{EventID: injected.ID, AcceptedTime: conversation.Time{Time: now}}, nil
}

// checkInjected returns the problems of the conversation and the time of an injected message or event.
func checkInjected(c *call, conversationID string, at conversation.Time, now time.Time) []string {
	var problems []string
	if conversationID != "" && conversationID != c.params["conversation_id"] {
		problems = append(problems, "conversation_id: it differs from the conversation in the path")
	}
	if at.After(now) || at.Before(now.Add(-maxInjectedAge)) {
		problems = append(problems, "accept_time: it must be in the past, at most 30 days back")
	}
	return problems
}

// injectInto returns the conversation of the path. It must be the conversation of the contact, unless contactID is empty.
// The caller holds the mutex.
func (p *project) injectInto(c *call, contactID string) (*storedConversation, error) {
	into, err := p.conversations.find(c.params["conversation_id"])
	if err != nil {
		return nil, err
	}
	if contactID == "" {
		return into, nil
	}
	if _, err := p.contacts.find(contactID); err != nil {
		return nil, err
	}
	if contactID != into.ContactID {
		return nil, invalidArgument("contact_id: the conversation is with %q", into.ContactID)
	}
	return into, nil
}

// identityOf returns the identity at which the contact of a conversation is reached, or nil. The caller holds the mutex.
func (p *project) identityOf(of *storedConversation) *conversation.ChannelIdentity {
	contact, err := p.contacts.find(of.ContactID)
	if err != nil {
		return nil
	}
	return first(inOrder(append([]conversation.Channel{of.ActiveChannel}, contact.ChannelPriority...), contact.ChannelIdentities))
}
