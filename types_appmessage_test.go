package conversation_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// everyMessage reads messages of every kind, which together have every field that the platform knows. That they do is
// checked by the contract tests of conversationtest.
func everyMessage(t *testing.T) []json.RawMessage {
	t.Helper()
	data, err := os.ReadFile("testdata/appmessages.json")
	require.NoError(t, err)
	var messages []json.RawMessage
	require.NoError(t, json.Unmarshal(data, &messages))
	require.GreaterOrEqual(t, len(messages), 20)
	return messages
}

func TestNoFieldOfAMessageIsLost(t *testing.T) {
	t.Parallel()
	for i, text := range everyMessage(t) {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			var message conversation.AppMessage
			require.NoError(t, json.Unmarshal(text, &message))
			written, err := json.Marshal(message)
			require.NoError(t, err)
			assert.JSONEq(t, string(text), string(written))
		})
	}
}

// TestEveryMessageIsSentAsItIs sends what the platform has beyond openapi.yaml. The samples have the platform's menu
// items, which both dialects send as they are.
func TestEveryMessageIsSentAsItIs(t *testing.T) {
	t.Parallel()
	for i, text := range everyMessage(t) {
		for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
			t.Run(fmt.Sprintf("%d, %s", i, dialect), func(t *testing.T) {
				t.Parallel()
				var message conversation.AppMessage
				require.NoError(t, json.Unmarshal(text, &message))
				client, server := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(dialect))
				_, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
					AppID: "A", Recipient: conversation.ToContact("C"), Message: message,
				})
				require.NoError(t, err)
				body := server.only(t).body
				assert.JSONEq(t, `{"app_id":"A","recipient":{"contact_id":"C"},"message":`+string(text)+`}`, body)
				assert.NotContains(t, body, `\u00`, "an escape that only HTML needs")
			})
		}
	}
}

func TestEveryMessageIsTranscodedAsItIs(t *testing.T) {
	t.Parallel()
	for i, text := range everyMessage(t) {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			var message conversation.AppMessage
			require.NoError(t, json.Unmarshal(text, &message))
			client, server := newTestClient(t, answerWith(200, anyReply), conversation.WithDialect(conversation.DialectPlatform))
			_, err := client.Transcoding.Transcode(t.Context(), &conversation.TranscodeRequest{
				AppID: "A", AppMessage: message, Channels: []conversation.Channel{conversation.ChannelSMS},
			})
			require.NoError(t, err)
			assert.JSONEq(t, `{"app_id":"A","channels":["SMS"],"app_message":`+string(text)+`}`, server.only(t).body)
		})
	}
}
