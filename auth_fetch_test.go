package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestATokenIsAskedForByClientCredentialsInTheHeader(t *testing.T) {
	t.Parallel()
	var form url.Values
	var id, secret, address string
	p := &platform{token: func(n int, req *http.Request) (int, string) {
		address = req.Method + " " + req.URL.String()
		id, secret, _ = req.BasicAuth()
		body, _ := io.ReadAll(req.Body)
		form, _ = url.ParseQuery(string(body))
		return grant(n, 3600)
	}}
	var sent string
	p.api = func(req *http.Request) int { sent = req.Header.Get("Authorization"); return 200 }
	require.NoError(t, get(t.Context(), p.client(t)))
	assert.Equal(t, "POST https://auth.sinch.com/oauth2/token", address)
	assert.Equal(t, url.Values{"grant_type": {"client_credentials"}}, form)
	assert.Equal(t, []string{"key-id", "key-secret"}, []string{id, secret})
	assert.Equal(t, "Bearer token-1", sent)
}

func TestTheLimitOfTheTokenEndpointIsWaitedOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		p := &platform{token: func(n int, _ *http.Request) (int, string) {
			if time.Since(started) < 20*time.Second {
				return 429, ``
			}
			return grant(n, 3600)
		}}
		client := p.client(t)
		require.NoError(t, get(t.Context(), client))
		assert.Less(t, p.tokens.Load(), int64(60))
	})
}

func TestNoRetryHoldsForTokenCallsToo(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 503} {
		p := &platform{token: func(int, *http.Request) (int, string) { return status, `` }}
		err := get(t.Context(), p.client(t, conversation.WithRetry(conversation.NoRetry)))
		require.Error(t, err)
		assert.EqualValues(t, 1, p.tokens.Load())
	}
}

func TestATokenCallFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	server := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	client, err := conversation.NewClient("project", conversation.WithOAuth2("id", "secret"),
		conversation.WithBaseURL(server.URL), conversation.WithTokenURL(server.URL+"/oauth2/token"))
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	failed, ok := errors.AsType[*conversation.AuthError](get(t.Context(), client))
	require.True(t, ok)
	assert.Equal(t, http.StatusTemporaryRedirect, failed.StatusCode)
	assert.Zero(t, elsewhere.Load())
}

func TestATokenCallIsRetriedAfterTemporaryFailuresOnly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ status, want int }{{500, 3}, {503, 3}, {400, 1}, {401, 1}, {403, 1}, {307, 1}} {
		t.Run(strconv.Itoa(tt.status), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &platform{token: func(int, *http.Request) (int, string) {
					return tt.status, `{"error":"invalid_client","error_description":"key-secret is wrong"}`
				}}
				err := get(t.Context(), p.client(t))
				failed, ok := errors.AsType[*conversation.AuthError](err)
				require.True(t, ok, "%v", err)
				assert.Equal(t, tt.status, failed.StatusCode)
				assert.Equal(t, "Messages.Get", failed.Operation)
				assert.Equal(t, tt.want, failed.Attempts)
				assert.EqualValues(t, tt.want, p.tokens.Load())
				assert.Zero(t, p.calls.Load())
				assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
				assertQuiet(t, err, "key-secret", "is wrong")
			})
		})
	}
}

func TestAMalformedTokenReplyIsAnAuthError(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"HTML": "<html>key-secret</html>", "no token": `{"expires_in":3600}`, "empty": "",
		"a line break in the token": `{"access_token":"a\nb","token_type":"bearer"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &platform{token: func(int, *http.Request) (int, string) { return 200, body }}
				err := get(t.Context(), p.client(t))
				_, ok := errors.AsType[*conversation.AuthError](err)
				require.True(t, ok, "%v", err)
				assertQuiet(t, err, "key-secret")
			})
		})
	}
}

func TestARejectedTokenRequestNamesTheReasonAndTheFix(t *testing.T) {
	t.Parallel()
	const longest = "abcdefghijklmnopqrstuvwxyz_abcdefghijklm"
	for _, tt := range []struct {
		status      int
		given, kept string
		hint        bool
	}{
		{401, "invalid_client", "invalid_client", true},
		{400, "invalid_scope", "invalid_scope", false},
		{400, longest, longest, false},
		{400, longest + "n", "", false},
		{400, "no word", "", false},
		{400, "Key-Secret", "", false},
		{400, "", "", false},
	} {
		t.Run(tt.given, func(t *testing.T) {
			t.Parallel()
			p := &platform{token: func(int, *http.Request) (int, string) {
				return tt.status, fmt.Sprintf(`{"error":%q,"error_description":"key-secret"}`, tt.given)
			}}
			err := get(t.Context(), p.client(t))
			failed, ok := errors.AsType[*conversation.AuthError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, tt.status, failed.StatusCode)
			assert.Equal(t, tt.kept, failed.Code)
			assert.Equal(t, tt.hint, strings.Contains(err.Error(), "check the key id and secret"), "%v", err)
			assertQuiet(t, err, "key-secret")
		})
	}
}

func TestAHungTokenEndpointEndsInAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: hourly, takes: 24 * time.Hour}
		started := time.Now()
		err := get(t.Context(), p.client(t))
		_, ok := errors.AsType[*conversation.AuthError](err)
		require.True(t, ok)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.LessOrEqual(t, time.Since(started), time.Minute)
	})
}

func TestATokenReplyThatStallsIsATimeout(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"access_`)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	defer server.Close()
	client, err := conversation.NewClient("project", conversation.WithOAuth2("id", "secret"),
		conversation.WithBaseURL(server.URL), conversation.WithTokenURL(server.URL+"/oauth2/token"),
		conversation.WithTimeout(20*time.Millisecond), conversation.WithRetry(conversation.NoRetry))
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	err = get(t.Context(), client)
	_, isAuth := errors.AsType[*conversation.AuthError](err)
	require.True(t, isAuth, "%v", err)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
}

type traceKey struct{}

func TestTheCallersContextReachesTheTransportOfTokenCalls(t *testing.T) {
	t.Parallel()
	var seen any
	p := &platform{token: func(n int, req *http.Request) (int, string) {
		seen = req.Context().Value(traceKey{})
		return grant(n, 3600)
	}}
	require.NoError(t, get(context.WithValue(t.Context(), traceKey{}, "span"), p.client(t)))
	assert.Equal(t, "span", seen)
}

func TestATokenReplyThatIsNoTokenIsNotAskedForAgain(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"<html>", `{}`, `{"access_token":"a\nb"}`} {
		synctest.Test(t, func(t *testing.T) {
			p := &platform{token: func(int, *http.Request) (int, string) { return 200, body }}
			require.Error(t, get(t.Context(), p.client(t)))
			assert.EqualValues(t, 1, p.tokens.Load(), body)
		})
	}
}
