package webhook_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

const byteOrderMark = "\ufeff"

// TestAByteOrderMarkIsNotPartOfTheJSON has bodies that begin with a byte order mark. The signature covers it.
func TestAByteOrderMarkIsNotPartOfTheJSON(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"an inbound message": `{"app_id":"A","message":{"id":"M","conversation_id":"C"}}`,
		"with white space":   " {\"app_id\":\"A\" , \"message\":{\"conversation_id\":\"C\"}}\r\n",
		"of an unknown kind": `{"app_id":"A","new_notification":{"conversation_id":"C"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			marked := []byte(byteOrderMark + text)
			event, err := webhook.Parse(marked)
			require.NoError(t, err)
			plain, err := webhook.Parse([]byte(text))
			require.NoError(t, err)
			assert.Equal(t, plain, event)
			assert.Equal(t, text, string(event.Meta().Raw), "Raw is JSON")
			encoded, err := json.Marshal(event)
			require.NoError(t, err)
			encodedPlain, err := json.Marshal(plain)
			require.NoError(t, err)
			assert.Equal(t, string(encodedPlain), string(encoded))
			assert.Equal(t, "C", string(webhook.PartitionKey(marked)))

			receiver := newReceiver(t)
			calls := countCalls(receiver, nil)
			assert.Equal(t, 200, serve(receiver, newCallback(t, marked, nonce)).Code)
			assert.Equal(t, 1, calls.count())

			cut := newCallback(t, []byte(text), nonce)
			cut.Header = webhook.Sign(marked, secret, nonce, signed)
			assert.Equal(t, 401, serve(receiver, cut).Code, "signed with the mark, received without it")
			added := newCallback(t, marked, nonce)
			added.Header = webhook.Sign([]byte(text), secret, nonce, signed)
			assert.Equal(t, 401, serve(receiver, added).Code, "signed without the mark, received with it")
		})
	}
}

func TestOnlyAByteOrderMarkAtTheBeginningIsLeftOut(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		byteOrderMark, byteOrderMark + byteOrderMark + `{"app_id":"A"}`, `{"app_id":"A"}` + byteOrderMark, "{" + byteOrderMark + `"app_id":"A"}`,
		"\xff\xfe{\x00}\x00", "\xfe\xff\x00{\x00}", "\xef\xbb{}",
	} {
		_, err := webhook.Parse([]byte(text))
		assert.ErrorAs(t, err, new(*webhook.ParseError), "%q", text)
	}
	event, err := webhook.Parse([]byte(`{"app_id":"` + byteOrderMark + `A"}`))
	require.NoError(t, err)
	assert.Equal(t, byteOrderMark+"A", event.Meta().AppID)
}
