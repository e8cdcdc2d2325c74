package conversationtest

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sinchgo/conversation"
)

// storedMessage is a message with what the API does not show of it. It does not change once it is stored.
type storedMessage struct {
	appID   string
	message *conversation.ConversationMessage
}

func (m *storedMessage) position() position {
	return position{micros: m.message.AcceptTime.UnixMicro(), id: m.message.ID}
}

// filters gives everything that the message can be found by. The zero filter finds all messages.
func (m *storedMessage) filters() []filter {
	filters := []filter{
		{},
		{"app_id", m.appID},
		{"contact_id", m.message.ContactID},
		{"conversation_id", m.message.ConversationID},
	}
	if m.message.ChannelIdentity != nil {
		filters = append(filters, filter{"channel", string(m.message.ChannelIdentity.Channel)})
	}
	return filters
}

// filter is a query parameter with the value that it asks for.
type filter struct {
	field, value string
}

// readFilters gives the filters that the query sets, among the known names.
func readFilters(query url.Values, names ...string) []filter {
	var filters []filter
	for _, name := range names {
		if value := query.Get(name); value != "" {
			filters = append(filters, filter{name, value})
		}
	}
	return filters
}

// position is a place in the order of messages: by accept time, then by id. Ids grow, so that no two are equal.
type position struct {
	micros int64
	id     string
}

// newest is where a list without a page token starts.
var newest = position{micros: math.MaxInt64}

func (p position) compare(other position) int {
	return cmp.Or(cmp.Compare(p.micros, other.micros), strings.Compare(p.id, other.id))
}

func (p position) String() string { return strconv.FormatInt(p.micros, 10) + "/" + p.id }

func parsePosition(text string) (position, error) {
	if text == "" {
		return newest, nil
	}
	micros, id, _ := strings.Cut(text, "/")
	parsed, err := strconv.ParseInt(micros, 10, 64)
	if err != nil {
		return position{}, invalidArgument("page_token: %q is not from a list of messages", text)
	}
	return position{micros: parsed, id: id}, nil
}

// messageStore keeps messages in order, once for each filter that finds them, so that the cost of a page does not
// grow with the number of messages.
type messageStore struct {
	byID     map[string]*storedMessage
	byFilter map[filter][]*storedMessage
}

func newMessageStore() *messageStore {
	return &messageStore{
		byID:     map[string]*storedMessage{},
		byFilter: map[filter][]*storedMessage{},
	}
}

func (s *messageStore) add(m *storedMessage) {
	s.byID[m.message.ID] = m
	for _, f := range m.filters() {
		at := search(s.byFilter[f], m.position())
		s.byFilter[f] = slices.Insert(s.byFilter[f], at, m)
	}
}

func (s *messageStore) remove(id string) bool {
	m := s.byID[id]
	if m == nil {
		return false
	}
	delete(s.byID, id)
	for _, f := range m.filters() {
		at := search(s.byFilter[f], m.position())
		s.byFilter[f] = slices.Delete(s.byFilter[f], at, at+1)
	}
	return true
}

// list gives at most limit messages older than start, newest first. Of several filters it walks the one
// that finds least and asks each message for the others.
func (s *messageStore) list(filters []filter, start position, limit int) []*storedMessage {
	candidates := s.byFilter[filter{}]
	for _, f := range filters {
		if len(s.byFilter[f]) < len(candidates) {
			candidates = s.byFilter[f]
		}
	}
	var found []*storedMessage
	for _, m := range slices.Backward(candidates[:search(candidates, start)]) {
		if len(found) == limit {
			break
		}
		if m.matches(filters) {
			found = append(found, m)
		}
	}
	return found
}

func (m *storedMessage) matches(filters []filter) bool {
	own := m.filters()
	for _, f := range filters {
		if !slices.Contains(own, f) {
			return false
		}
	}
	return true
}

// search gives the number of messages before the position.
func search(messages []*storedMessage, at position) int {
	index, _ := slices.BinarySearchFunc(messages, at, func(m *storedMessage, p position) int {
		return m.position().compare(p)
	})
	return index
}
