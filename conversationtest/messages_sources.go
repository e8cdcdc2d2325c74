package conversationtest

import "github.com/sinchgo/conversation"

// source says which messages a call is about.
func (c *call) source() conversation.MessageSource {
	return conversation.MessageSource(c.query.Get("messages_source"))
}

// messagesOf gives what can be read of a source. The caller holds the mutex.
func (p *project) messagesOf(source conversation.MessageSource) *store[*storedMessage] {
	if source == conversation.MessageSourceDispatch {
		return p.retained
	}
	return p.messages
}

// keep stores a message as the processing mode has it. The caller holds the mutex.
func (p *project) keep(message *storedMessage) {
	if message.message.ProcessingMode == conversation.ProcessingModeConversation {
		p.messages.put(message)
		return
	}
	if message.message.Direction == conversation.DirectionToContact {
		p.dispatched[message.message.ID] = message
	}
	if app, err := p.apps.find(message.appID); err == nil && app.retainsDispatched() {
		p.retained.put(message)
	}
}

// retainsDispatched says whether messages of DispatchMode can be read back: by default, they are kept for no day.
func (a *storedApp) retainsDispatched() bool {
	return a.DispatchRetentionPolicy != nil && a.DispatchRetentionPolicy.TTLDays > 0
}

// sent finds a message that an app sent, whether it can be read back or not. The caller holds the mutex.
func (p *project) sent(id string) *storedMessage {
	for _, kept := range []*store[*storedMessage]{p.messages, p.retained} {
		stored, err := kept.find(id)
		if err == nil && stored.message.Direction == conversation.DirectionToContact && !stored.message.Injected {
			return stored
		}
	}
	return p.dispatched[id]
}
