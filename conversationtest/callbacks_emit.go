package conversationtest

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// Emit sends an event of any kind, such as a CHANNEL_EVENT, to the webhooks for its trigger. Fields that the envelope
// leaves empty are filled in: the app (Server.AppID), the project and the times. Nothing is stored. A [webhook.Unknown] is
// sent as its Raw, to webhooks for UNSPECIFIED_TRIGGER. A delivery report about a message or an event that was sent with a
// callback URL goes there instead.
//
// A receiver handles one of several events that are encoded alike, so with a [Config.Clock] that does not move, the events
// must differ.
//
// Emit panics if the app does not exist, and if the event cannot be encoded as a JSON object.
func (s *Server) Emit(event webhook.Event) {
	appID := cmp.Or(event.Meta().AppID, s.AppID())
	p := s.projectOf(appID)
	text, err := json.Marshal(event)
	if err != nil {
		panic("conversationtest: Emit: the event cannot be encoded: " + err.Error())
	}
	var body object
	if err := json.Unmarshal(text, &body); err != nil || body == nil {
		panic("conversationtest: Emit: the event is not encoded as a JSON object")
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
	p.call(idOf(event), event.Trigger(), appID, func() json.RawMessage { return encoded(body) })
}

// emit sends an event of an app to the webhooks for its trigger. The caller holds the mutex.
func (p *project) emit(trigger conversation.WebhookTrigger, appID string, now time.Time, e event) {
	p.emitAbout("", trigger, appID, now, e)
}

// emitAbout is like emit for the report about a message, which may have a callback URL. The caller holds the mutex.
func (p *project) emitAbout(messageID string, trigger conversation.WebhookTrigger, appID string, now time.Time, e event) {
	p.call(messageID, trigger, appID, func() json.RawMessage {
		e.AppID, e.ProjectID = appID, p.id
		e.AcceptedTime, e.EventTime = conversation.Time{Time: now}, conversation.Time{Time: now}
		return encoded(e)
	})
}

// callWebhooks sends a body to the webhooks of an app for a trigger. The body is only built if there are any. The caller
// holds the mutex.
func (p *project) callWebhooks(trigger conversation.WebhookTrigger, appID string, body func() json.RawMessage) {
	var made json.RawMessage
	for _, webhook := range p.webhooks.all(filter{"app_id", appID}) {
		if webhook.TargetType != conversation.TargetTypeHTTP || !slices.Contains(webhook.Triggers, trigger) {
			continue
		}
		if made == nil {
			made = body()
		}
		p.callbacks.take(webhook, trigger, made)
	}
}

// emitToAll sends an event that does not belong to an app to the webhooks of every app. The caller holds the mutex.
func (p *project) emitToAll(trigger conversation.WebhookTrigger, now time.Time, e event) {
	for _, app := range p.apps.all(filter{}) {
		p.emit(trigger, app.ID, now, e)
	}
}

func (p *project) contactCreated(contact *storedContact, now time.Time) {
	p.emitToAll(conversation.TriggerContactCreate, now, event{ContactCreate: &contactNotice{contact}})
}

func (p *project) contactUpdated(contact *storedContact, now time.Time) {
	p.emitToAll(conversation.TriggerContactUpdate, now, event{ContactUpdate: &contactNotice{contact}})
}

func (p *project) contactDeleted(contact *storedContact, now time.Time) {
	p.emitToAll(conversation.TriggerContactDelete, now, event{ContactDelete: &contactNotice{contact}})
}

func (p *project) contactsMerged(preserved, deleted *storedContact, now time.Time) {
	p.emitToAll(conversation.TriggerContactMerge, now, event{ContactMerge: &mergeNotice{preserved, deleted}})
}

// storeConversation stores a conversation, and emits an event if that starts or stops it. The caller holds the mutex.
func (p *project) storeConversation(changed *storedConversation, now time.Time) {
	before, err := p.conversations.find(changed.ID)
	wasActive := err == nil && before.Active
	p.conversations.put(changed)
	notice := &conversationNotice{changed}
	switch {
	case changed.Active && !wasActive:
		p.emit(conversation.TriggerConversationStart, changed.AppID, now, event{ConversationStart: notice})
	case wasActive && !changed.Active:
		p.emit(conversation.TriggerConversationStop, changed.AppID, now, event{ConversationStop: notice})
	}
}

func (p *project) conversationDeleted(deleted *storedConversation, now time.Time) {
	p.emit(conversation.TriggerConversationDelete, deleted.AppID, now,
		event{ConversationDelete: &conversationNotice{deleted}})
}

// messageSubmitted emits the event of a send that was accepted. It locks the mutex.
func (p *project) messageSubmitted(sent *storedMessage, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	message := sent.message
	p.emit(conversation.TriggerMessageSubmit, sent.appID, now, event{
		MessageMetadata: message.Metadata,
		CorrelationID:   sent.correlationID,
		Submit: &submitNotification{
			MessageID:        message.ID,
			ConversationID:   message.ConversationID,
			ChannelIdentity:  message.ChannelIdentity,
			ContactID:        message.ContactID,
			SubmittedMessage: submittedMessage(sent.content),
			Metadata:         message.Metadata,
			ProcessingMode:   message.ProcessingMode,
		},
	})
}

// capabilityFound emits the result of a query: the fake reaches every identity on its channel. The caller holds the mutex.
func (p *project) capabilityFound(query *conversation.CapabilityQueryResponse, now time.Time) {
	contactID := query.Recipient.ContactID
	var identities []conversation.ChannelIdentity
	if query.Recipient.IdentifiedBy != nil {
		identities = query.Recipient.IdentifiedBy.ChannelIdentities
	} else if contact, err := p.contacts.find(contactID); err == nil {
		identities = contact.ChannelIdentities
	}
	for _, identity := range identities {
		notice := &conversation.CapabilityNotification{
			RequestID:        query.RequestID,
			ContactID:        contactID,
			Channel:          identity.Channel,
			Identity:         identity.Identity,
			CapabilityStatus: conversation.CapabilityFull,
		}
		if owner := p.ownerOf(identity); owner != nil {
			notice.ContactID = owner.ID
		}
		p.emit(conversation.TriggerCapability, query.AppID, now, event{Capability: notice})
	}
}
