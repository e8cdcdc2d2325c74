package conversationtest_test

import (
	"iter"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// inBubbles runs a test in each dialect, against the contract of the dialect, with time that passes at once.
func inBubbles(t *testing.T, test func(t *testing.T, srv *conversationtest.Server, client *conversation.Client)) {
	t.Helper()
	for dialect, contract := range map[conversation.Dialect]conversationtest.Contract{
		conversation.DialectOpenAPI: conversationtest.OpenAPIContract, conversation.DialectPlatform: conversationtest.PlatformContract,
	} {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := inMemory(t, conversationtest.Config{Contract: contract})
				test(t, srv, srv.NewClient(t, conversation.WithDialect(dialect)))
			})
		})
	}
}

// collect reads all pages.
func collect[T, Key any](t *testing.T, all iter.Seq2[*T, error], key func(*T) Key) []Key {
	t.Helper()
	var keys []Key
	for item, err := range all {
		require.NoError(t, err)
		keys = append(keys, key(item))
	}
	return keys
}

func messageID(m *conversation.ConversationMessage) string { return m.ID }

// reach sends a text to somebody on a channel and gives the id of the message.
func reach(t *testing.T, client *conversation.Client, appID string, channel conversation.Channel, identity string) string {
	t.Helper()
	sent, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID: appID, Recipient: conversation.ToChannel(channel, identity), Message: conversation.Text("hi"), MessageMetadata: "note",
	})
	require.NoError(t, err)
	return sent.MessageID
}
