package conversationtest

import (
	"net/url"
	"slices"
	"time"

	"github.com/sinchgo/conversation"
)

// messageQuery selects the messages of a list.
type messageQuery struct {
	source      conversation.MessageSource
	filters     []filter
	from, until time.Time // Zero: no bound.
	view        conversation.ConversationMessagesView
}

func readMessageQuery(query url.Values) (messageQuery, error) {
	asked := messageQuery{
		source: conversation.MessageSource(query.Get("messages_source")),
		view:   conversation.ConversationMessagesView(query.Get("view")),
		filters: readFilters(query, "conversation_id", "contact_id", "app_id", "channel", "channel_identity",
			"direction"),
	}
	onlyFromContacts, err := readFlag(query, "only_recipient_originated")
	if err != nil {
		return asked, err
	}
	if onlyFromContacts {
		asked.filters = append(asked.filters, filter{"direction", string(conversation.DirectionToApp)})
	}
	if asked.from, err = readTime(query, "start_time"); err != nil {
		return asked, err
	}
	if asked.until, err = readTime(query, "end_time"); err != nil {
		return asked, err
	}
	return asked, asked.checkTimes()
}

func (q messageQuery) checkTimes() error {
	if !q.until.IsZero() && q.until.Before(q.from) {
		return invalidArgument("start_time: it must be before end_time")
	}
	return nil
}

// find returns at most limit messages older than start, newest first. The caller holds the mutex.
func (p *project) find(asked messageQuery, start position, limit int) []*storedMessage {
	if end := (position{micros: asked.until.UnixMicro()}); !asked.until.IsZero() && end.compare(start) < 0 {
		start = end
	}
	found := p.messagesOf(asked.source).list(asked.filters, start, limit)
	tooOld := slices.IndexFunc(found, func(m *storedMessage) bool { return m.message.AcceptTime.Before(asked.from) })
	if tooOld >= 0 {
		return found[:tooOld]
	}
	return found
}

// shown returns the messages in the view of the query.
func (q messageQuery) shown(messages []*storedMessage) []*storedMessage {
	if q.view != conversation.ViewWithoutMetadata {
		return messages
	}
	var shown []*storedMessage
	for _, stored := range messages {
		shown = append(shown, stored.with(func(message *conversation.ConversationMessage) { message.Metadata = "" }))
	}
	return shown
}
