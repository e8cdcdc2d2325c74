package conversationtest

import (
	"time"

	"github.com/sinchgo/conversation"
)

// Composing receives the event that a contact is typing. It goes to the webhooks for EVENT_INBOUND. Composing returns the id
// of the event.
func (s *Server) Composing(from Sender) string {
	return s.receiveEvent(from, &conversation.ContactEvent{ComposingEvent: new(conversation.ComposingEvent)})
}

// ComposingEnd receives the event that a contact has stopped typing, and returns its id.
func (s *Server) ComposingEnd(from Sender) string {
	return s.receiveEvent(from, &conversation.ContactEvent{ComposingEndEvent: new(conversation.ComposingEndEvent)})
}

func (s *Server) receiveEvent(from Sender, content *conversation.ContactEvent) string {
	appID, p := s.receiverOf(from)
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	mode := p.modeOf(appID)
	contact := p.contactOf([]conversation.ChannelIdentity{from.identity}, mode, now)
	conversationID := p.talk(appID, &conversation.ConversationMessage{
		ChannelIdentity: &from.identity, ContactID: contact.ID, ProcessingMode: mode,
	}, now)
	received := conversation.ConversationEvent{
		ContactEvent:    content,
		ID:              p.ids.next(now),
		Direction:       conversation.DirectionToApp,
		ChannelIdentity: from.identity,
		ContactID:       contact.ID,
		ConversationID:  conversationID,
		AcceptTime:      conversation.Time{Time: now},
		ProcessingMode:  mode,
	}
	p.keepEvent(&storedEvent{appID: appID, ConversationEvent: received})
	p.emit(conversation.TriggerEventInbound, appID, now, event{
		CorrelationID: p.correlationOf(conversationID),
		Inbound: &conversation.InboundEvent{
			ContactEvent:    content,
			ID:              received.ID,
			Direction:       received.Direction,
			ChannelIdentity: &from.identity,
			ContactID:       contact.ID,
			ConversationID:  conversationID,
			AcceptTime:      received.AcceptTime,
			ProcessingMode:  mode,
		},
	})
	return received.ID
}

// OptIn opts a contact in: it takes the contact off the list OPT_OUT_ALL of the app, and calls the webhooks for OPT_IN.
func (s *Server) OptIn(from Sender) {
	s.consent(from, conversation.TriggerOptIn, (*project).takeOffList, func(notice *consentNotice) event {
		notice.Status = "OPT_IN_SUCCEEDED"
		return event{OptIn: notice}
	})
}

// OptOut opts a contact out: it puts the contact on the list OPT_OUT_ALL of the app, and calls the webhooks for OPT_OUT. The
// server still accepts messages to the contact.
func (s *Server) OptOut(from Sender) {
	s.consent(from, conversation.TriggerOptOut, (*project).putOnList, func(notice *consentNotice) event {
		notice.Status = "OPT_OUT_SUCCEEDED"
		return event{OptOut: notice}
	})
}

func (s *Server) consent(
	from Sender, trigger conversation.WebhookTrigger, change func(*project, consent, time.Time),
	eventOf func(*consentNotice) event,
) {
	appID, p := s.receiverOf(from)
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	mode := p.modeOf(appID)
	contact := p.contactOf([]conversation.ChannelIdentity{from.identity}, mode, now)
	change(p, consent{appID, conversation.ConsentsOptOutAll, from.identity.Identity}, now)
	p.emit(trigger, appID, now, eventOf(&consentNotice{
		RequestID:      p.ids.next(now),
		ContactID:      contact.ID,
		Channel:        from.identity.Channel,
		Identity:       from.identity.Identity,
		ProcessingMode: mode,
	}))
}
