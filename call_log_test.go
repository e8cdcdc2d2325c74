package conversation_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestLogsTellOfEachAttemptAndHoldNothingPersonal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var text bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug - 4}))
		client, _ := scripted(t, []step{
			{status: 429, body: `{"error":{"code":429,"message":"slow down, 15551230000","status":"RESOURCE_EXHAUSTED"}}`},
			{status: 200, body: sendCall.ok, header: map[string]string{"X-Request-Id": "req-1"}},
		}, conversation.WithLogger(logger))
		require.NoError(t, sendCall.do(t.Context(), client))

		logged := text.String()
		assert.Equal(t, 2, strings.Count(logged, `msg="conversation: request"`))
		assert.Equal(t, 1, strings.Count(logged, `level=WARN msg="conversation: retrying"`))
		for _, want := range []string{
			"operation=Messages.Send", "method=POST", "route=/v1/projects/{project_id}/messages:send",
			"attempt=1", "attempt=2", "status_code=429", "status_code=200", "request_id=req-1", "RESOURCE_EXHAUSTED",
			`outcome="not sent"`, "outcome=accepted", "duration=0s",
		} {
			assert.Contains(t, logged, want)
		}
		for _, secret := range []string{"key-secret", "a2V5LWlkOmtleS1zZWNyZXQ", "15551230000", "hello"} {
			assert.NotContains(t, logged, secret)
		}
	})
}

func TestLogsOfTokenCallsHoldNoToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var text bytes.Buffer
		p := &platform{token: func(n int, _ *http.Request) (int, string) {
			if n == 1 {
				return 503, `{"error":"temporarily_unavailable","error_description":"key-secret"}`
			}
			return grant(n, 3600)
		}}
		client := p.client(t, conversation.WithLogger(slog.New(slog.NewJSONHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))))
		require.NoError(t, get(t.Context(), client))
		assert.Contains(t, text.String(), "retrying token request")
		assert.Contains(t, text.String(), "access token fetched")
		assert.NotContains(t, text.String(), "token-2")
		assert.NotContains(t, text.String(), "key-secret")
	})
}

func TestNothingIsLoggedBelowTheLoggersLevel(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	client, _ := scripted(t, []step{{status: 200, body: getCall.ok}},
		conversation.WithLogger(slog.New(slog.NewTextHandler(&text, nil))))
	require.NoError(t, getCall.do(t.Context(), client))
	assert.Empty(t, text.String())
}
