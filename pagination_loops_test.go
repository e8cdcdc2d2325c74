package conversation_test

import (
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestARepeatedTokenEndsTheList(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pages book
		start string
		ids   []string
		token string
	}{
		"a page that leads to itself":        {book{"": {1, "a"}, "a": {1, "a"}}, "", []string{"0", "a0"}, "a"},
		"a first page that leads to itself":  {book{"a": {1, "a"}}, "a", []string{"a0"}, "a"},
		"two pages that lead to each other":  {book{"": {1, "a"}, "a": {1, "b"}, "b": {1, "a"}}, "", []string{"0", "a0", "b0"}, "a"},
		"two pages, entered in the middle":   {book{"a": {1, "b"}, "b": {1, "a"}}, "b", []string{"b0", "a0"}, "b"},
		"two pages without messages":         {book{"": {0, "a"}, "a": {0, "b"}, "b": {0, "a"}}, "", nil, "a"},
		"three pages, the first one outside": {book{"": {1, "a"}, "a": {1, "b"}, "b": {1, "c"}, "c": {1, "b"}}, "", []string{"0", "a0", "b0", "c0"}, "b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := newTestClient(t, atMost(100, tt.pages.ServeHTTP))
			ids, err := collect(t, client, &conversation.ListMessagesParams{PageToken: tt.start})
			var failed *conversation.PageError
			require.ErrorAs(t, err, &failed)
			require.ErrorIs(t, err, conversation.ErrRepeatedPageToken)
			assert.Equal(t, tt.token, failed.PageToken)
			assert.Equal(t, tt.ids, ids, "what was yielded stays, and nothing comes twice")
			assert.Len(t, server.requests(), len(tt.pages), "each page was asked for once")
		})
	}
}

func TestNextEndsARepeatedTokenToo(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, book{"": {1, "a"}, "a": {1, "b"}, "b": {1, "a"}}.ServeHTTP)
	page, err := client.Messages.List(t.Context(), nil)
	require.NoError(t, err)
	for range 2 {
		page, err = page.Next(t.Context())
		require.NoError(t, err)
	}
	_, err = page.Next(t.Context())
	require.ErrorIs(t, err, conversation.ErrRepeatedPageToken)
	assert.Len(t, server.requests(), 3)
}

// atMost answers no more than so many requests, so that a list that never ends fails its test.
func atMost(requests int64, answer http.HandlerFunc) http.HandlerFunc {
	var asked atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) > requests {
			answerWith(500, `{"error":{"message":"asked too often"}}`)(w, r)
			return
		}
		answer(w, r)
	}
}

// loopOfPages leads from page to page: through a tail of pages and then round a loop of them.
func loopOfPages(tail, loop int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		at, _ := strconv.Atoi(r.URL.Query().Get("page_token"))
		next := at + 1
		if next == tail+loop {
			next = tail
		}
		answerWith(200, fmt.Sprintf(`{"messages":[{"id":"m"}],"next_page_token":"%d"}`, next))(w, r)
	}
}

func TestALongLoopOfTokensEnds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ tail, loop int }{{1, 1}, {1, 16}, {1, 17}, {1, 100}, {50, 100}, {3, 255}, {1, 257}} {
		t.Run(fmt.Sprintf("%d pages, then %d for ever", tt.tail, tt.loop), func(t *testing.T) {
			t.Parallel()
			client, _ := newTestClient(t, atMost(int64(4*(tt.tail+tt.loop)+2), loopOfPages(tt.tail, tt.loop)))
			_, err := collect(t, client, nil)
			assert.ErrorIs(t, err, conversation.ErrRepeatedPageToken)
		})
	}
}

func TestALongListIsNotALoop(t *testing.T) {
	t.Parallel()
	pages := atLength(1_000, 3_000)
	client, _ := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		at, _ := strconv.Atoi(r.URL.Query().Get("page_token"))
		next := ""
		if at < pages-1 {
			next = strconv.Itoa(at + 1)
		}
		answerWith(200, fmt.Sprintf(`{"messages":[{"id":"%d"}],"next_page_token":"%s"}`, at, next))(w, r)
	})
	ids, err := collect(t, client, nil)
	require.NoError(t, err)
	require.Len(t, ids, pages)
	for i, id := range ids {
		require.Equal(t, strconv.Itoa(i), id)
	}
}
