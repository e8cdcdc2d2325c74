package conversationtest

import (
	"encoding/json"
	"time"

	"github.com/sinchgo/conversation"
)

// eventKinds are the fields of an event of which exactly one is set.
var eventKinds = []string{
	"agent_joined_event",
	"agent_left_event",
	"comment_reply_event",
	"composing_end_event",
	"composing_event",
	"generic_event",
}

func (p *project) sendEvent(c *call) (any, error) {
	request, err := readSendEventRequest(c.body)
	if err != nil {
		return nil, err
	}
	now := p.now()
	if err := p.acceptEvent(&request, now); err != nil {
		return nil, err
	}
	id := p.ids.next(now)
	p.ledger.acceptedEvent(SentEvent{
		EventID:      id,
		Request:      request,
		AcceptedTime: now,
		Body:         c.body,
	})
	return conversation.SendEventResponse{EventID: id, AcceptedTime: conversation.Time{Time: now}}, nil
}

func readSendEventRequest(body []byte) (conversation.SendEventRequest, error) {
	var request conversation.SendEventRequest
	var present struct {
		Event map[string]json.RawMessage `json:"event"`
	}
	if err := readObject(body, &request, &present); err != nil {
		return request, err
	}
	problems := required("app_id", request.AppID)
	problems = append(problems, checkRecipient(request.Recipient)...)
	problems = append(problems, oneKind("event", "event", present.Event, eventKinds)...)
	for _, kind := range eventKinds {
		if value, ok := present.Event[kind]; ok && value[0] != '{' && value[0] != 'n' {
			problems = append(problems, "event."+kind+": it must be an object")
		}
	}
	return request, refuse(problems)
}

// acceptEvent looks for app and recipient. Events are not stored: the ledger has them.
func (p *project) acceptEvent(request *conversation.SendEventRequest, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.apps.find(request.AppID); err != nil {
		return err
	}
	_, _, err := p.recipient(request.Recipient, now)
	return err
}
