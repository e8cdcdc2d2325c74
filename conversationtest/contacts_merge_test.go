package conversationtest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAMergeMovesEverythingInBothDialects(t *testing.T) {
	t.Parallel()
	for name, merge := range map[string]func(w wire, destination, source string) answer{
		"openapi": func(w wire, destination, source string) answer {
			return w.call(http.MethodPost, "contacts:merge", `{"destination_id": "`+destination+`", "source_id": "`+source+`"}`)
		},
		"platform": func(w wire, destination, source string) answer {
			return w.call(http.MethodPost, "contacts/"+destination+":merge", `{"source_id": "`+source+`", "strategy": "MERGE"}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, conversationtest.Config{Contract: conversationtest.EitherContract, Mode: conversation.ProcessingModeConversation, AppID: "APP"})
			destination := w.create("contacts", `{"display_name": "Ada", "channel_identities": [{"channel": "RCS", "identity": "15551230001"}], "language": "EN"}`)
			source := w.create("contacts", `{"display_name": "A.", "email": "a@example.com", "channel_identities": [{"channel": "SMS", "identity": "15551230001"}], "language": "EN"}`)
			own := w.create("conversations", `{"app_id": "APP", "contact_id": "`+destination+`"}`)
			sent := w.send(w.text("hi", "15551230001"))
			moved := w.of("messages/"+sent, "conversation_id")
			otherApp := w.create("apps", `{"display_name": "Other"}`)
			elsewhere := w.create("conversations", `{"app_id": "`+otherApp+`", "contact_id": "`+source+`"}`)

			var merged map[string]any
			merge(w, destination, source).decode(&merged)

			assert.Equal(t, map[string]any{
				"id": destination, "display_name": "Ada", "email": "a@example.com", "language": "EN", "channel_priority": []any{"RCS", "SMS"},
				"channel_identities": []any{
					map[string]any{"channel": "RCS", "identity": "15551230001"},
					map[string]any{"channel": "SMS", "identity": "15551230001"},
				},
			}, merged)
			assert.Equal(t, merged, w.get("contacts/"+destination))
			w.gone("contacts/" + source)
			assert.Equal(t, []string{sent}, w.list(url.Values{"contact_id": {destination}}).ids())
			assert.Empty(t, w.list(url.Values{"contact_id": {source}}).ids())
			assert.Equal(t, own, w.of("messages/"+sent, "conversation_id"), "not in "+moved)
			assert.ElementsMatch(t, []string{own, moved, elsewhere},
				w.idsOf("conversations?contact_id="+destination, "conversations"))
			assert.ElementsMatch(t, []string{own, elsewhere},
				w.idsOf("conversations?only_active=true&contact_id="+destination, "conversations"))
			assert.Equal(t, own, w.get("messages/" + w.send(w.text("hi", "15551230001")))["conversation_id"])
		})
	}
}

func TestABadMergeIsRejected(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Contract: conversationtest.EitherContract})
	one, two := w.contact("15551230001"), w.contact("15551230002")
	fill := strings.NewReplacer("ONE", one, "TWO", two)
	for _, tc := range []struct {
		path, body string
		status     int
		mentions   string
	}{
		{"contacts:merge", ``, 400, "the request: "},
		{"contacts:merge", `{"source_id": "TWO"}`, 400, "destination_id"},
		{"contacts:merge", `{"destination_id": "ONE"}`, 400, "source_id"},
		{"contacts:merge", `{"destination_id": "ONE", "source_id": 5}`, 400, "source_id: "},
		{"contacts:merge", `{"destination_id": "ONE", "source_id": "ONE"}`, 400, "source_id: a contact cannot"},
		{"contacts:merge", `{"destination_id": "MISSING", "source_id": "TWO"}`, 404, "MISSING"},
		{"contacts:merge", `{"destination_id": "ONE", "source_id": "MISSING"}`, 404, "MISSING"},
		{"contacts/ONE:merge", `[]`, 400, "the request: "},
		{"contacts/ONE:merge", `{}`, 400, "source_id"},
		{"contacts/ONE:merge", `{"source_id": "ONE"}`, 400, "source_id: a contact cannot"},
		{"contacts/ONE:merge", `{"source_id": "TWO", "strategy": "DROP"}`, 400, "strategy"},
		{"contacts:merge", `{"destination_id": "ONE", "source_id": "TWO", "strategy": "DROP"}`, 400, "strategy"},
		{"contacts/MISSING:merge", `{"source_id": "TWO"}`, 404, "MISSING"},
	} {
		name := map[int]string{400: "INVALID_ARGUMENT", 404: "NOT_FOUND"}[tc.status]
		path := strings.ReplaceAll(tc.path, "ONE", one)
		w.call(http.MethodPost, path, fill.Replace(tc.body)).fails(tc.status, name, tc.mentions)
	}
	assert.Len(t, w.idsOf("contacts", "contacts"), 2)
}
