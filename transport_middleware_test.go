package conversation_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestMiddlewareSeesEachAttemptTheFirstOneOutermost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var order []string
		named := func(name string) conversation.Middleware {
			return func(next http.RoundTripper) http.RoundTripper {
				return roundTripper(func(req *http.Request) (*http.Response, error) {
					assert.NotEmpty(t, req.Header.Get("Authorization"))
					order = append(order, name+" in")
					resp, err := next.RoundTrip(req)
					order = append(order, name+" out")
					return resp, err
				})
			}
		}
		client, _ := scripted(t, []step{{status: 503}, {status: 200, body: getCall.ok}},
			conversation.WithMiddleware(named("a"), named("b")), conversation.WithMiddleware(named("c")))
		require.NoError(t, getCall.do(t.Context(), client))
		attempt := []string{"a in", "b in", "c in", "c out", "b out", "a out"}
		assert.Equal(t, append(attempt, attempt...), order)
	})
}

func TestMiddlewareSeesNoTokenCalls(t *testing.T) {
	t.Parallel()
	var paths []string
	watch := func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(req *http.Request) (*http.Response, error) {
			paths = append(paths, req.URL.Path)
			return next.RoundTrip(req)
		})
	}
	p := &platform{token: hourly}
	require.NoError(t, get(t.Context(), p.client(t, conversation.WithMiddleware(watch))))
	assert.Equal(t, []string{"/v1/projects/project/messages/m"}, paths)
}

func TestAnErrorOfMiddlewareProvesNothing(t *testing.T) {
	t.Parallel()
	broken := func(http.RoundTripper) http.RoundTripper {
		return roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") })
	}
	client, wire := scripted(t, []step{{status: 200}}, conversation.WithMiddleware(broken))
	require.ErrorIs(t, sendCall.do(t.Context(), client), conversation.ErrMaybeSent)
	assert.Empty(t, wire.requests())
}

func TestTheCallersHTTPClientIsNotChanged(t *testing.T) {
	t.Parallel()
	own := &http.Client{Transport: &script{steps: []step{{status: 200, body: getCall.ok}}}, Timeout: time.Minute}
	before := *own
	client := dialing(t, "https://api.test", conversation.WithHTTPClient(own))
	require.NoError(t, getCall.do(t.Context(), client))
	assert.Equal(t, before.Transport, own.Transport)
	assert.Equal(t, before.Timeout, own.Timeout)
	assert.Nil(t, own.CheckRedirect)
}

func TestTheAnswerToAnotherCallInsideAnErrorIsNotTakenForOurs(t *testing.T) {
	t.Parallel()
	for _, status := range []int{401, 429, 503} {
		var sends atomic.Int64
		loses := func(next http.RoundTripper) http.RoundTripper {
			return roundTripper(func(req *http.Request) (*http.Response, error) {
				resp, err := next.RoundTrip(req)
				if err != nil {
					return nil, err
				}
				sends.Add(1)
				_ = resp.Body.Close()
				return nil, fmt.Errorf("elsewhere: %w", &conversation.Error{StatusCode: status})
			})
		}
		p := &platform{token: hourly}
		warm := p.client(t)
		require.NoError(t, get(t.Context(), warm))
		client := p.client(t, conversation.WithMiddleware(loses))
		_, _ = client.Messages.Get(t.Context(), "m") // has the token before the send begins
		sends.Store(0)
		_, err := client.Messages.Send(t.Context(), textMessage())
		require.ErrorIs(t, err, conversation.ErrMaybeSent)
		assert.EqualValues(t, 1, sends.Load(), "%d", status)
	}
}

func TestMiddlewareThatReturnsNilIsRejected(t *testing.T) {
	t.Parallel()
	_, err := conversation.NewClient("project", workingOptions(
		conversation.WithMiddleware(func(http.RoundTripper) http.RoundTripper { return nil }))...)
	requireRefused(t, err, "NewClient", "WithMiddleware")
}

func TestACredentialThatTheServerEchoesIsHidden(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	client, _ := scriptedWith(t, conversation.WithBasicAuth("key-id", "key-secret"), []step{{
		status: 400, header: map[string]string{"X-Request-Id": "a2V5LWlkOmtleS1zZWNyZXQ="},
		body: `{"error":{"message":"bad Basic a2V5LWlkOmtleS1zZWNyZXQ= from +1 (555) 123-0000","status":"a2V5LWlkOmtleS1zZWNyZXQ="}}`,
	}}, conversation.WithLogger(slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	err := sendCall.do(t.Context(), client)
	slog.New(slog.NewTextHandler(&logged, nil)).Info("failed", "error", err)
	assertQuiet(t, err, "a2V5LWlkOmtleS1zZWNyZXQ", "123-0000")
	assert.NotContains(t, logged.String(), "a2V5LWlkOmtleS1zZWNyZXQ")
	assert.NotContains(t, logged.String(), "123-0000")
}
