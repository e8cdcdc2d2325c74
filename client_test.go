package conversation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/sinchgo/conversation"
)

// unasked is a token source that fails the test when it is asked.
type unasked struct{ t *testing.T }

func (u unasked) Token() (*oauth2.Token, error) {
	u.t.Error("the token source was asked")
	return nil, http.ErrAbortHandler
}

func TestMakingAClientSendsNothing(t *testing.T) {
	t.Parallel()
	for name, credential := range map[string]conversation.Option{
		"OAuth2":       conversation.WithOAuth2("i", "s"),
		"basic":        conversation.WithBasicAuth("i", "s"),
		"token source": conversation.WithTokenSource(unasked{t}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := conversation.NewClient("PROJECT", credential,
				conversation.WithRegion(conversation.RegionEU), conversation.WithHTTPClient(refuseRequests(t)))
			assert.NoError(t, err)
		})
	}
}

func TestTheCallersHTTPClientIsCopied(t *testing.T) {
	t.Parallel()
	server := newWireServer(t, answerWith(200, `{}`))
	follow := func(*http.Request, []*http.Request) error { return nil }
	transport := server.Client().Transport
	own := &http.Client{Transport: transport, CheckRedirect: follow, Timeout: time.Minute}
	client, err := conversation.NewClient("PROJECT", conversation.WithBasicAuth("i", "s"), conversation.WithBaseURL(server.URL),
		conversation.WithHTTPClient(own), conversation.WithMiddleware(sameTransport), conversation.WithTimeout(time.Second))
	require.NoError(t, err)
	_, err = client.Messages.Get(t.Context(), "M")
	require.NoError(t, err)
	assert.Same(t, transport, own.Transport)
	assert.Equal(t, time.Minute, own.Timeout)
	assert.NoError(t, own.CheckRedirect(nil, nil))

	own.Transport = refuseRequests(t).Transport // too late to matter
	_, err = client.Messages.Get(t.Context(), "M")
	assert.NoError(t, err)
}

func TestEveryRequestSaysWhoSendsItAndWhatItTakes(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, `{"message_id":"M"}`), conversation.WithUserAgent("shop/1.4 (test)"))
	_, err := client.Messages.Send(t.Context(), textMessage())
	require.NoError(t, err)
	_, err = client.Messages.Get(t.Context(), "M")
	require.NoError(t, err)
	require.NoError(t, client.Messages.Delete(t.Context(), "M"))
	require.NoError(t, client.Do(t.Context(), http.MethodPost, "/v1/nothing", nil, nil))

	sent := server.requests()
	require.Len(t, sent, 4)
	agent := fmt.Sprintf("sinchgo-conversation/%s (%s; %s/%s) shop/1.4 (test)", conversation.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, request := range sent {
		assert.Equal(t, []string{agent}, request.header["User-Agent"])
		assert.Equal(t, []string{"application/json"}, request.header["Accept"])
		assert.Equal(t, []string{"Basic a2V5LWlkOmtleS1zZWNyZXQ="}, request.header["Authorization"])
		if request.body == "" {
			assert.NotContains(t, request.header, "Content-Type", "%s has no body", request.method)
		}
	}
	assert.Equal(t, []string{"application/json"}, sent[0].header["Content-Type"])
	assert.Regexp(t, `^sinchgo-conversation/\d+\.\d+\.\d+\S* \(go1\.\S+; \w+/\w+\) shop`, agent)
}

func TestTheUserAgentEndsWithThePlatformWithoutAProduct(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, `{}`))
	_, err := client.Messages.Get(t.Context(), "M")
	require.NoError(t, err)
	assert.True(t, strings.HasSuffix(server.only(t).header.Get("User-Agent"), runtime.GOARCH+")"))
}

func TestANilContextIsRefused(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, `{}`))
	var none context.Context
	_, err := client.Messages.Get(none, "M")
	requireRefused(t, err, "Messages.Get", "ctx")
	assert.Empty(t, server.requests())
}

// idleCounter is a transport that counts how often its idle connections are closed.
type idleCounter struct {
	http.RoundTripper

	closed int
}

func (c *idleCounter) CloseIdleConnections() { c.closed++ }

func TestCloseIdleConnectionsReachesTheCallersTransport(t *testing.T) {
	t.Parallel()
	transport := &idleCounter{}
	hide := func(next http.RoundTripper) http.RoundTripper { return roundTrip(next.RoundTrip) }
	client, err := conversation.NewClient("PROJECT", workingOptions(
		conversation.WithHTTPClient(&http.Client{Transport: transport}), conversation.WithMiddleware(hide))...)
	require.NoError(t, err)
	client.CloseIdleConnections()
	assert.Equal(t, 1, transport.closed)

	client, err = conversation.NewClient("PROJECT", workingOptions(conversation.WithHTTPClient(refuseRequests(t)))...)
	require.NoError(t, err)
	assert.NotPanics(t, client.CloseIdleConnections)
}

func TestAPrintedClientShowsNoSecret(t *testing.T) {
	t.Parallel()
	server := newWireServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			answerWith(200, `{"access_token":"hush-token","expires_in":3600}`)(w, r)
			return
		}
		answerWith(200, `{}`)(w, r)
	})
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "hush-token"})
	for name, opts := range map[string][]conversation.Option{
		"OAuth2": {conversation.WithOAuth2("hush-id", "hush-secret"), conversation.WithTokenURL(server.URL + "/token")},
		"basic":  {conversation.WithBasicAuth("hush-id", "hush-secret")},
		"source": {conversation.WithTokenSource(source)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := conversation.NewClient("PROJECT-15551234567", append(opts, conversation.WithBaseURL(server.URL), conversation.WithUserAgent("shop/1"))...)
			require.NoError(t, err)
			t.Cleanup(client.CloseIdleConnections)
			_, err = client.Messages.Get(t.Context(), "M") // so that a token is kept
			require.NoError(t, err)

			type holder struct{ client *conversation.Client }
			encoded, err := json.Marshal(map[string]any{"client": client, "messages": client.Messages})
			require.NoError(t, err)
			var printed strings.Builder
			printed.Write(encoded)
			for _, value := range []any{
				client, &client,
				holder{client},
				&holder{client}, client.Messages, *client.Messages,
				[]any{client},
				map[string]any{"c": client},
			} {
				printed.WriteString(everyPrint(t, value))
				for _, format := range []string{"%w", "%t", "%08.3f", "%+q", "%# x"} {
					fmt.Fprintf(&printed, format, value)
				}
			}
			hides(t, printed.String(), "hush", "aHVzaC1pZDpodXNoLXNlY3JldA==",
				fmt.Sprintf("%x", "hush-id"), fmt.Sprintf("%x", "hush-secret"), fmt.Sprintf("%x", "hush-token"),
				fmt.Sprintf("%X", "hush-id"), fmt.Sprintf("%X", "hush-secret"), fmt.Sprintf("%X", "hush-token"))
			host := strings.TrimPrefix(server.URL, "http://")
			assert.Equal(t, "conversation.Client{project: PROJECT-*******, host: "+host+", dialect: openapi}", client.String())
			hides(t, everyPrint(t, client), "15551234567")
		})
	}
}

func TestDoSendsWhatItIsTold(t *testing.T) {
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

func TestDoRefusesPathsThatLeadElsewhere(t *testing.T) {
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
			client, server := newTestClient(t, answerWith(200, `{}`))
			err := client.Do(t.Context(), http.MethodGet, path, nil, nil)
			requireRefused(t, err, "Do", "path")
			assert.Empty(t, server.requests())
		})
	}
}

func TestDoRefusesWhatCannotBeSent(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, `{}`))
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

func TestDoPutsTheReplyWhereItIsTold(t *testing.T) {
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
	server := newWireServer(t, answerWith(200, `{}`))
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

func TestOneClientServesManyGoroutines(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"id":"`+r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]+`"}`)
	})
	var group sync.WaitGroup
	for i := range 50 {
		group.Go(func() {
			id := fmt.Sprint("m", i)
			message, err := client.Messages.Get(t.Context(), id)
			if assert.NoError(t, err) {
				assert.Equal(t, id, message.ID)
			}
			_ = fmt.Sprintf("%+v", client)
		})
	}
	group.Wait()
	assert.Len(t, server.requests(), 50)
}

func TestDoRefusesWhatItCouldNotFillOrSend(t *testing.T) {
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
			client, wire := scripted(t, []step{{status: 200, body: "{}"}})
			err := client.Do(t.Context(), http.MethodPost, "/v1/x", tt.in, tt.out)
			argument, ok := errors.AsType[*conversation.ArgumentError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, tt.field, argument.Field)
			assert.Empty(t, wire.requests())
		})
	}
}
