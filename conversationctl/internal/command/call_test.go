package command

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// api is a server that answers each request alike. The requests to it are authorized by a fake.
type api struct {
	mu       sync.Mutex
	requests []apiRequest
}

type apiRequest struct{ line, authorization, body string }

// answering returns the environment to call a server that answers with a status and a body. Status 0 breaks the connection.
func answering(t *testing.T, status int, body string) (*api, ctl) {
	t.Helper()
	got := new(api)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		got.mu.Lock()
		got.requests = append(got.requests, apiRequest{r.Method + " " + r.RequestURI, r.Header.Get("Authorization"), string(sent)})
		got.mu.Unlock()
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("X-Request-Id", "R1")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(srv.Close)
	tokens := conversationtest.NewServer(conversationtest.Config{ProjectID: "PROJECT"})
	t.Cleanup(tokens.Close)
	return got, ctlFor(tokens).with("SINCH_CONVERSATION_BASE_URL=" + srv.URL)
}

func (a *api) only(t *testing.T) apiRequest {
	t.Helper()
	require.Len(t, a.all(), 1)
	return a.all()[0]
}

func (a *api) all() []apiRequest {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.requests
}

func TestCallPrintsTheReplyAsItIs(t *testing.T) {
	t.Parallel()
	_, ctl := answering(t, 200, `{"z":12345678901234567890,"a":[1.10,"<&>"]}`+"\n")
	assert.Equal(t, result{stdout: `{
  "z": 12345678901234567890,
  "a": [
    1.10,
    "<&>"
  ]
}
`}, ctl.run(t, "call", "GET", "/v1/x"))
	assert.Equal(t, result{stdout: `{"z":12345678901234567890,"a":[1.10,"<&>"]}` + "\n"}, ctl.run(t, "call", "GET", "/v1/x", "--json"))
}

func TestCallSendsTheRequest(t *testing.T) {
	t.Parallel()
	const body = `{"z":12345678901234567890,"a":1.10}`
	file := filepath.Join(t.TempDir(), "body.json")
	require.NoError(t, os.WriteFile(file, []byte(body), 0o600))
	for name, tt := range map[string]struct {
		args  []string
		stdin string
		want  apiRequest
	}{
		"without a body": {[]string{"get", "/v1/projects/{project_id}/apps?b=1&a=%20"}, "", apiRequest{line: "GET /v1/projects/PROJECT/apps?b=1&a=%20"}},
		"of a file":      {[]string{"POST", "/v1/x:send", "--data", file}, "", apiRequest{line: "POST /v1/x:send", body: body}},
		"of stdin":       {[]string{"PATCH", "/v1/x", "-d", "-"}, " " + body + "\n", apiRequest{line: "PATCH /v1/x", body: body}},
		"yes to DELETE":  {[]string{"delete", "/v1/x", "--yes"}, "", apiRequest{line: "DELETE /v1/x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, ctl := answering(t, 200, "")
			assert.Equal(t, result{}, ctl.in(tt.stdin).run(t, append([]string{"call"}, tt.args...)...))
			sent := server.only(t)
			assert.Regexp(t, "^Bearer .", sent.authorization)
			sent.authorization = ""
			assert.Equal(t, tt.want, sent)
		})
	}
}

func TestCallRejectsWhatItCannotSend(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args  []string
		stdin string
		want  string
	}{
		"a whole URL":           {[]string{"GET", "https://evil.example/x"}, "", "path "},
		"a parent":              {[]string{"GET", "/v1/../x"}, "", "path "},
		"a method":              {[]string{"GE T", "/v1/x"}, "", "method "},
		"no path":               {[]string{"GET"}, "", "requires METHOD and PATH"},
		"a broken body":         {[]string{"POST", "/v1/x", "-d", "-"}, `{"text": "private words`, "--data: -: byte 23 is not valid JSON"},
		"two values":            {[]string{"POST", "/v1/x", "-d", "-"}, `{} {}`, "--data: -: byte 4 is not valid JSON"},
		"no body":               {[]string{"POST", "/v1/x", "-d", "-"}, "", "--data: - is empty"},
		"no file":               {[]string{"POST", "/v1/x", "-d", "nowhere.json"}, "", "--data: open nowhere.json"},
		"an unconfirmed DELETE": {[]string{"DELETE", "/v1/x"}, "", "Nothing was changed: there is no terminal to ask on, so add --yes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, ctl := answering(t, 200, "{}")
			got := ctl.in(tt.stdin).run(t, append([]string{"call"}, tt.args...)...)
			assert.Equal(t, exitUsage, got.code)
			assert.Contains(t, got.stderr, tt.want)
			assert.NotContains(t, got.stderr, "private")
			assert.Empty(t, got.stdout)
			assert.Empty(t, server.all())
		})
	}
}

func TestCallAsksBeforeADelete(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]struct{ code, requests int }{"n": {exitFailed, 0}, "y": {exitOK, 1}} {
		server, ctl := answering(t, 200, "{}")
		asked := ctl.terminal(t, "call", "DELETE", "/v1/x")
		asked.expect(t, "Continue? [y/N]")
		asked.enter(t, typed)
		_, code := asked.end(t)
		assert.Equal(t, want.code, code, typed)
		assert.Len(t, server.all(), want.requests, typed)
	}
}

func TestAFailureOfCallHasItsBodyOnStdoutOnly(t *testing.T) {
	t.Parallel()
	const body = `{"error":{"code":404,"status":"NOT_FOUND","message":"no contact","details":[{"identity":"+12025550123"}]}}`
	_, ctl := answering(t, 404, body)
	got := ctl.run(t, "call", "GET", "/v1/x", "--json", "--verbose")
	assert.Equal(t, exitFailed, got.code)
	assert.Equal(t, body+"\n", got.stdout) //nolint:testifylint // The bytes count.
	assert.Contains(t, got.stderr, "HTTP 404: NOT_FOUND")
	assert.NotContains(t, got.stderr, "12025550123")
}

func TestCallExitsWith3IfTheOutcomeIsUnknown(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]int{"GET": exitFailed, "HEAD": exitFailed, "POST": exitUnknown, "DELETE": exitUnknown} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			server, ctl := answering(t, 0, "")
			got := ctl.run(t, "call", method, "/v1/x", "--yes")
			assert.Equal(t, want, got.code, got.stderr)
			assert.Empty(t, got.stdout)
			if method == "POST" {
				server.only(t)
			}
		})
	}
}

func TestCallPrintsOnlyJSON(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{200: "conversationctl: the reply is not JSON, so it is not printed\n", 400: "HTTP 400"} {
		_, ctl := answering(t, status, "\x1b[2J text")
		got := ctl.run(t, "call", "GET", "/v1/x")
		assert.Equal(t, exitFailed, got.code)
		assert.Empty(t, got.stdout)
		assert.Contains(t, got.stderr, want)
		assert.NotContains(t, got.stderr, "\x1b")
	}
}

func TestCallPrintsTheHeadOfTheReply(t *testing.T) {
	t.Parallel()
	_, ctl := answering(t, 201, "{}")
	got := ctl.run(t, "call", "POST", "/v1/x", "--include", "--json")
	assert.Equal(t, "{}\n", got.stdout)
	assert.Regexp(t, `^HTTP 201 Created\nContent-Length: 2\n(?s:.*)\nX-Request-Id: R1\n\n$`, got.stderr)
	assert.NotContains(t, got.stderr, "Bearer")
}

func TestCallReachesTheOtherAddressesOfARegion(t *testing.T) {
	t.Parallel()
	sinch := newSinch(t, nil)
	got := sinch.ctl().run(t, "call", "GET", "/v2/projects/{project_id}/templates", "--base-url", "https://eu.template.api.sinch.com")
	assert.Zero(t, got.code, got.stderr)
	assert.Equal(t, []string{"auth.sinch.com", "eu.template.api.sinch.com"}, sinch.hostsAsked())
}
