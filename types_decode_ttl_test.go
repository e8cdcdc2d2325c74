package conversation_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestBothFormsOfATTLAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		`600`: 600, `"600s"`: 600, `"600"`: 600, `"600.000s"`: 600, `600.0`: 600, `0`: 0, `"0s"`: 0, `null`: 7, `-1`: -1,
	} {
		read := conversation.SendMessageRequest{TTL: 7}
		require.NoError(t, json.Unmarshal([]byte(`{"ttl":`+text+`,"app_id":"A"}`), &read), text)
		assert.Equal(t, conversation.SendMessageRequest{AppID: "A", TTL: want}, read, text)
	}
	for _, text := range []string{`"soon"`, `""`, `"s"`, `"1.5s"`, `1.5`, `"10m"`, `true`, `{"seconds":600}`, `[]`, `99999999999999999999`} {
		var read conversation.SendMessageRequest
		require.ErrorContains(t, json.Unmarshal([]byte(`{"ttl":`+text+`}`), &read), "ttl is "+text+": write whole seconds")
	}
	read := conversation.SendMessageRequest{TTL: 7}
	require.NoError(t, json.Unmarshal([]byte(`{"app_id":"A"}`), &read))
	assert.Equal(t, 7, read.TTL, "a request without one")
}

func TestARequestThatADialectWroteIsReadAgain(t *testing.T) {
	t.Parallel()
	request := conversation.SendMessageRequest{
		AppID: "A", Recipient: conversation.ToContact("C"), Message: conversation.Text("hi"), TTL: 3600,
		ConversationMetadata: `{"order":9007199254740993}`, MessageMetadata: "m", Queue: conversation.QueueHighPriority,
	}
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		client, server := newTestClient(t, answerWith(200, `{"message_id":"M"}`), conversation.WithDialect(dialect))
		_, err := client.Messages.Send(t.Context(), &request)
		require.NoError(t, err)
		var read conversation.SendMessageRequest
		require.NoError(t, json.Unmarshal([]byte(server.only(t).body), &read))
		assert.Equal(t, request, read, dialect)
	}
}

func TestARequestOfAnotherTypeIsAnError(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`[]`, `{"app_id":5}`, `{"message":"hi"}`} {
		var read conversation.SendMessageRequest
		assert.Error(t, json.Unmarshal([]byte(text), &read), text)
	}
}
