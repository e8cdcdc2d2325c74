package conversation_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// messageRecorder is an observer that replaces the metadata of messages, and keeps their ids.
type messageRecorder struct {
	recorder

	metadata string
	got      []string // the metadata before
	accepted []string
}

func (r *messageRecorder) MessageMetadata(ctx context.Context, call conversation.CallInfo, metadata string) string {
	if r.of(ctx).CallInfo != call {
		panic("another context than that of the call")
	}
	r.got = append(r.got, metadata)
	return r.metadata
}

func (r *messageRecorder) MessageAccepted(ctx context.Context, call conversation.CallInfo, messageID string) {
	if r.of(ctx).CallInfo != call {
		panic("another context than that of the call")
	}
	r.accepted = append(r.accepted, messageID)
}

func TestAnObserverOfMessagesChangesTheMetadataThatIsSent(t *testing.T) {
	t.Parallel()
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		first, second := &messageRecorder{metadata: `{"trace":1}`}, &messageRecorder{metadata: `{"trace":2}`}
		client, server := newTestClient(t, answerWith(200, `{"message_id":"M1"}`), conversation.WithDialect(dialect),
			conversation.WithObserver(first), conversation.WithObserver(second))
		request := textMessage()
		request.MessageMetadata = "own"
		_, err := client.Messages.Send(t.Context(), request)
		require.NoError(t, err)
		assert.Contains(t, server.only(t).body, `"message_metadata":"{\"trace\":2}"`)
		assert.Equal(t, "own", request.MessageMetadata)
		assert.Equal(t, []string{"own"}, first.got)
		assert.Equal(t, []string{`{"trace":1}`}, second.got)
		assert.Equal(t, []string{"M1"}, first.accepted)
		assert.Equal(t, []string{"M1"}, second.accepted)
	}
}

func TestMetadataOfAnObserverThatCannotBeSentIsLeftOut(t *testing.T) {
	t.Parallel()
	for _, metadata := range []string{strings.Repeat("é", 1025), "\xff"} {
		client, server := newTestClient(t, answerWith(200, `{"message_id":"M1"}`), conversation.WithObserver(&messageRecorder{metadata: metadata}))
		request := textMessage()
		request.MessageMetadata = "own"
		_, err := client.Messages.Send(t.Context(), request)
		require.NoError(t, err)
		assert.Contains(t, server.only(t).body, `"message_metadata":"own"`)
	}
}

func TestAnObserverOfMessagesSeesThoseOfSendMany(t *testing.T) {
	t.Parallel()
	seen := &messageRecorder{metadata: "{}"}
	client, _ := newTestClient(t, answerWith(200, `{"message_id":"M1"}`), conversation.WithObserver(seen))
	messages := []*conversation.SendMessageRequest{textMessage(), {}, textMessage()}
	_, err := client.Messages.SendMany(t.Context(), slices.Values(messages), conversation.SendManyOptions{Concurrency: 1, PerSecond: 1000})
	require.NoError(t, err)
	assert.Equal(t, []string{"M1", "M1"}, seen.accepted)
	assert.Len(t, seen.got, 2)
}

func TestAnObserverOfMessagesSeesNoOtherCallsAndNoRejectedOnes(t *testing.T) {
	t.Parallel()
	seen := &messageRecorder{}
	client, _ := newTestClient(t, answerWith(400, anyReply), conversation.WithObserver(seen))
	_, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{})
	require.Error(t, err)
	_, err = client.Messages.Send(t.Context(), textMessage())
	require.Error(t, err)
	require.Error(t, client.Do(t.Context(), "POST", "/v1/x", textMessage(), &conversation.SendMessageResponse{}))
	assert.Len(t, seen.got, 1)
	assert.Empty(t, seen.accepted)
}
