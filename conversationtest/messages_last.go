package conversationtest

import (
	"math"
	"slices"
	"strconv"

	"github.com/sinchgo/conversation"
)

// lastMessages returns the newest message of each identity or contact.
func (p *project) lastMessages(c *call) (any, error) {
	var request conversation.LastMessagesRequest
	var whole object
	if err := readObject(c.body, &request, &whole); err != nil {
		return nil, err
	}
	asked, err := lastQuery(&request)
	if err != nil {
		return nil, err
	}
	delete(whole, "page_size")
	delete(whole, "page_token")
	page, err := newPage(strconv.Itoa(request.PageSize), request.PageToken, c.path+"?"+string(encoded(whole)), maxMessagesPage)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	found, next := pageOf(page, lastOf(p.find(asked, newest, math.MaxInt), &request))
	return messageList{Messages: asked.shown(found), NextPageToken: next}, nil
}

func lastQuery(request *conversation.LastMessagesRequest) (messageQuery, error) {
	asked := messageQuery{
		source: request.MessagesSource,
		view:   request.View,
		from:   request.StartTime.Time,
		until:  request.EndTime.Time,
	}
	if asked.source == "" {
		asked.source = conversation.MessageSourceConversation
	}
	for _, f := range []filter{
		{"app_id", request.AppID}, {"channel", string(request.Channel)}, {"direction", string(request.Direction)},
	} {
		if f.value != "" {
			asked.filters = append(asked.filters, f)
		}
	}
	if len(request.ContactIDs) > 0 && len(request.ChannelIdentities) > 0 {
		return asked, invalidArgument("contact_ids: it cannot be used together with channel_identities")
	}
	if len(request.ContactIDs) > 0 && asked.source == conversation.MessageSourceDispatch {
		return asked, invalidArgument("contact_ids: it needs messages_source CONVERSATION_SOURCE")
	}
	return asked, asked.checkTimes()
}

// lastOf returns the first message of each contact or identity that the request names, or of every identity if it names
// none.
func lastOf(messages []*storedMessage, request *conversation.LastMessagesRequest) []*storedMessage {
	named := slices.Concat(request.ContactIDs, request.ChannelIdentities)
	seen := map[string]bool{}
	return slices.DeleteFunc(messages, func(m *storedMessage) bool {
		var who string
		if len(request.ContactIDs) > 0 {
			who = m.message.ContactID
		} else if m.message.ChannelIdentity != nil {
			who = m.message.ChannelIdentity.Identity
		}
		if who == "" || seen[who] || len(named) > 0 && !slices.Contains(named, who) {
			return true
		}
		seen[who] = true
		return false
	})
}
