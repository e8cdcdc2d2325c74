package conversation_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// wireServer is a server on loopback that keeps what came over the wire.
type wireServer struct {
	*httptest.Server

	mu   sync.Mutex
	seen []wireRequest
}

// wireRequest is a request as the server got it.
type wireRequest struct {
	method string
	uri    string // the request target, not decoded
	header http.Header
	body   string
}

// newWireServer starts a server that keeps each request and then lets answer reply.
func newWireServer(t *testing.T, answer http.HandlerFunc) *wireServer {
	t.Helper()
	server := &wireServer{}
	server.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		server.mu.Lock()
		server.seen = append(server.seen, wireRequest{r.Method, r.RequestURI, r.Header.Clone(), string(body)})
		server.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return server
}

// requests returns what came so far.
func (s *wireServer) requests() []wireRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]wireRequest(nil), s.seen...)
}

// only returns the one request that came.
func (s *wireServer) only(t *testing.T) wireRequest {
	t.Helper()
	seen := s.requests()
	require.Len(t, seen, 1)
	return seen[0]
}

// newTestClient returns a client for the project "PROJECT" that talks to a new server, with an access token and no retries.
func newTestClient(t *testing.T, answer http.HandlerFunc, opts ...conversation.Option) (*conversation.Client, *wireServer) {
	t.Helper()
	server := newWireServer(t, answer)
	client, err := conversation.NewClient("PROJECT", append([]conversation.Option{
		staticToken(),
		conversation.WithBaseURL(server.URL), conversation.WithBatchBaseURL(server.URL),
		conversation.WithRetry(conversation.NoRetry),
	}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	return client, server
}

// anyReply is a reply that has what every operation returns: its id.
const anyReply = `{"id":"ID","message_id":"ID","event_id":"ID","batch_id":"ID"}`

// answerWith answers every request with the same status and JSON.
func answerWith(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// roundTrip is a function as a transport.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// refuseRequests is an HTTP client that fails the test when it is used.
func refuseRequests(t *testing.T) *http.Client {
	t.Helper()
	return &http.Client{Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
		t.Errorf("a request was made: %s %s", req.Method, req.URL)
		return nil, http.ErrAbortHandler
	})}
}

// argumentErrors returns every *ArgumentError in a tree of errors.
func argumentErrors(err error) []*conversation.ArgumentError {
	if argument, ok := err.(*conversation.ArgumentError); ok { //nolint:errorlint // The tree is walked by hand.
		return []*conversation.ArgumentError{argument}
	}
	var found []*conversation.ArgumentError
	switch wrapping := err.(type) { //nolint:errorlint // The tree is walked by hand.
	case interface{ Unwrap() []error }:
		for _, part := range wrapping.Unwrap() {
			found = append(found, argumentErrors(part)...)
		}
	case interface{ Unwrap() error }:
		found = argumentErrors(wrapping.Unwrap())
	}
	return found
}

// faultyFields returns the field of every *ArgumentError in a tree of errors, in order.
func faultyFields(err error) []string {
	var fields []string
	for _, argument := range argumentErrors(err) {
		fields = append(fields, argument.Field)
	}
	return fields
}

// requireRefused requires exactly one *ArgumentError, of the operation and field, with a reason.
func requireRefused(t *testing.T, err error, operation, field string) {
	t.Helper()
	found := argumentErrors(err)
	require.Len(t, found, 1, "%v", err)
	assert.Equal(t, operation, found[0].Operation)
	assert.Equal(t, field, found[0].Field)
	assert.NotEmpty(t, found[0].Reason)
}

// prints returns a value as each way of printing does: the verbs, Println, JSON, and both handlers of slog.
func prints(value any) []string {
	var texts []string
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X"} {
		texts = append(texts, fmt.Sprintf(format, value))
	}
	texts = append(texts, fmt.Sprintln(value))
	if encoded, err := json.Marshal(value); err == nil {
		texts = append(texts, string(encoded))
	}
	var text, structured bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("printed", "value", value)
	slog.New(slog.NewJSONHandler(&structured, nil)).Info("printed", "value", value)
	return append(texts, text.String(), structured.String())
}

// everyPrint is a value printed in every way that programs print values.
func everyPrint(t *testing.T, value any) string {
	t.Helper()
	return strings.Join(prints(value), "\n")
}

// hides fails if a string contains one of the others. It shows no more of it than the place.
func hides(t *testing.T, text string, hidden ...string) {
	t.Helper()
	for _, part := range hidden {
		if at := strings.Index(text, part); at >= 0 {
			t.Errorf("%q is shown: ...%s...", part, text[max(0, at-100):min(len(text), at+100)])
		}
	}
}

// workingBasic are the options of a client with basic authentication, a region, DialectOpenAPI and no retries.
func workingBasic(more ...conversation.Option) []conversation.Option {
	return append([]conversation.Option{
		conversation.WithBasicAuth("key-id", "key-secret"), conversation.WithRegion(conversation.RegionEU),
		conversation.WithDialect(conversation.DialectOpenAPI), conversation.WithRetry(conversation.NoRetry),
	}, more...)
}
