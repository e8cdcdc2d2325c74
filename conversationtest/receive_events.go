package conversationtest

import (
	"strings"
	"time"

	"github.com/sinchgo/conversation"
)

// Composing receives the event that a contact is typing. It goes to the webhooks for EVENT_INBOUND. Composing returns
// the id of the event.
func (s *Server) Composing(from Sender) string {
	appID, p := s.receiverOf(from)
	return p.composing(from.identity, appID).ID
}

// ComposingEnd receives the event that a contact has stopped typing, and returns its id.
func (s *Server) ComposingEnd(from Sender) string {
	appID, p := s.receiverOf(from)
	return p.composingEnd(from.identity, appID).ID
}

func (p *project) composing(identity conversation.ChannelIdentity, appID string) conversation.ConversationEvent {
	return p.receiveEvent(identity, appID, &conversation.ContactEvent{ComposingEvent: new(conversation.ComposingEvent)})
}

func (p *project) composingEnd(identity conversation.ChannelIdentity, appID string) conversation.ConversationEvent {
	return p.receiveEvent(identity, appID, &conversation.ContactEvent{ComposingEndEvent: new(conversation.ComposingEndEvent)})
}

func (p *project) receiveEvent(
	identity conversation.ChannelIdentity, appID string, content *conversation.ContactEvent,
) conversation.ConversationEvent {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	mode := p.modeOf(appID)
	contact := p.contactOf([]conversation.ChannelIdentity{identity}, mode, now)
	conversationID := p.talk(appID, &conversation.ConversationMessage{
		ChannelIdentity: &identity, ContactID: contact.ID, ProcessingMode: mode,
	}, now)
	received := conversation.ConversationEvent{
		ContactEvent:    content,
		ID:              p.ids.next(now),
		Direction:       conversation.DirectionToApp,
		ChannelIdentity: identity,
		ContactID:       contact.ID,
		ConversationID:  conversationID,
		AcceptTime:      conversation.Time{Time: now},
		ProcessingMode:  mode,
	}
	p.keepEvent(&storedEvent{appID: appID, ConversationEvent: received})
	p.publisher.publish(feedReceived, newFeedEvent(appID, &received), 0)
	p.emit(conversation.TriggerEventInbound, appID, now, event{
		CorrelationID: p.correlationOf(conversationID),
		Inbound: &conversation.InboundEvent{
			ContactEvent:    content,
			ID:              received.ID,
			Direction:       received.Direction,
			ChannelIdentity: &identity,
			ContactID:       contact.ID,
			ConversationID:  conversationID,
			AcceptTime:      received.AcceptTime,
			ProcessingMode:  mode,
		},
	})
	return received
}

// OptIn opts a contact in: it takes the contact off the list OPT_OUT_ALL of the app, and calls the webhooks for OPT_IN.
func (s *Server) OptIn(from Sender) {
	appID, p := s.receiverOf(from)
	p.optIn(from.identity, appID)
}

// OptOut opts a contact out: it puts the contact on the list OPT_OUT_ALL of the app, and calls the webhooks for
// OPT_OUT. The server still accepts messages to the contact.
func (s *Server) OptOut(from Sender) {
	appID, p := s.receiverOf(from)
	p.optOut(from.identity, appID)
}

func (p *project) optIn(identity conversation.ChannelIdentity, appID string) (contactID string) {
	return p.consent(identity, appID, conversation.TriggerOptIn, (*project).takeOffList, func(notice *consentNotice) event {
		notice.Status = "OPT_IN_SUCCEEDED"
		return event{OptIn: notice}
	})
}

func (p *project) optOut(identity conversation.ChannelIdentity, appID string) (contactID string) {
	return p.consent(identity, appID, conversation.TriggerOptOut, (*project).putOnList, func(notice *consentNotice) event {
		notice.Status = "OPT_OUT_SUCCEEDED"
		return event{OptOut: notice}
	})
}

func (p *project) consent(
	identity conversation.ChannelIdentity, appID string, trigger conversation.WebhookTrigger,
	change func(*project, consent, conversation.ConsentOrigin, time.Time), eventOf func(*consentNotice) event,
) (contactID string) {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	mode := p.modeOf(appID)
	contact := p.contactOf([]conversation.ChannelIdentity{identity}, mode, now)
	change(p, consent{appID, conversation.ConsentsOptOutAll, identity.Identity, identity.Channel}, conversation.ConsentOriginMO, now)
	p.publisher.publish(feedReceived, feedMessage{
		Time: now, AppID: appID, ContactID: contact.ID, Channel: identity.Channel, Identity: identity.Identity,
		Event: strings.ToLower(string(trigger)),
	}, 0)
	p.emit(trigger, appID, now, eventOf(&consentNotice{
		RequestID:      p.ids.next(now),
		ContactID:      contact.ID,
		Channel:        identity.Channel,
		Identity:       identity.Identity,
		ProcessingMode: mode,
	}))
	return contact.ID
}
