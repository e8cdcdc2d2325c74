package conversationtest

import "github.com/sinchgo/conversation"

// source returns the source of the messages of a call.
func (c *call) source() conversation.MessageSource {
	return conversation.MessageSource(c.query.Get("messages_source"))
}

// messagesOf returns the messages of a source that can be read back. The caller holds the mutex.
func (p *project) messagesOf(source conversation.MessageSource) *store[*storedMessage] {
	if source == conversation.MessageSourceDispatch {
		return p.retained
	}
	return p.messages
}

// keep stores a message where its processing mode keeps it. The caller holds the mutex.
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

// retainsDispatched reports whether messages of dispatch mode can be read back. By default they are kept for 0 days.
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
