package conversationtest

import (
	"cmp"
	"encoding/json"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// Emit calls the webhooks that ask for the event's trigger with an event of any kind, such as a CHANNEL_EVENT. What the
// envelope leaves empty is filled in: the app that is there from the start, the project and the times. Nothing is
// stored. A [webhook.Unknown] goes out as its Raw, to webhooks for UNSPECIFIED_TRIGGER.
//
// It panics if there is no such app, and if the event cannot be written as a JSON object.
func (s *Server) Emit(event webhook.Event) {
	appID := cmp.Or(event.Meta().AppID, s.AppID())
	p := s.projectOf(appID)
	text, err := json.Marshal(event)
	if err != nil {
		panic("conversationtest: no event: " + err.Error())
	}
	var body object
	if err := json.Unmarshal(text, &body); err != nil || body == nil {
		panic("conversationtest: no event: it is not written as a JSON object")
	}
	now := conversation.Time{Time: p.now()}
	for name, value := range map[string]any{
		"app_id": appID, "project_id": p.id, "accepted_time": now, "event_time": now,
	} {
		if given, ok := body[name]; !ok || string(given) == `""` {
			body[name] = encoded(value)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.callWebhooks(event.Trigger(), appID, func() json.RawMessage { return encoded(body) })
}
