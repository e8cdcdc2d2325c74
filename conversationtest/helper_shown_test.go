package conversationtest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// toTwoChannels is a contact that messages reach on WhatsApp, and on SMS after a switch.
const toTwoChannels = `{"identified_by": {"channel_identities": [
	{"channel": "WHATSAPP", "identity": "15551230000"}, {"channel": "SMS", "identity": "15551230000"}]}}`

// sendContent sends a message to the contact with two channels, and returns its id.
func (w wire) sendContent(message string) string {
	w.t.Helper()
	return w.send(`{"app_id": "` + w.srv.AppID() + `", "recipient": ` + toTwoChannels + `, "message": ` + message + `}`)
}

// messageSeen is a message as a page reads it.
type messageSeen struct {
	Channel string          `json:"channel"`
	Status  string          `json:"status"`
	Shown   json.RawMessage `json:"shown"`
}

// see reads a message from the control API.
func see(t *testing.T, srv *conversationtest.Server, id string) messageSeen {
	t.Helper()
	answer := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/_fake/messages?ids="+id, nil)
	srv.Control().ServeHTTP(answer, request)
	var found struct {
		Messages []messageSeen `json:"messages"`
	}
	require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &found))
	require.Len(t, found.Messages, 1, answer.Body)
	return found.Messages[0]
}

// shown returns the JSON of what the channel of a message shows.
func shown(t *testing.T, srv *conversationtest.Server, id string) string {
	t.Helper()
	return string(see(t, srv, id).Shown)
}

// inBothProcessingModes runs a test in each processing mode, with a separate fake.
func inBothProcessingModes(t *testing.T, test func(t *testing.T, w wire)) {
	t.Helper()
	for _, mode := range []conversation.ProcessingMode{conversation.ProcessingModeConversation, conversation.ProcessingModeDispatch} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			test(t, newWire(t, conversationtest.Config{Mode: mode}))
		})
	}
}
