package conversationtest_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestASentMessageIsReadBack(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.FixedZone("CET", 3600))
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation, AppID: "APP", Clock: func() time.Time { return at }})
	id := w.send(`{"app_id": "APP", "message_metadata": "note", "channel_priority_order": ["RCS", "WHATSAPP"],
		"recipient": {"identified_by": {"channel_identities": [
			{"channel": "SMS", "identity": "15551230001"}, {"channel": "WHATSAPP", "identity": "15551230002"}]}},
		"message": {"media_message": {"url": "https://example.com/a.png"}}}`)

	var message map[string]any
	w.call(http.MethodGet, "messages/"+id, "").decode(&message)

	assert.Len(t, message["contact_id"], 26)
	assert.Len(t, message["conversation_id"], 26)
	delete(message, "contact_id")
	delete(message, "conversation_id")
	assert.Equal(t, map[string]any{
		"id":               id,
		"accept_time":      "2026-03-01T11:00:00.123456Z",
		"direction":        "TO_CONTACT",
		"metadata":         "note",
		"processing_mode":  "CONVERSATION",
		"app_message":      map[string]any{"media_message": map[string]any{"url": "https://example.com/a.png"}},
		"channel_identity": map[string]any{"channel": "WHATSAPP", "identity": "15551230002"},
		"message_status":   map[string]any{"status": "QUEUED", "event_time": "2026-03-01T11:00:00.123456Z"},
	}, message)
}

func TestADeletedMessageIsGone(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	id := w.send(w.text("a", "15551230001"))
	kept := w.send(w.text("b", "15551230001"))

	assert.Equal(t, http.StatusOK, w.call(http.MethodDelete, "messages/"+id, "").status)

	w.call(http.MethodGet, "messages/"+id, "").fails(http.StatusNotFound, "NOT_FOUND", id)
	w.call(http.MethodDelete, "messages/"+id, "").fails(http.StatusNotFound, "NOT_FOUND", id)
	assert.Equal(t, []string{kept}, w.list(nil).ids())
	assert.Len(t, w.srv.Sent(), 2, "the ledger keeps the message")
}

func TestAnIdentityBelongsToOneContact(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation, AppID: "APP"})
	to := func(identities string) string {
		return `{"app_id": "APP", "recipient": {"identified_by": {"channel_identities": [` + identities + `]}},
			"message": {"text_message": {"text": "hi"}}}`
	}
	const sms, whatsapp, other = `{"channel": "SMS", "identity": "15551230001"}`, `{"channel": "WHATSAPP", "identity": "15551230001"}`,
		`{"channel": "SMS", "identity": "15551230002"}`
	w.send(to(other))
	w.send(to(sms))
	w.send(to(whatsapp + "," + sms))
	w.send(to(whatsapp))

	messages := w.list(nil).Messages
	require.Len(t, messages, 4)
	last, first := messages[0], messages[3]
	for _, same := range messages[:3] {
		assert.Equal(t, last.ContactID, same.ContactID)
		assert.Equal(t, last.ConversationID, same.ConversationID)
	}
	assert.NotEqual(t, last.ContactID, first.ContactID)
	assert.NotEqual(t, last.ConversationID, first.ConversationID)

	w.send(`{"app_id": "APP", "recipient": {"contact_id": "` + last.ContactID + `"},
		"channel_priority_order": ["WHATSAPP"], "message": {"text_message": {"text": "hi"}}}`)
	newest := w.list(nil).Messages[0]
	assert.Equal(t, last.ConversationID, newest.ConversationID)
	assert.Equal(t, "WHATSAPP", newest.ChannelIdentity.Channel)
}

func TestAMessageToAContactGoesToItsIdentities(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation, AppID: "APP"})
	contact := w.contact("15551230001")
	send := `{"app_id": "APP", "recipient": {"contact_id": "` + contact + `"}, "message": {"text_message": {"text": "hi"}}}`

	id := w.send(send)

	assert.Equal(t, map[string]any{"channel": "SMS", "identity": "15551230001"}, w.get("messages/" + id)["channel_identity"])
	assert.Equal(t, []string{id}, w.list(url.Values{"contact_id": {contact}}).ids())
	w.call(http.MethodPost, "messages:send", strings.ReplaceAll(send, contact, "OTHER")).
		fails(http.StatusNotFound, "NOT_FOUND", `contact "OTHER"`)
	assert.Len(t, w.srv.Sent(), 1)
}

func TestMessagesAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	var minutes atomic.Int64
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := newWire(t, conversationtest.Config{
		Mode:  conversation.ProcessingModeConversation,
		Clock: func() time.Time { return start.Add(time.Duration(minutes.Load()) * time.Minute) },
	})
	sendAt := func(minute int64) string {
		minutes.Store(minute)
		return w.send(w.text("x", "15551230001"))
	}
	five, alsoFive, nine, two := sendAt(5), sendAt(5), sendAt(9), sendAt(2)

	want := []string{nine, alsoFive, five, two}
	for range 3 {
		assert.Equal(t, want, w.list(nil).ids())
	}
}

func TestFiltersKeepWhatTheyName(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation, AppID: "APP"})
	send := func(channel, identity string) string {
		return w.send(`{"app_id": "APP", "message": {"text_message": {"text": "hi"}}, "recipient": {"identified_by":
			{"channel_identities": [{"channel": "` + channel + `", "identity": "` + identity + `"}]}}}`)
	}
	a, b, c := send("SMS", "15551230001"), send("RCS", "15551230001"), send("SMS", "15551230002")
	messages := w.list(nil).Messages
	require.Len(t, messages, 3)

	for name, tc := range map[string]struct {
		query url.Values
		want  []string
	}{
		"nothing":              {url.Values{}, []string{c, b, a}},
		"an app":               {url.Values{"app_id": {"APP"}}, []string{c, b, a}},
		"another app":          {url.Values{"app_id": {"OTHER"}}, nil},
		"a channel":            {url.Values{"channel": {"SMS"}}, []string{c, a}},
		"a contact":            {url.Values{"contact_id": {messages[1].ContactID}}, []string{b}},
		"a conversation":       {url.Values{"conversation_id": {messages[2].ConversationID}}, []string{a}},
		"a contact's channel":  {url.Values{"contact_id": {messages[0].ContactID}, "channel": {"SMS"}}, []string{c}},
		"a channel it is not":  {url.Values{"contact_id": {messages[0].ContactID}, "channel": {"RCS"}}, nil},
		"an unused channel":    {url.Values{"channel": {"VIBER"}}, nil},
		"an empty filter":      {url.Values{"channel": {""}}, []string{c, b, a}},
		"an unknown parameter": {url.Values{"messages_source": {"CONVERSATION_SOURCE"}}, []string{c, b, a}},
		"everything at a time": {url.Values{"app_id": {"APP"}, "channel": {"RCS"}, "contact_id": {messages[1].ContactID}, "conversation_id": {messages[1].ConversationID}}, []string{b}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := wire{t: t, srv: w.srv}
			assert.Equal(t, tc.want, w.list(tc.query).ids())

			tc.query.Set("page_size", "1")
			assert.Equal(t, tc.want, w.listAll(tc.query), "one a page")
		})
	}
}

// listAll follows the page tokens to the end.
func (w wire) listAll(query url.Values) []string {
	w.t.Helper()
	var ids []string
	for {
		page := w.list(query)
		ids = append(ids, page.ids()...)
		if page.NextPageToken == "" {
			return ids
		}
		query.Set("page_token", page.NextPageToken)
	}
}

func TestAnEmptyListIsStillAList(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})

	empty := w.call(http.MethodGet, "messages", "")

	assert.Equal(t, http.StatusOK, empty.status)
	assert.Empty(t, w.list(nil).ids())
}

func TestPagesHaveEveryItemOnce(t *testing.T) {
	t.Parallel()
	frozen := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation, Clock: func() time.Time { return frozen }})
	var sent []string
	for range 25 {
		sent = append(sent, w.send(w.text("x", "15551230001")))
	}
	slices.Reverse(sent)

	for _, size := range []string{"", "0", "1", "7", "24", "25", "26", "1000"} {
		assert.Equal(t, sent, w.listAll(url.Values{"page_size": {size}}), "page_size=%q", size)
	}
	assert.Equal(t, sent[:10], w.list(nil).ids(), "the default size")
	assert.Empty(t, w.list(url.Values{"page_size": {"25"}}).NextPageToken, "a full last page has no token")
}

func TestAPageTokenSurvivesChangesOfTheList(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	oldest := w.send(w.text("x", "15551230001"))
	old := w.send(w.text("x", "15551230001"))
	last := w.send(w.text("x", "15551230001"))
	query := url.Values{"page_size": {"1"}}
	first := w.list(query)
	require.Equal(t, []string{last}, first.ids())

	w.call(http.MethodDelete, "messages/"+last, "")
	w.send(w.text("x", "15551230001"))

	query.Set("page_token", first.NextPageToken)
	assert.Equal(t, []string{old, oldest}, w.listAll(query))
}

func TestAPageTokenIsURLSafeAndBelongsToItsQuery(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	for range 3 {
		w.send(w.text("x", "15551230001"))
	}
	sms := url.Values{"channel": {"SMS"}, "page_size": {"1"}}
	token := w.list(sms).NextPageToken
	require.Regexp(t, `^[A-Za-z0-9_-]+$`, token)

	other := url.Values{"page_token": {token}}
	w.call(http.MethodGet, "messages?"+other.Encode(), "").fails(http.StatusBadRequest, "INVALID_ARGUMENT", "page_token")

	sms.Set("page_token", token)
	sms.Set("page_size", "2")
	assert.Len(t, w.list(sms).ids(), 2, "the size of the page may change")
}

func TestABadPageIsRejected(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	for _, query := range []string{
		"page_size=-1", "page_size=1001", "page_size=ten", "page_size=1.5", "page_size=99999999999999999999",
		"page_token=made-up", "page_token=***",
	} {
		field, _, _ := strings.Cut(query, "=")
		w.call(http.MethodGet, "messages?"+query, "").fails(http.StatusBadRequest, "INVALID_ARGUMENT", field)
	}
	w.call(http.MethodGet, "messages?channel=%zz", "").fails(http.StatusBadRequest, "INVALID_ARGUMENT", "query")
}

func TestAPageTokenCannotBeChanged(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	for range 3 {
		w.send(w.text("hi", "15551230000"))
	}
	token, ok := w.get("messages?page_size=1")["next_page_token"].(string)
	require.True(t, ok)
	w.call(http.MethodGet, "messages?page_size=1&page_token="+token+"xx", "").fails(http.StatusBadRequest, "INVALID_ARGUMENT", "page_token")
	assert.Equal(t, http.StatusOK, w.call(http.MethodGet, "messages?page_size=1&contact_id=&page_token="+token, "").status, "an empty filter matches every message")
}
