package conversationtest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

const fullApp = `{"display_name": "Shop", "conversation_metadata_report_view": "FULL", "channel_credentials": [
	{"channel": "SMS", "static_bearer": {"claimed_identity": "plan", "token": "made-up"}, "callback_secret": "quiet"},
	{"channel": "MESSENGER", "static_token": {"token": "made-up"}}]}`

func TestAnAppIsReadBackAsItWasCreated(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{AppID: "ours"})

	id := w.create("apps", fullApp)

	app := w.get("apps/" + id)
	delete(app, "id")
	assert.Equal(t, map[string]any{
		"display_name": "Shop", "conversation_metadata_report_view": "FULL",
		"channel_credentials": []any{
			map[string]any{
				"channel": "SMS", "callback_secret": "quiet", "state": map[string]any{"status": "ACTIVE"},
				"static_bearer": map[string]any{"claimed_identity": "plan", "token": "made-up"},
			},
			map[string]any{
				"channel": "MESSENGER", "static_token": map[string]any{"token": "made-up"}, "state": map[string]any{"status": "ACTIVE"},
			},
		},
		"rate_limits": map[string]any{"inbound": 25.0, "outbound": 25.0, "webhooks": 25.0},
		"queue_stats": map[string]any{"outbound_limit": 500_000.0}, "processing_mode": "DISPATCH",
	}, app)
	assert.Equal(t, []string{"ours", id}, w.idsOf("apps", "apps"), "one app exists from the start")
}

func TestABadAppIsRejected(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	for body, mentions := range map[string]string{
		``:                     "the request: ",
		`{}`:                   "display_name: it is required",
		`{"display_name": {}}`: "display_name: ",
		`{"display_name": "A", "channel_credentials": [{"static_token": {"token": "x"}}]}`: "channel_credentials[0].channel",
		`{"display_name": "A", "channel_credentials": {}}`:                                 "channel_credentials: ",
	} {
		w.call(http.MethodPost, "apps", body).fails(http.StatusBadRequest, "INVALID_ARGUMENT", mentions)
	}
	assert.Len(t, w.idsOf("apps", "apps"), 1)
}

func TestAnUpdateOfAnAppChangesItsFields(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		query, body string
		change      func(app map[string]any)
	}{
		"nothing":        {"", `{}`, func(map[string]any) {}},
		"the name":       {"", `{"display_name": "New"}`, func(a map[string]any) { a["display_name"] = "New" }},
		"no credentials": {"", `{"channel_credentials": []}`, func(a map[string]any) { delete(a, "channel_credentials") }},
		"what the mask names": {"?update_mask=channel_credentials,conversation_metadata_report_view", `{"display_name": "New"}`, func(a map[string]any) {
			delete(a, "channel_credentials")
			delete(a, "conversation_metadata_report_view")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, conversationtest.Config{})
			path := "apps/" + w.create("apps", fullApp)
			want := w.get(path)
			tc.change(want)

			assert.Equal(t, want, w.patch(path+tc.query, tc.body))
			assert.Equal(t, want, w.get(path))
		})
	}
}

func TestABadUpdateOfAnAppIsRejected(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	path := "apps/" + w.create("apps", fullApp)
	before := w.get(path)
	for _, tc := range []struct{ query, body, mentions string }{
		{"", `null`, "the request: "},
		{"", `{"display_name": ""}`, "display_name: it is required"},
		{"?update_mask=display_name", `{}`, "display_name: it is required"},
		{"?update_mask=rate_limits", `{}`, `update_mask: "rate_limits"`},
		{"", `{"channel_credentials": [{"mms_credentials": {}}]}`, "channel_credentials[0].channel"},
	} {
		w.call(http.MethodPatch, path+tc.query, tc.body).fails(http.StatusBadRequest, "INVALID_ARGUMENT", tc.mentions)
	}
	w.call(http.MethodPatch, "apps/NONE", `{}`).fails(http.StatusNotFound, "NOT_FOUND", "NONE")
	assert.Equal(t, before, w.get(path))
}

func TestDeletingAnAppDeletesWhatBelongsToIt(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation, AppID: "APP"})
	message := w.send(w.text("hi", "15551230001"))
	conversation, contact := w.of("messages/"+message, "conversation_id"), w.of("messages/"+message, "contact_id")
	webhook := w.create("webhooks", `{"app_id": "APP", "target": "https://example.com/"}`)
	other := w.create("apps", `{"display_name": "Other", "channel_credentials": []}`)

	assert.Equal(t, http.StatusOK, w.call(http.MethodDelete, "apps/APP", "").status)

	w.gone("apps/APP", "webhooks/"+webhook, "conversations/"+conversation, "messages/"+message)
	w.call(http.MethodDelete, "apps/APP", "").fails(http.StatusNotFound, "NOT_FOUND", "APP")
	w.call(http.MethodPost, "messages:send", w.text("hi", "15551230001")).fails(http.StatusNotFound, "NOT_FOUND", "APP")
	assert.Equal(t, []string{other}, w.idsOf("apps", "apps"))
	assert.Equal(t, []string{contact}, w.idsOf("contacts", "contacts"), "contacts belong to the project")
}
