package conversationtest_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

const fullContact = `{"channel_identities": [{"channel": "SMS", "identity": "15551230001"}, {"channel": "MESSENGER", "identity": "15551230002", "app_id": "APP"}],
	"display_name": "Ada", "email": "ada@example.com", "external_id": "7", "language": "EN", "metadata": "note"}`

func TestAContactIsReadBackAsItWasCreated(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	var created map[string]any
	w.call(http.MethodPost, "contacts", fullContact).decode(&created)

	id, _ := created["id"].(string)

	assert.Len(t, id, 26)
	assert.Equal(t, created, w.get("contacts/"+id))
	delete(created, "id")
	assert.Equal(t, map[string]any{
		"channel_identities": []any{
			map[string]any{"channel": "SMS", "identity": "15551230001"},
			map[string]any{"channel": "MESSENGER", "identity": "15551230002", "app_id": "APP"},
		},
		"display_name": "Ada", "email": "ada@example.com", "external_id": "7", "language": "EN", "metadata": "note",
	}, created)
}

func TestABadContactIsRejectedAndTheFieldIsNamed(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	w.contact("15551230001")
	identities := func(list string) string { return `{"channel_identities": [` + list + `], "language": "EN"}` }
	const free, taken = `{"channel": "SMS", "identity": "15551230002"}`, `{"channel": "SMS", "identity": "15551230001"}`
	for name, tc := range map[string]struct{ body, mentions string }{
		"an empty body":                {``, "the request: "},
		"no identities":                {`{"display_name": "Ada"}`, "channel_identities: it is required"},
		"an empty list of identities":  {identities(``), "channel_identities: "},
		"identities that are a string": {`{"channel_identities": "1"}`, "channel_identities: "},
		"no channel":                   {identities(`{"identity": "15551230002"}`), "channel_identities[0].channel"},
		"no identity":                  {identities(free + `,{"channel": "RCS"}`), "channel_identities[1].identity"},
		"a name that is a number":      {`{"display_name": 7}`, "display_name: "},
		"an identity of another":       {identities(free + `,` + taken), "channel_identities[1]: it belongs to"},
		"a duplicated identity":        {identities(free + `,` + free), "channel_identities[1]: it is duplicated"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := w.to(t)
			w.call(http.MethodPost, "contacts", tc.body).fails(http.StatusBadRequest, "INVALID_ARGUMENT", tc.mentions)
			assert.Len(t, w.idsOf("contacts", "contacts"), 1, "no bad contact was stored")
		})
	}
}

func TestIdentitiesOfAnAppAreApartFromThoseOfAnother(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	of := func(app string) string {
		return `{"channel_identities": [{"channel": "MESSENGER", "identity": "15551230001", "app_id": "` + app + `"}], "language": "EN"}`
	}

	assert.NotEqual(t, w.create("contacts", of("A")), w.create("contacts", of("B")))
	w.call(http.MethodPost, "contacts", of("A")).fails(http.StatusBadRequest, "INVALID_ARGUMENT", "channel_identities[0]")
}

func TestAMessageToTheIdentityOfAContactGoesToTheContact(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	contact := w.contact("15551230001")

	id := w.send(w.text("hi", "15551230001"))
	other := w.send(w.text("hi", "15551230002"))

	assert.Equal(t, contact, w.get("messages/" + id)["contact_id"])
	created := w.of("messages/"+other, "contact_id")
	assert.Equal(t, map[string]any{
		"id": created, "display_name": "Unknown",
		"channel_identities": []any{map[string]any{"channel": "SMS", "identity": "15551230002"}},
	}, w.get("contacts/"+created))
}

func TestContactsAreListedInPagesOfAtMostTwenty(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	var created []string
	for i := range 21 {
		created = append(created, w.contact("1555123"+strconv.Itoa(1000+i)))
	}
	slices.Reverse(created)

	assert.Equal(t, created[:10], w.idsOf("contacts", "contacts"), "the default size, newest first")
	token := w.of("contacts?page_size=20", "next_page_token")
	assert.Equal(t, created[:20], w.idsOf("contacts?page_size=20", "contacts"))
	assert.Equal(t, created[20:], w.idsOf("contacts?page_size=20&page_token="+token, "contacts"))
	assert.NotContains(t, w.get("contacts?page_size=20&page_token="+token), "next_page_token")
	for _, query := range []string{"page_size=21", "page_size=x", "page_token=made-up"} {
		field, _, _ := strings.Cut(query, "=")
		w.call(http.MethodGet, "contacts?"+query, "").fails(http.StatusBadRequest, "INVALID_ARGUMENT", field)
	}
	w.call(http.MethodGet, "conversations?app_id=APP&page_token="+token, "").
		fails(http.StatusBadRequest, "INVALID_ARGUMENT", "page_token: it belongs to another query")
}

func TestAnUpdateOfAContactChangesItsFields(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		query, body string
		change      func(contact map[string]any)
	}{
		"nothing":                    {"", `{}`, func(map[string]any) {}},
		"a field that is there":      {"", `{"display_name": "Bea"}`, func(c map[string]any) { c["display_name"] = "Bea" }},
		"a field that is empty":      {"", `{"email": ""}`, func(c map[string]any) { delete(c, "email") }},
		"a field that is null":       {"", `{"email": null}`, func(map[string]any) {}},
		"a list that is empty":       {"", `{"channel_identities": []}`, func(c map[string]any) { delete(c, "channel_identities") }},
		"an unknown field":           {"", `{"favourite_tea": ["SMS"]}`, func(map[string]any) {}},
		"the channels":               {"", `{"channel_priority": ["SMS"]}`, func(c map[string]any) { c["channel_priority"] = []any{"SMS"} }},
		"an id":                      {"", `{"id": "OTHER"}`, func(map[string]any) {}},
		"an empty mask":              {"?update_mask=", `{"language": "DE"}`, func(c map[string]any) { c["language"] = "DE" }},
		"a field of the mask":        {"?update_mask=language", `{"language": "DE", "email": "x"}`, func(c map[string]any) { c["language"] = "DE" }},
		"a masked field that is not": {"?update_mask=email,metadata", `{"metadata": "new"}`, func(c map[string]any) { delete(c, "email"); c["metadata"] = "new" }},
		"a masked list that is not":  {"?update_mask=channel_identities", `{}`, func(c map[string]any) { delete(c, "channel_identities") }},
		"two masks":                  {"?update_mask=email&update_mask=external_id", `{"external_id": "8"}`, func(c map[string]any) { delete(c, "email"); c["external_id"] = "8" }},
		"an escaped mask":            {"?update_mask=email%2Clanguage", `{"email": "b@example.com"}`, func(c map[string]any) { c["email"] = "b@example.com"; delete(c, "language") }},
		"its own identity": {"", `{"channel_identities": [{"channel": "SMS", "identity": "15551230001"}]}`, func(c map[string]any) {
			c["channel_identities"] = []any{map[string]any{"channel": "SMS", "identity": "15551230001"}}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, conversationtest.Config{})
			path := "contacts/" + w.create("contacts", fullContact)
			want := w.get(path)
			tc.change(want)

			updated := w.patch(path+tc.query, tc.body)

			assert.Equal(t, want, updated)
			assert.Equal(t, want, w.get(path))
		})
	}
}

func TestABadUpdateOfAContactChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	w.contact("15551230009")
	path := "contacts/" + w.create("contacts", fullContact)
	before := w.get(path)
	for _, tc := range []struct{ query, body, mentions string }{
		{"", ``, "the request: "},
		{"", `[]`, "the request: "},
		{"", `{"email": 5}`, "email: "},
		{"", `{"channel_identities": [{"channel": "SMS"}]}`, "channel_identities[0].identity"},
		{"", `{"channel_identities": [{"channel": "SMS", "identity": "15551230009"}]}`, "channel_identities[0]: it belongs"},
		{"?update_mask=email,nickname", `{"email": "x"}`, `update_mask: "nickname"`},
		{"?update_mask=id", `{"id": "X"}`, `update_mask: "id"`},
	} {
		w.call(http.MethodPatch, path+tc.query, tc.body).fails(http.StatusBadRequest, "INVALID_ARGUMENT", tc.mentions)
	}
	w.call(http.MethodPatch, "contacts/NONE", `{}`).fails(http.StatusNotFound, "NOT_FOUND", "NONE")
	assert.Equal(t, before, w.get(path))
}

func TestAnIdentityThatAContactLetGoIsFree(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	first := w.contact("15551230001")
	w.patch("contacts/"+first, `{"channel_identities": [{"channel": "SMS", "identity": "15551230002"}]}`)

	second := w.contact("15551230001")

	assert.Equal(t, second, w.get("messages/" + w.send(w.text("hi", "15551230001")))["contact_id"])
	assert.Equal(t, first, w.get("messages/" + w.send(w.text("hi", "15551230002")))["contact_id"])
}

func TestDeletingAContactDeletesWhatBelongsToIt(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	kept := w.send(w.text("hi", "15551230002"))
	keptContact := w.of("messages/"+kept, "contact_id")
	id := w.send(w.text("hi", "15551230001"))
	contact, conversation := w.of("messages/"+id, "contact_id"), w.of("messages/"+id, "conversation_id")

	assert.Equal(t, http.StatusOK, w.call(http.MethodDelete, "contacts/"+contact, "").status)

	w.gone("contacts/"+contact, "conversations/"+conversation, "messages/"+id)
	w.call(http.MethodDelete, "contacts/"+contact, "").fails(http.StatusNotFound, "NOT_FOUND", contact)
	assert.Equal(t, []string{kept}, w.list(nil).ids())
	assert.Equal(t, []string{keptContact}, w.idsOf("contacts", "contacts"))
	assert.NotEqual(t, contact, w.contact("15551230001"), "the number is free")
}
