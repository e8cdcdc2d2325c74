package conversationtest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestEventsOfEveryKindAreInTheLedger(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation, AppID: "APP", Clock: func() time.Time { return at }})
	contact := w.contact("15551230001")
	kinds := []string{
		composing,
		`{"composing_end_event": {}, "composing_event": null}`,
		`{"comment_reply_event": {"text": "Thanks"}}`,
		`{"agent_joined_event": {"agent": {"display_name": "Ada", "type": "HUMAN"}}}`,
		`{"agent_left_event": {"agent": {"display_name": "Ada", "type": "HUMAN"}}}`,
		`{"generic_event": {"payload": {"a": 1}}}`,
	}
	recipients := []string{`{"contact_id": "` + contact + `"}`, byNumber}
	for i, kind := range kinds {
		var accepted struct {
			EventID      string `json:"event_id"`
			AcceptedTime string `json:"accepted_time"`
		}
		body := event(recipients[i%2], kind)
		w.call(http.MethodPost, "events:send", body).decode(&accepted)

		sent := w.srv.SentEvents()
		require.Len(t, sent, i+1)
		assert.Len(t, accepted.EventID, 26)
		assert.Equal(t, "2026-03-01T12:00:00Z", accepted.AcceptedTime)
		assert.Equal(t, accepted.EventID, sent[i].EventID)
		assert.Equal(t, at, sent[i].AcceptedTime)
		assert.Equal(t, body, string(sent[i].Body))
	}
	first := w.srv.SentEvents()[0].Request
	assert.Equal(t, conversation.ToContact(contact), first.Recipient)
	assert.NotNil(t, first.Event.ComposingEvent)
	assert.Empty(t, w.srv.Sent(), "an event is not a message")
	assert.Equal(t, []string{contact}, w.idsOf("contacts", "contacts"))
}

func TestAnEventToANewIdentityCreatesAContact(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation, AppID: "APP"})

	require.Equal(t, http.StatusOK, w.call(http.MethodPost, "events:send", event(byNumber, composing)).status)

	assert.Len(t, w.idsOf("contacts", "contacts"), 1)
}

func TestABadEventIsRejected(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{AppID: "APP"})
	for _, tc := range []struct {
		body     string
		status   int
		mentions string
	}{
		{``, 400, "the request: "},
		{`{}`, 400, "app_id: it is required; recipient: it is required; event: it is required"},
		{event(`{}`, composing), 400, "recipient: exactly one"},
		{event(`{"contact_id": "C", "identified_by": {"channel_identities": []}}`, composing), 400, "recipient: exactly one"},
		{event(`{"identified_by": {}}`, composing), 400, "recipient.identified_by.channel_identities"},
		{event(byNumber, `{}`), 400, "event: exactly one kind must be set, not 0"},
		{event(byNumber, `{"composing_event": {}, "generic_event": {"payload": {}}}`), 400, "not 2"},
		{event(byNumber, `{"typing_event": {}}`), 400, "event: exactly one"},
		{event(byNumber, `"composing"`), 400, "event: "},
		{event(byNumber, `{"composing_event": true}`), 400, "event.composing_event"},
		{event(byNumber, `{"composing_end_event": []}`), 400, "event.composing_end_event"},
		{event(`{"contact_id": "OTHER"}`, composing), 404, `contact "OTHER"`},
		{`{"app_id": "OTHER", "recipient": ` + byNumber + `, "event": ` + composing + `}`, 404, `app "OTHER"`},
	} {
		name := map[int]string{400: "INVALID_ARGUMENT", 404: "NOT_FOUND"}[tc.status]
		w.call(http.MethodPost, "events:send", tc.body).fails(tc.status, name, tc.mentions)
	}
	assert.Empty(t, w.srv.SentEvents())
	assert.Empty(t, w.idsOf("contacts", "contacts"))
}
