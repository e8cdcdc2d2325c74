package conversation_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestDoSendsTheRequest(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		method, path string
		in           any
		uri, body    string
	}{
		"a path":                      {http.MethodGet, "/v2/things", nil, "/v2/things", ""},
		"the root":                    {http.MethodGet, "/", nil, "/", ""},
		"the project":                 {http.MethodGet, "/v1/projects/{project_id}/things", nil, "/v1/projects/PROJECT/things", ""},
		"a query as it is":            {http.MethodGet, "/v1/x?b=1&a=%20%2F&a=2&flag", nil, "/v1/x?b=1&a=%20%2F&a=2&flag", ""},
		"dots in a query":             {http.MethodGet, "/v1/x?path=/../", nil, "/v1/x?path=/../", ""},
		"escapes in a path":           {http.MethodGet, "/v1/a%2Fb%3Fc%25", nil, "/v1/a%2Fb%3Fc%25", ""},
		"a verb after a colon":        {http.MethodPost, "/v1/x:send", struct{}{}, "/v1/x:send", "{}"},
		"an escaped colon":            {http.MethodGet, "/v1/x%3Astop", nil, "/v1/x%3Astop", ""},
		"put":                         {http.MethodPut, "/x", map[string]int{"n": 1}, "/x", `{"n":1}`},
		"patch":                       {http.MethodPatch, "/x", json.RawMessage(`{ "n" : 1 }`), "/x", `{"n":1}`},
		"delete with a body":          {http.MethodDelete, "/x", []string{"a"}, "/x", `["a"]`},
		"a method of one's own":       {"PURGE", "/x", nil, "/x", ""},
		"text without escapes":        {http.MethodPost, "/x", map[string]string{"t": "<a href='x'>&\u2028ü</a>"}, "/x", `{"t":"<a href='x'>&\u2028ü</a>"}`},
		"a path with three dots":      {http.MethodGet, "/v1/...", nil, "/v1/...", ""},
		"a path that ends in a slash": {http.MethodGet, "/v1/x/", nil, "/v1/x/", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := newTestClient(t, answerWith(200, `{"ok":true}`))
			var out struct{ OK bool }
			require.NoError(t, client.Do(t.Context(), tt.method, tt.path, tt.in, &out))
			assert.True(t, out.OK)
			sent := server.only(t)
			assert.Equal(t, tt.method, sent.method)
			assert.Equal(t, tt.uri, sent.uri)
			assert.Equal(t, tt.body, sent.body)
		})
	}
}

func TestDoRejectsPathsThatLeadElsewhere(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"empty":                        "",
		"relative":                     "v1/x",
		"a whole URL":                  "https://evil.test/x",
		"a host":                       "//evil.test/x",
		"three slashes":                "///evil.test",
		"up":                           "/v1/../admin",
		"up at the end":                "/v1/..",
		"here":                         "/v1/./x",
		"up, escaped":                  "/v1/%2e%2E/admin",
		"up, behind an escaped slash":  "/v1/x%2F..%2F..",
		"here, escaped":                "/v1/%2e",
		"a fragment":                   "/v1/x#part",
		"a broken escape":              "/v1/%zz",
		"a line break":                 "/v1/x\r\nX-Evil: 1",
		"a NUL":                        "/v1/\x00",
		"a space that splits the line": "/v1/x?q=a b",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := newTestClient(t, answerWith(200, anyReply))
			err := client.Do(t.Context(), http.MethodGet, path, nil, nil)
			requireRefused(t, err, "Do", "path")
			assert.Empty(t, server.requests())
		})
	}
}

func TestDoRejectsWhatCannotBeSent(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, anyReply))
	for _, method := range []string{"", "GE T", "GET\r\n", "GÉT", "GET/"} {
		requireRefused(t, client.Do(t.Context(), method, "/x", nil, nil), "Do", "method")
	}
	for name, in := range map[string]any{"a channel": make(chan int), "a function": func() {}, "no number": map[string]any{"n": func() {}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireRefused(t, client.Do(t.Context(), http.MethodPost, "/x", in, nil), "Do", "request")
		})
	}
	assert.Empty(t, server.requests())
}

func TestDoDecodesTheReplyIntoOut(t *testing.T) {
	t.Parallel()
	body := []byte(`{"n": 12345678901234567890, "s": "x"}`)
	client, _ := newTestClient(t, answerWith(200, string(body)))

	require.NoError(t, client.Do(t.Context(), http.MethodGet, "/x", nil, nil), "nobody wants the reply")

	var raw json.RawMessage
	require.NoError(t, client.Do(t.Context(), http.MethodGet, "/x", nil, &raw))
	assert.Equal(t, body, []byte(raw), "the reply as it came")

	var anything any
	require.NoError(t, client.Do(t.Context(), http.MethodGet, "/x", nil, &anything))
	assert.IsType(t, map[string]any{}, anything)
}

func TestDoEscapesTheProjectID(t *testing.T) {
	t.Parallel()
	server := newWireServer(t, answerWith(200, anyReply))
	client, err := conversation.NewClient("my/project:1 ü%2F", conversation.WithBasicAuth("i", "s"), conversation.WithBaseURL(server.URL))
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	require.NoError(t, client.Do(t.Context(), http.MethodGet, "/v1/projects/{project_id}/x", nil, nil))
	_, err = client.Messages.Get(t.Context(), "M")
	require.NoError(t, err)
	const project = "/v1/projects/my%2Fproject%3A1%20%C3%BC%252F"
	sent := server.requests()
	require.Len(t, sent, 2)
	assert.Equal(t, project+"/x", sent[0].uri)
	assert.Equal(t, project+"/messages/M", sent[1].uri)
}

func TestDoRejectsWhatItCouldNotDecodeOrSend(t *testing.T) {
	t.Parallel()
	type thing struct{}
	for name, tt := range map[string]struct {
		in, out any
		field   string
	}{
		"a value to decode into":        {nil, thing{}, "out"},
		"a nil pointer to decode into":  {nil, (*thing)(nil), "out"},
		"a nil pointer to send":         {(*thing)(nil), nil, "request"},
		"a nil map to send":             {map[string]string(nil), nil, "request"},
		"a channel, which JSON has not": {make(chan int), nil, "request"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, wire := scripted(t, []step{{status: 200, body: anyReply}})
			err := client.Do(t.Context(), http.MethodPost, "/v1/x", tt.in, tt.out)
			argument, ok := errors.AsType[*conversation.ArgumentError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, tt.field, argument.Field)
			assert.Empty(t, wire.requests())
		})
	}
}
