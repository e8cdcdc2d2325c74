package conversationtest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// newTalk starts a fake with the app APP and a contact, and returns the id of the contact.
func newTalk(t *testing.T) (wire, string) {
	t.Helper()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation, AppID: "APP"})
	return w, w.contact("15551230001")
}

// talk returns the body of a new conversation of APP with a contact, with further fields.
func talk(contact, more string) string {
	return `{"app_id": "APP", "contact_id": "` + contact + `"` + more + `}`
}

func TestAConversationIsReadBackAsItWasCreated(t *testing.T) {
	t.Parallel()
	w, contact := newTalk(t)

	id := w.create("conversations", talk(contact, `, "active_channel": "SMS", "metadata": "note", "correlation_id": "order-7",
		"metadata_json": {"big": 12345678901234567890, "list": [1]}`))

	assert.JSONEq(t, `{"id": "`+id+`", "app_id": "APP", "contact_id": "`+contact+`", "active": true, "active_channel": "SMS",
		"metadata": "note", "metadata_json": {"big": 12345678901234567890, "list": [1]}, "correlation_id": "order-7",
		"last_received": "1970-01-01T00:00:00Z"}`,
		w.call(http.MethodGet, "conversations/"+id, "").body)
}

func TestAConversationCanStartInactive(t *testing.T) {
	t.Parallel()
	w, contact := newTalk(t)

	id := w.create("conversations", talk(contact, `, "active": false`))

	assert.Equal(t, false, w.get("conversations/" + id)["active"])
}

func TestABadConversationIsRejected(t *testing.T) {
	t.Parallel()
	w, contact := newTalk(t)
	for _, tc := range []struct {
		body     string
		status   int
		mentions string
	}{
		{``, 400, "the request: "},
		{`{}`, 400, "app_id: it is required; contact_id: it is required"},
		{talk(contact, `, "active": "yes"`), 400, "active: "},
		{talk(contact, `, "metadata_json": "{}"`), 400, "metadata_json: "},
		{`{"app_id": "OTHER", "contact_id": "` + contact + `"}`, 404, `app "OTHER"`},
		{talk("OTHER", ""), 404, `contact "OTHER"`},
	} {
		name := map[int]string{400: "INVALID_ARGUMENT", 404: "NOT_FOUND"}[tc.status]
		w.call(http.MethodPost, "conversations", tc.body).fails(tc.status, name, tc.mentions)
	}
	assert.Empty(t, w.idsOf("conversations?app_id=APP", "conversations"))
}

func TestAnAppAndAContactHaveOneActiveConversation(t *testing.T) {
	t.Parallel()
	w, contact := newTalk(t)
	first := w.create("conversations", talk(contact, ""))

	w.call(http.MethodPost, "conversations", talk(contact, "")).fails(http.StatusBadRequest, "INVALID_ARGUMENT", "active: ")
	second := w.create("conversations", talk(contact, `, "active": false`))
	w.call(http.MethodPatch, "conversations/"+second, `{"active": true}`).fails(http.StatusBadRequest, "INVALID_ARGUMENT", first)

	w.patch("conversations/"+first, `{"active": false}`)
	assert.Equal(t, true, w.patch("conversations/"+second, `{"active": true}`)["active"])
	assert.Equal(t, second, w.of("messages/"+w.send(w.text("hi", "15551230001")), "conversation_id"))
}

func TestASendGoesOnInTheActiveConversation(t *testing.T) {
	t.Parallel()
	w, contact := newTalk(t)
	id := w.create("conversations", talk(contact, `, "active_channel": "RCS", "metadata": "kept"`))

	message := w.send(strings.Replace(w.text("hi", "15551230001"), `"message":`, `"conversation_metadata": {"order": 7}, "message":`, 1))

	assert.Equal(t, id, w.of("messages/"+message, "conversation_id"))
	assert.Equal(t, map[string]any{
		"id": id, "app_id": "APP", "contact_id": contact, "active": true, "active_channel": "SMS",
		"metadata": "kept", "metadata_json": map[string]any{"order": 7.0}, "last_received": w.of("messages/"+message, "accept_time"),
	}, w.get("conversations/"+id))
}

func TestMetadataOfASendThatIsAStringIsThatOfTheConversation(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Contract: conversationtest.OpenAPIContract, Mode: conversation.ProcessingModeConversation})
	message := w.send(strings.Replace(w.text("hi", "15551230001"), `"message":`, `"conversation_metadata": "plain", "message":`, 1))
	assert.Equal(t, "plain", w.of("conversations/"+w.of("messages/"+message, "conversation_id"), "metadata"))
}

func TestASendAfterAStopStartsANewConversation(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	first := w.of("messages/"+w.send(w.text("hi", "15551230001")), "conversation_id")

	for range 2 {
		assert.Equal(t, http.StatusOK, w.call(http.MethodPost, "conversations/"+first+":stop", "").status)
		assert.Equal(t, false, w.get("conversations/" + first)["active"])
	}

	second := w.of("messages/"+w.send(w.text("hi", "15551230001")), "conversation_id")
	assert.NotEqual(t, first, second)
	assert.Equal(t, true, w.get("conversations/" + second)["active"])
	assert.Equal(t, "SMS", w.of("conversations/"+second, "active_channel"))
	w.call(http.MethodPost, "conversations/NONE:stop", "").fails(http.StatusNotFound, "NOT_FOUND", "NONE")
}

func TestConversationsAreListedByFilterAndPage(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{ // The platform requires an app or a contact.
		AppID: "APP", Contract: conversationtest.OpenAPIContract, Mode: conversation.ProcessingModeConversation,
	})
	contact := w.contact("15551230001")
	otherApp := w.create("apps", `{"display_name": "Other", "channel_credentials": []}`)
	active := w.create("conversations", talk(contact, ""))
	stopped := w.create("conversations", talk(contact, `, "active": false`))
	second := w.contact("15551230002")
	other := w.create("conversations", `{"app_id": "`+otherApp+`", "contact_id": "`+second+`"}`)
	list := func(query string) []string { return w.idsOf("conversations?"+query, "conversations") }

	assert.Equal(t, []string{other, stopped, active}, list(""))
	assert.Equal(t, []string{stopped, active}, list("app_id=APP"))
	assert.Equal(t, []string{other}, list("contact_id="+second))
	assert.Equal(t, []string{other, active}, list("only_active=true"))
	assert.Equal(t, []string{active}, list("only_active=true&app_id=APP"))
	assert.Equal(t, []string{other, stopped, active}, list("only_active=false"))
	assert.Empty(t, list("app_id=APP&contact_id="+second))
	for _, query := range []string{"only_active=maybe", "page_size=21", "page_token=x"} {
		field, _, _ := strings.Cut(query, "=")
		w.call(http.MethodGet, "conversations?"+query, "").fails(http.StatusBadRequest, "INVALID_ARGUMENT", field)
	}

	want := []string{other, stopped, active}
	for range 9 {
		want = append(want, w.create("conversations", talk(contact, `, "active": false`)))
	}
	slices.Sort(want)
	slices.Reverse(want)
	token := w.of("conversations", "next_page_token")
	assert.Equal(t, want, append(list(""), list("page_token="+token)...), "ten, then two")
}

func TestAnUpdateOfAConversationChangesItsFields(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		query, body string
		change      func(conversation map[string]any)
	}{
		"nothing":             {"", `{}`, func(map[string]any) {}},
		"active":              {"", `{"active": false}`, func(c map[string]any) { c["active"] = false }},
		"the channel":         {"", `{"active_channel": "RCS"}`, func(c map[string]any) { c["active_channel"] = "RCS" }},
		"metadata to nothing": {"", `{"metadata": ""}`, func(c map[string]any) { delete(c, "metadata") }},
		"the whole resource": {
			"?metadata_update_strategy=REPLACE",
			`{"id": "X", "app_id": "APP", "last_received": "2020-01-01T00:00:00Z", "correlation_id": "order-7", "metadata_json": {"b": 2}}`,
			func(c map[string]any) {
				c["correlation_id"], c["metadata_json"] = "order-7", map[string]any{"b": 2.0}
			},
		},
		"metadata field by field": {
			"?metadata_update_strategy=MERGE_PATCH", `{"metadata_json": {"a": null, "b": {"c": {"d": null, "e": 1}}}}`,
			func(c map[string]any) {
				c["metadata_json"] = map[string]any{"b": map[string]any{"c": map[string]any{"e": 1.0}}}
			},
		},
		"what the mask names": {"?update_mask=active,metadata_json", `{"metadata": "new"}`, func(c map[string]any) {
			c["active"] = false
			delete(c, "metadata_json")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, contact := newTalk(t)
			path := "conversations/" + w.create("conversations",
				talk(contact, `, "active_channel": "SMS", "metadata": "note", "metadata_json": {"a": 1}`))
			want := w.get(path)
			tc.change(want)

			assert.Equal(t, want, w.patch(path+tc.query, tc.body))
			assert.Equal(t, want, w.get(path))
		})
	}
}

func TestABadUpdateOfAConversationIsRejected(t *testing.T) {
	t.Parallel()
	w, contact := newTalk(t)
	path := "conversations/" + w.create("conversations", talk(contact, ""))
	before := w.get(path)
	for _, tc := range []struct{ query, body, mentions string }{
		{"", `[]`, "the request: "},
		{"", `{"active": 1}`, "active: "},
		{"?update_mask=contact_id", `{}`, "contact_id: it is required"},
		{"?update_mask=last_received", `{}`, `update_mask: "last_received"`},
		{"?metadata_update_strategy=MIX", `{}`, "metadata_update_strategy"},
	} {
		w.call(http.MethodPatch, path+tc.query, tc.body).fails(http.StatusBadRequest, "INVALID_ARGUMENT", tc.mentions)
	}
	w.call(http.MethodPatch, "conversations/NONE", `{}`).fails(http.StatusNotFound, "NOT_FOUND", "NONE")
	assert.Equal(t, before, w.get(path))
}

func TestDeletingAConversationDeletesItsMessages(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	kept, gone := w.send(w.text("hi", "15551230002")), w.send(w.text("hi", "15551230001"))
	id := w.of("messages/"+gone, "conversation_id")

	assert.Equal(t, http.StatusOK, w.call(http.MethodDelete, "conversations/"+id, "").status)

	w.gone("conversations/"+id, "messages/"+gone)
	w.call(http.MethodDelete, "conversations/"+id, "").fails(http.StatusNotFound, "NOT_FOUND", id)
	assert.Equal(t, []string{kept}, w.list(nil).ids())
	assert.NotEqual(t, id, w.of("messages/"+w.send(w.text("hi", "15551230001")), "conversation_id"))
}
