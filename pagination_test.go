package conversation_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// book serves pages by token. Each message has its page's token and place for an id.
type book map[string]leaf

type leaf struct {
	items int
	next  string
}

func (b book) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := r.URL.Query().Get("page_token")
	page, ok := b[token]
	if !ok {
		answerWith(400, `{"error":{"code":3,"status":"INVALID_ARGUMENT","message":"no such page"}}`)(w, r)
		return
	}
	list := conversation.MessageList{NextPageToken: page.next}
	for i := range page.items {
		list.Messages = append(list.Messages, conversation.ConversationMessage{ID: fmt.Sprintf("%s%d", token, i)})
	}
	body, _ := json.Marshal(list) //nolint:errchkjson // It has texts alone.
	answerWith(200, string(body))(w, r)
}

// collect gives the ids that All yields, and the error that it ends with.
func collect(t *testing.T, client *conversation.Client, params *conversation.ListMessagesParams) ([]string, error) {
	t.Helper()
	var ids []string
	var failed error
	for message, err := range client.Messages.All(t.Context(), params) {
		require.NoError(t, failed, "nothing comes after an error")
		if err != nil {
			assert.Nil(t, message)
			failed = err
			continue
		}
		ids = append(ids, message.ID)
	}
	return ids, failed
}

// askedTokens gives the page tokens of the requests that a server got.
func askedTokens(t *testing.T, server *wireServer) []string {
	t.Helper()
	var tokens []string
	for _, request := range server.requests() {
		req, err := http.NewRequestWithContext(t.Context(), request.method, request.uri, http.NoBody)
		require.NoError(t, err)
		tokens = append(tokens, req.URL.Query().Get("page_token"))
	}
	return tokens
}

var threePages = book{"": {2, "b"}, "b": {1, "c"}, "c": {2, ""}}

func TestAllYieldsEveryPageInOrder(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, threePages.ServeHTTP)
	ids, err := collect(t, client, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"0", "1", "b0", "c0", "c1"}, ids)
	assert.Equal(t, []string{"", "b", "c"}, askedTokens(t, server))
}

func TestAllStartsAtTheTokenOfTheParams(t *testing.T) {
	t.Parallel()
	client, _ := newTestClient(t, threePages.ServeHTTP)
	ids, err := collect(t, client, &conversation.ListMessagesParams{PageToken: "b"})
	require.NoError(t, err)
	assert.Equal(t, []string{"b0", "c0", "c1"}, ids)
}

func TestAllGoesOnAfterAnEmptyPage(t *testing.T) {
	t.Parallel()
	client, _ := newTestClient(t, book{"": {0, "b"}, "b": {0, "c"}, "c": {1, ""}}.ServeHTTP)
	ids, err := collect(t, client, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"c0"}, ids)
}

func TestAllAsksForNoPageBeforeItIsNeeded(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, threePages.ServeHTTP)
	all := client.Messages.All(t.Context(), nil)
	assert.Empty(t, server.requests(), "nothing is asked before the loop")
	for message, err := range all {
		require.NoError(t, err)
		if message.ID == "1" {
			break
		}
	}
	assert.Len(t, server.requests(), 1, "the last item of a page needs no other page")
	for message, err := range all {
		require.NoError(t, err)
		if message.ID == "b0" {
			break
		}
	}
	assert.Equal(t, []string{"", "", "b"}, askedTokens(t, server), "a second loop starts again")
}

func TestTheCallersParamsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, threePages.ServeHTTP)
	params := &conversation.ListMessagesParams{AppID: "A", Channel: conversation.ChannelSMS, ContactID: "C", ConversationID: "V", PageSize: 2}
	before := *params
	all := client.Messages.All(t.Context(), params)
	page, err := client.Messages.List(t.Context(), params)
	require.NoError(t, err)
	assert.Equal(t, before, *params)

	params.AppID = "another"
	params.PageToken = "c"
	_, err = page.Next(t.Context())
	require.NoError(t, err)
	for _, err := range all {
		require.NoError(t, err)
	}
	const filters = "/v1/projects/PROJECT/messages?app_id=A&channel=SMS&contact_id=C&conversation_id=V&page_size=2"
	var uris []string
	for _, request := range server.requests() {
		uris = append(uris, request.uri)
	}
	assert.Equal(t, []string{
		filters, filters + "&page_token=b",
		filters, filters + "&page_token=b", filters + "&page_token=c",
	}, uris, "every page has the filters that were given, and later changes to them do not count")
}

func TestRequestOptionsHoldForEveryPage(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, threePages.ServeHTTP)
	for _, err := range client.Messages.All(t.Context(), nil, conversation.WithHeader("X-Trace", "1")) {
		require.NoError(t, err)
	}
	for _, request := range server.requests() {
		assert.Equal(t, "1", request.header.Get("X-Trace"))
	}
	assert.Len(t, server.requests(), 3)
}

func TestNextLeadsToTheLastPage(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, threePages.ServeHTTP)
	first, err := client.Messages.List(t.Context(), nil)
	require.NoError(t, err)
	second, err := first.Next(t.Context())
	require.NoError(t, err)
	again, err := first.Next(t.Context())
	require.NoError(t, err, "a page can be asked twice")
	assert.Equal(t, second.Items, again.Items)
	third, err := again.Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "c0", third.Items[0].ID)
	assert.False(t, third.HasNext())
	assert.Empty(t, third.NextPageToken)
	_, err = second.Next(t.Context())
	require.NoError(t, err)

	asked := len(server.requests())
	none, err := third.Next(t.Context())
	assert.Nil(t, none)
	require.ErrorIs(t, err, conversation.ErrNoNextPage)
	assert.Len(t, server.requests(), asked)
}

func TestAPageMadeByHandHasNoNextPage(t *testing.T) {
	t.Parallel()
	for _, page := range []conversation.Page[conversation.Contact]{{}, {NextPageToken: "x"}} {
		_, err := page.Next(t.Context())
		assert.ErrorIs(t, err, conversation.ErrNoNextPage)
	}
}

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

func TestALongListIsNoLoop(t *testing.T) {
	t.Parallel()
	const pages = 3000
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

func TestAnErrorHalfWayCanBeResumedFrom(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	broken.Store(true)
	client, _ := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page_token") == "b" && broken.Load() {
			answerWith(403, `{"error":{"message":"not now"}}`)(w, r)
			return
		}
		threePages.ServeHTTP(w, r)
	})
	var kept []*conversation.ConversationMessage
	var failed *conversation.PageError
	for message, err := range client.Messages.All(t.Context(), nil) {
		if err != nil {
			require.ErrorAs(t, err, &failed)
			break
		}
		kept = append(kept, message)
	}
	require.NotNil(t, failed)
	assert.Equal(t, "b", failed.PageToken)
	require.ErrorIs(t, failed, conversation.ErrForbidden)
	var answer *conversation.Error
	require.ErrorAs(t, failed, &answer)
	assert.Equal(t, "Messages.List", answer.Operation)

	broken.Store(false)
	for message, err := range client.Messages.All(t.Context(), &conversation.ListMessagesParams{PageToken: failed.PageToken}) {
		require.NoError(t, err)
		kept = append(kept, message)
	}
	var ids []string
	for _, message := range kept {
		ids = append(ids, message.ID)
	}
	assert.Equal(t, []string{"0", "1", "b0", "c0", "c1"}, ids, "nothing is lost and nothing comes twice")
}

func TestNextCanBeTriedAgainAfterAnError(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	client, _ := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		if broken.Load() {
			answerWith(500, ``)(w, r)
			return
		}
		threePages.ServeHTTP(w, r)
	})
	page, err := client.Messages.List(t.Context(), nil)
	require.NoError(t, err)
	broken.Store(true)
	next, err := page.Next(t.Context())
	assert.Nil(t, next)
	var failed *conversation.PageError
	require.ErrorAs(t, err, &failed)
	assert.Equal(t, "b", failed.PageToken)
	broken.Store(false)
	next, err = page.Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "b0", next.Items[0].ID)
}

func TestTheFirstPagesErrorNamesTheTokenThatItWasAskedBy(t *testing.T) {
	t.Parallel()
	client, _ := newTestClient(t, book{}.ServeHTTP)
	for _, token := range []string{"", "old"} {
		ids, err := collect(t, client, &conversation.ListMessagesParams{PageToken: token})
		assert.Empty(t, ids)
		var failed *conversation.PageError
		require.ErrorAs(t, err, &failed)
		assert.Equal(t, token, failed.PageToken)
		require.ErrorIs(t, err, conversation.ErrBadRequest)
	}
	_, err := client.Messages.List(t.Context(), nil)
	require.ErrorIs(t, err, conversation.ErrBadRequest)
}
