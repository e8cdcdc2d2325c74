package browsertest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// fake is a server on loopback, and an app that sends with it.
type fake struct {
	*conversationtest.Server

	t *testing.T
}

// newFake starts a server in conversation mode.
func newFake(t *testing.T) *fake {
	t.Helper()
	server := conversationtest.NewServer(conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	t.Cleanup(server.Close)
	return &fake{Server: server, t: t}
}

// open opens a path of the page in a new tab.
func (f *fake) open(path string) *tab {
	f.t.Helper()
	p := open(f.t, f.UI(), path)
	p.waitFor("Live")
	return p
}

// object is a JSON object.
type object = map[string]any

// send sends a message in the JSON of the API as the app does, and returns its id.
func (f *fake) send(channel conversation.Channel, identity, message string) string {
	f.t.Helper()
	status, answer := f.trySend(channel, identity, message)
	require.Equal(f.t, http.StatusOK, status, "%v", answer)
	id, ok := answer["message_id"].(string)
	require.True(f.t, ok)
	return id
}

// trySend is like send for a message that may be rejected. It returns the status and the answer.
func (f *fake) trySend(channel conversation.Channel, identity, message string) (int, object) {
	f.t.Helper()
	return f.call(http.MethodPost, "messages:send", object{
		"app_id":    f.AppID(),
		"recipient": object{"identified_by": object{"channel_identities": []object{{"channel": channel, "identity": identity}}}},
		"message":   json.RawMessage(message),
	})
}

// call calls the API, and returns the status and the answer.
func (f *fake) call(method, path string, body any) (int, object) {
	f.t.Helper()
	encoded, err := json.Marshal(body)
	require.NoError(f.t, err)
	request, err := http.NewRequestWithContext(f.t.Context(), method,
		f.BaseURL()+"/v1/projects/"+f.ProjectID()+"/"+path, bytes.NewReader(encoded))
	require.NoError(f.t, err)
	request.SetBasicAuth(f.KeyID(), f.KeySecret())
	request.Header.Set("Content-Type", "application/json")
	reply, err := http.DefaultClient.Do(request)
	require.NoError(f.t, err)
	defer func() { _ = reply.Body.Close() }()
	content, err := io.ReadAll(reply.Body)
	require.NoError(f.t, err)
	var answer object
	require.NoError(f.t, json.Unmarshal(content, &answer))
	return reply.StatusCode, answer
}

// text returns a text message.
func text(content string) string {
	return `{"text_message": {"text": ` + quoted(content) + `}}`
}
