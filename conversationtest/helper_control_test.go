package conversationtest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// remote steers a fake over HTTP, as a test in another language does.
type remote struct {
	t   *testing.T
	url string
}

// steered starts a server and serves its control API.
func steered(t *testing.T, cfg conversationtest.Config) (*conversationtest.Server, remote) {
	t.Helper()
	srv := start(t, cfg)
	control := httptest.NewServer(srv.Control())
	t.Cleanup(control.Close)
	return srv, remote{t: t, url: control.URL + "/_fake/"}
}

// jsonObject is a jsonObject JSON object.
type jsonObject = map[string]any

// ask sends a request and returns the status and the answer, which is a JSON object.
func (r remote) ask(method, path, body string) (int, jsonObject) {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, strings.NewReader(body))
	require.NoError(r.t, err)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(request)
	require.NoError(r.t, err)
	defer func() { assert.NoError(r.t, resp.Body.Close()) }()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(r.t, err)
	assert.Equal(r.t, "application/json", resp.Header.Get("Content-Type"))
	var object jsonObject
	require.NoError(r.t, json.Unmarshal(answer, &object), string(answer))
	return resp.StatusCode, object
}

// get returns the answer to a GET that must succeed.
func (r remote) get(path string) jsonObject {
	r.t.Helper()
	status, answer := r.ask(http.MethodGet, path, "")
	require.Equal(r.t, http.StatusOK, status, answer)
	return answer
}

// list returns the items in a field of the answer to a GET.
func (r remote) list(path, field string) []jsonObject {
	r.t.Helper()
	return itemsOf(r.t, r.get(path)[field])
}

// itemsOf returns the items of a decoded list of objects.
func itemsOf(t *testing.T, list any) []jsonObject {
	t.Helper()
	items, ok := list.([]any)
	require.True(t, ok, list)
	var objects []jsonObject
	for _, item := range items {
		object, ok := item.(jsonObject)
		require.True(t, ok)
		objects = append(objects, object)
	}
	return objects
}

// post returns the answer to a POST that must succeed.
func (r remote) post(path, body string) jsonObject {
	r.t.Helper()
	status, answer := r.ask(http.MethodPost, path, body)
	require.Equal(r.t, http.StatusOK, status, answer)
	return answer
}

// fails checks that a request is answered with the status and an error that mentions each of the texts.
func (r remote) fails(status int, method, path, body string, mentions ...string) {
	r.t.Helper()
	got, answer := r.ask(method, path, body)
	assert.Equal(r.t, status, got, "%s %s %s", method, path, body)
	message, _ := answer["error"].(string)
	assert.Len(r.t, answer, 1, "%s %s %s", method, path, body)
	for _, mention := range mentions {
		assert.Contains(r.t, message, mention, "%s %s %s", method, path, body)
	}
}

// inside returns a field of a decoded object.
func inside(t *testing.T, object any, field string) any {
	t.Helper()
	fields, ok := object.(jsonObject)
	require.True(t, ok, "%v has no %s", object, field)
	return fields[field]
}

// routes returns the requests that the control API lists.
func (r remote) routes() []string {
	r.t.Helper()
	var routes []string
	for _, path := range r.list("", "paths") {
		routes = append(routes, fmt.Sprint(path["method"], " ", path["path"]))
	}
	return routes
}

// asJSON returns the JSON of a decoded value.
func asJSON(t *testing.T, value any) string {
	t.Helper()
	encoded, err := json.Marshal(value)
	require.NoError(t, err)
	return string(encoded)
}
