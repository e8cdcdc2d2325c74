package conversation_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

var paginationBugs = []bug{
	{"dotnet_1.4.0_list_never_ends_on_an_empty_token", func(t *testing.T) {
		t.Helper()
		for _, last := range []string{`,"next_page_token":""`, `,"next_page_token":null`, ``} {
			client, server := newTestClient(t, atMost(10, answerWith(200, `{"messages":[{"id":"a"},{"id":"b"}]`+last+`}`)))
			ids, err := collect(t, client, nil)
			require.NoError(t, err)
			assert.Equal(t, []string{"a", "b"}, ids)
			assert.Len(t, server.requests(), 1)
		}
	}},
	{"dotnet_1.4.0_list_ends_early_on_an_empty_page", func(t *testing.T) {
		t.Helper()
		client, _ := newTestClient(t, book{"": {1, "b"}, "b": {0, "c"}, "c": {0, "d"}, "d": {2, ""}}.ServeHTTP)
		ids, err := collect(t, client, nil)
		require.NoError(t, err)
		assert.Equal(t, []string{"0", "d0", "d1"}, ids)
	}},
	{"python_2.0.1_page_size_is_none", func(t *testing.T) {
		t.Helper()
		client, server := newTestClient(t, threePages.ServeHTTP)
		_, err := collect(t, client, nil)
		require.NoError(t, err)
		_, err = collect(t, client, &conversation.ListMessagesParams{})
		require.NoError(t, err)
		require.Len(t, server.requests(), 6)
		for _, request := range server.requests() {
			assert.NotContains(t, request.uri, "page_size")
		}
	}},
	{"node_1.2.0_list_without_a_page_size_is_empty", func(t *testing.T) {
		t.Helper()
		// The server takes a page size of 0 literally, as the platform did.
		client, _ := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("page_size") == "0" {
				answerWith(200, `{"messages":[]}`)(w, r)
				return
			}
			answerWith(200, `{"messages":[{"id":"a"}]}`)(w, r)
		})
		page, err := client.Messages.List(t.Context(), &conversation.ListMessagesParams{AppID: "A"})
		require.NoError(t, err)
		assert.Len(t, page.Items, 1)
	}},
	{"node_1.2.0_pages_after_the_first_are_lost", everyPageOfEveryList},
}

// everyPageOfEveryList walks three pages of each list by All and by Next.
func everyPageOfEveryList(t *testing.T) {
	t.Helper()
	client, server := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		token := r.URL.Query().Get("page_token")
		next := map[string]string{"": "2/+=&", "2/+=&": "3 %20", "3 %20": ""}[token]
		item := fmt.Sprintf(`[{"id":"x%s"}]`, token)
		answerWith(200, fmt.Sprintf(`{"messages":%s,"contacts":%[1]s,"conversations":%[1]s,"next_page_token":%q}`, item, next))(w, r)
	})
	want := []string{"x", "x2/+=&", "x3 %20"}
	var messages, contacts, conversations []string
	for message, err := range client.Messages.All(t.Context(), nil) {
		require.NoError(t, err)
		messages = append(messages, message.ID)
	}
	for contact, err := range client.Contacts.All(t.Context(), nil) {
		require.NoError(t, err)
		contacts = append(contacts, contact.ID)
	}
	page, err := client.Conversations.List(t.Context(), nil)
	for ; err == nil; page, err = page.Next(t.Context()) {
		conversations = append(conversations, page.Items[0].ID)
	}
	require.ErrorIs(t, err, conversation.ErrNoNextPage)
	assert.Equal(t, want, messages)
	assert.Equal(t, want, contacts)
	assert.Equal(t, want, conversations)
	assert.Len(t, server.requests(), 9)
}
