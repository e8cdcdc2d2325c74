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
	p.remember(message)
	if app, err := p.apps.find(message.appID); err == nil && app.retainsDispatched() {
		p.retained.put(message)
	}
}

// remember keeps a message of dispatch mode for reports and the control API, in place of the oldest one if there are too
// many. The caller holds the mutex.
func (p *project) remember(message *storedMessage) {
	id := message.message.ID
	p.dispatched[id] = message
	p.dispatchedIDs = append(p.dispatchedIDs, id)
	if p.logLimit > 0 && len(p.dispatchedIDs) > p.logLimit {
		delete(p.dispatched, p.dispatchedIDs[0])
		delete(p.callbackURLs, p.dispatchedIDs[0])
		p.dispatchedIDs = p.dispatchedIDs[1:]
	}
}

// replace stores a changed message wherever the old one is. The caller holds the mutex.
func (p *project) replace(changed *storedMessage) {
	id := changed.message.ID
	for _, kept := range []*store[*storedMessage]{p.messages, p.retained} {
		if _, err := kept.find(id); err == nil {
			kept.put(changed)
		}
	}
	if p.dispatched[id] != nil {
		p.dispatched[id] = changed
	}
}

// retainsDispatched reports whether messages of dispatch mode can be read back. By default they are kept for 0 days.
func (a *storedApp) retainsDispatched() bool {
	return a.DispatchRetentionPolicy != nil && a.DispatchRetentionPolicy.TTLDays > 0
}

// sent finds a message that an app sent, whether it can be read back or not. The caller holds the mutex.
func (p *project) sent(id string) *storedMessage {
	stored := p.message(id)
	if stored == nil || stored.message.Direction != conversation.DirectionToContact || stored.message.Injected {
		return nil
	}
	return stored
}

// message finds a message in either direction, whether it can be read back or not. It returns nil if there is none. The
// caller holds the mutex.
func (p *project) message(id string) *storedMessage {
	for _, kept := range []*store[*storedMessage]{p.messages, p.retained} {
		if stored, err := kept.find(id); err == nil {
			return stored
		}
	}
	return p.dispatched[id]
}

// knows reports whether there is a message in either direction, whether it can be read back or not.
func (p *project) knows(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.message(id) != nil
}
