package conversation_test

import (
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

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
