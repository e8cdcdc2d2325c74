package conversation_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// upgrade answers with status 101, as to a request for another protocol, and keeps the connection open until the test ends.
func upgrade(t *testing.T) http.HandlerFunc {
	t.Helper()
	done := make(chan struct{})
	t.Cleanup(func() { close(done) })
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if !assert.NoError(t, err) {
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\nmore")
		<-done
	}
}

// TestAnUpgradeThatNobodyAskedForEndsTheCall hangs if its body is read.
func TestAnUpgradeThatNobodyAskedForEndsTheCall(t *testing.T) {
	t.Parallel()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	for name, opts := range map[string][]conversation.Option{
		"with the shared transport": nil,
		"with the caller's client":  {conversation.WithHTTPClient(&http.Client{Timeout: time.Minute, Jar: jar})},
		"with middleware that reads replies": {conversation.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return roundTripper(func(req *http.Request) (*http.Response, error) {
				resp, err := next.RoundTrip(req)
				if err == nil {
					_, err = httputil.DumpResponse(resp, true)
				}
				return resp, err
			})
		})},
		"of middleware": {conversation.WithMiddleware(func(http.RoundTripper) http.RoundTripper {
			return roundTripper(func(req *http.Request) (*http.Response, error) {
				never, _ := io.Pipe()
				return &http.Response{StatusCode: http.StatusSwitchingProtocols, Body: never, Request: req}, nil
			})
		})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(upgrade(t))
			t.Cleanup(server.CloseClientConnections)
			client, err := conversation.NewClient("project", append([]conversation.Option{
				conversation.WithBasicAuth("key-id", "key-secret"), conversation.WithBaseURL(server.URL),
			}, opts...)...)
			require.NoError(t, err)
			for _, call := range []retriedCall{sendCall, getCall, deleteCall} {
				answer, ok := errors.AsType[*conversation.Error](call.do(t.Context(), client))
				require.True(t, ok, "%s", call.name)
				assert.Equal(t, 101, answer.StatusCode)
				assert.Empty(t, answer.Body)
				assert.Equal(t, conversation.OutcomeUnknown, conversation.OutcomeOf(answer))
			}
		})
	}
}

func TestAnUpgradeOfTheTokenEndpointEndsTheCallAndTheNextOneWorks(t *testing.T) {
	t.Parallel()
	var tokens atomic.Int64
	first := upgrade(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != "/oauth2/token":
			_, _ = io.WriteString(w, `{"id":"m"}`)
		case tokens.Add(1) == 1:
			first(w, r)
		default:
			_, body := grant(1, 3600)
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, body)
		}
	}))
	t.Cleanup(server.CloseClientConnections)
	client, err := conversation.NewClient("project", conversation.WithOAuth2("key-id", "key-secret"),
		conversation.WithBaseURL(server.URL), conversation.WithTokenURL(server.URL+"/oauth2/token"))
	require.NoError(t, err)
	failed, ok := errors.AsType[*conversation.AuthError](get(t.Context(), client))
	require.True(t, ok)
	assert.Equal(t, 101, failed.StatusCode)
	require.NoError(t, get(t.Context(), client))
}
