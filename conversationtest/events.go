package conversationtest

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
)

const maxEventsPage = 20

// eventKinds are the fields of an event of which exactly one is set.
var eventKinds = []string{
	"agent_joined_event",
	"agent_left_event",
	"comment_reply_event",
	"composing_end_event",
	"composing_event",
	"generic_event",
	"read_message_event",
}

func (p *project) sendEvent(c *call) (any, error) {
	request, content, err := readSendEventRequest(c.body)
	if err != nil {
		return nil, err
	}
	now := p.now()
	accepted, err := p.acceptEvent(&request, content, now)
	if err != nil {
		return nil, err
	}
	p.ledger.acceptedEvent(SentEvent{
		EventID:      accepted.ID,
		Request:      request,
		AcceptedTime: now,
		Body:         c.body,
	})
	sent := newFeedEvent(accepted.appID, &accepted.ConversationEvent)
	sent.Body = c.body
	p.publisher.publish(feedSent, sent, len(c.body))
	p.playEventScript(accepted, request.EventMetadata)
	return conversation.SendEventResponse{EventID: accepted.ID, AcceptedTime: conversation.Time{Time: now}}, nil
}

// readSendEventRequest decodes and checks the body of an event. The content is the JSON of the event.
func readSendEventRequest(body []byte) (request conversation.SendEventRequest, content json.RawMessage, err error) {
	var raw struct {
		Event object `json:"event"`
	}
	if err := readObject(body, &request, &raw); err != nil {
		return request, nil, err
	}
	problems := slices.Concat(required("app_id", request.AppID), checkRecipient(request.Recipient),
		checkCallbackURL(request.CallbackURL), checkEvent("event", raw.Event))
	return request, encoded(raw.Event), invalid(problems)
}

// checkEvent returns the problems of the event in a field.
func checkEvent(field string, event object) []string {
	problems := oneKind(field, "event", event, eventKinds)
	for _, kind := range eventKinds {
		if value, ok := event[kind]; ok && value[0] != '{' && value[0] != 'n' {
			problems = append(problems, field+"."+kind+": it must be an object")
		}
	}
	return problems
}

// acceptEvent stores the event of a valid request.
func (p *project) acceptEvent(
	request *conversation.SendEventRequest, content json.RawMessage, now time.Time,
) (*storedEvent, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.apps.find(request.AppID); err != nil {
		return nil, err
	}
	mode := p.modeOf(request.AppID)
	contact, err := p.recipient(request.Recipient, mode, now)
	if err != nil {
		return nil, err
	}
	accepted := &storedEvent{appID: request.AppID, content: content, ConversationEvent: conversation.ConversationEvent{
		ID:             p.ids.next(now),
		AcceptTime:     conversation.Time{Time: now},
		ContactID:      contact.ID,
		Direction:      conversation.DirectionToContact,
		ProcessingMode: mode,
	}}
	at := first(p.channelsTo(contact, request.Recipient.IdentifiedBy, request.AppID, request.ChannelPriorityOrder))
	if at != nil {
		accepted.ChannelIdentity = *at
	}
	accepted.ConversationID = p.talk(request.AppID, &conversation.ConversationMessage{
		ChannelIdentity: at, ContactID: contact.ID, ProcessingMode: mode,
	}, now)
	p.keepEvent(accepted)
	p.override(accepted.ID, request.CallbackURL)
	return accepted, nil
}

// eventList is a conversation.ListEventsResponse of stored events.
type eventList struct {
	Events        []*storedEvent `json:"events,omitempty"`
	NextPageToken string         `json:"next_page_token,omitempty"`
}

func (p *project) listEvents(c *call) (any, error) {
	found, next, err := listPage(c, p.events, maxEventsPage, readFilters(c.query, "conversation_id", "contact_id"))
	if err != nil {
		return nil, err
	}
	return eventList{Events: found, NextPageToken: next}, nil
}

func (p *project) getEvent(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.events.find(c.params["event_id"])
}

func (p *project) deleteEvent(c *call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	stored, err := p.events.find(c.params["event_id"])
	if err != nil {
		return nil, err
	}
	p.events.remove(stored)
	return struct{}{}, nil
}
