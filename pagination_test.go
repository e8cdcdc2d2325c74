package conversation_test

import (
	"encoding/json"
	"fmt"
	"net/http"
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
	body, _ := json.Marshal(list) //nolint:errchkjson // It has only strings.
	answerWith(200, string(body))(w, r)
}

// collect returns the ids that All yields, and the error that it ends with.
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

// askedTokens returns the page tokens of the requests to a server.
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
