package conversationtest

import (
	"math"

	"github.com/sinchgo/conversation"
)

const maxRecentPage = 50

// recentConversation is a conversation with its newest message, if it has one.
type recentConversation struct {
	Conversation *storedConversation `json:"conversation"`
	LastMessage  *storedMessage      `json:"last_message,omitempty"`
}

func (r *recentConversation) position() position {
	at := position{id: r.Conversation.ID}
	if r.LastMessage != nil {
		at.micros = r.LastMessage.position().micros
	}
	return at
}

// recentList is a conversation.ListRecentConversationsResponse of stored conversations.
type recentList struct {
	Conversations []*recentConversation `json:"conversations,omitempty"`
	NextPageToken string                `json:"next_page_token,omitempty"`
	TotalSize     int                   `json:"total_size"`
}

func (p *project) listRecentConversations(c *call) (any, error) {
	page, err := readPage(c, maxRecentPage)
	if err != nil {
		return nil, err
	}
	if conversation.SortOrder(c.query.Get("order")) == conversation.SortAscending {
		page = page.oldestFirst()
	}
	filters, err := conversationFilters(c.query)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.apps.find(c.query.Get("app_id")); err != nil {
		return nil, err
	}
	all := p.recent(filters)
	list := recentList{TotalSize: len(all)}
	list.Conversations, list.NextPageToken = pageOf(page, all)
	return list, nil
}

// recent returns the conversations that the filters find, in no particular order. The caller holds the mutex.
func (p *project) recent(filters []filter) []*recentConversation {
	var all []*recentConversation
	for _, stored := range p.conversations.list(filters, newest, math.MaxInt) {
		all = append(all, &recentConversation{
			Conversation: stored,
			LastMessage:  p.messages.last(filter{"conversation_id", stored.ID}),
		})
	}
	return all
}
