package conversation_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestACallAfterWarmWaitsForNeitherTokenNorConnection(t *testing.T) {
	t.Parallel()
	for name, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var tokens, connections atomic.Int64
			endpoint := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, body := grant(int(tokens.Add(1)), 3600)
				_, _ = io.WriteString(w, body)
			}))
			defer endpoint.Close()
			seen := make(chan *http.Request, 3)
			api := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				seen <- r
				_, _ = io.WriteString(w, `{"message_id":"m"}`)
			}))
			api.EnableHTTP2 = http2
			api.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateNew {
					connections.Add(1)
				}
			}
			api.StartTLS()
			defer api.Close()
			client, err := conversation.NewClient("PROJECT", conversation.WithOAuth2("id", "secret"), conversation.WithBaseURL(api.URL),
				conversation.WithTokenURL(endpoint.URL+"/oauth2/token"), conversation.WithHTTPClient(api.Client()))
			require.NoError(t, err)
			defer client.CloseIdleConnections()

			require.NoError(t, client.Warm(t.Context()))
			first := <-seen
			assert.Equal(t, "HEAD /", first.Method+" "+first.URL.String())
			assert.Empty(t, first.Header.Get("Authorization"))
			assert.Contains(t, first.UserAgent(), "sinchgo-conversation/")
			assert.EqualValues(t, 1, tokens.Load())
			assert.EqualValues(t, 1, connections.Load())

			require.NoError(t, sendCall.do(t.Context(), client))
			require.NoError(t, client.Warm(t.Context()), "again")
			assert.EqualValues(t, 1, tokens.Load())
			assert.EqualValues(t, 1, connections.Load())
		})
	}
}

func TestWarmConnectsWhileTheTokenIsFetched(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: hourly, takes: time.Second, apiTakes: time.Second}
		client := p.client(t)
		began := time.Now()
		require.NoError(t, client.Warm(t.Context()))
		assert.Equal(t, time.Second, time.Since(began))
		require.NoError(t, get(t.Context(), client))
		assert.Equal(t, 2*time.Second, time.Since(began))
	})
}

func TestWarmIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: hourly, takes: time.Second}
		client := p.client(t)
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() { assert.NoError(t, client.Warm(t.Context())) })
		}
		all.Wait()
		assert.EqualValues(t, 1, p.tokens.Load())
	})
}

func TestWarmIsSatisfiedWithAnyResponse(t *testing.T) {
	t.Parallel()
	for _, status := range []int{204, 301, 401, 404, 429, 500} {
		p := &platform{token: hourly, api: func(*http.Request) int { return status }}
		require.NoError(t, p.client(t).Warm(t.Context()), status)
		assert.EqualValues(t, 1, p.calls.Load(), "it is not retried")
	}
}

func TestWarmReturnsWhatIsUnavailable(t *testing.T) {
	t.Parallel()
	refused := func(int, *http.Request) (int, string) { return 401, `{"error":"invalid_client"}` }
	for name, test := range map[string]struct {
		token                     func(int, *http.Request) (int, string)
		apiTakes                  time.Duration
		unauthorized, unreachable bool
	}{
		"a token":            {token: refused, unauthorized: true},
		"a connection":       {token: hourly, apiTakes: time.Hour, unreachable: true},
		"neither of the two": {token: refused, apiTakes: time.Hour, unauthorized: true, unreachable: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &platform{token: test.token, apiTakes: test.apiTakes}
				began := time.Now()
				err := p.client(t, conversation.WithTimeout(5*time.Second)).Warm(t.Context())
				assert.Less(t, time.Since(began), 6*time.Second)
				unauthorized, ok := errors.AsType[*conversation.AuthError](err)
				require.Equal(t, test.unauthorized, ok)
				if ok {
					assert.Equal(t, "Warm", unauthorized.Operation)
				}
				unreachable, ok := errors.AsType[*conversation.TransportError](err)
				require.Equal(t, test.unreachable, ok)
				if ok {
					assert.EqualError(t, unreachable, "conversation: Warm: no response: timeout: no reply within the time of one attempt")
				}
				assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
				assert.EqualValues(t, 1, p.calls.Load(), "it is not retried")
				assertQuiet(t, err, "key-secret", "token-1")
			})
		})
	}
}

func TestWarmEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: hourly, apiTakes: time.Minute}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		require.ErrorIs(t, p.client(t).Warm(ctx), context.DeadlineExceeded)
		assert.Equal(t, time.Second, time.Since(began))
	})
	client := (&platform{token: hourly}).client(t)
	requireRefused(t, client.Warm(nil), "Warm", "ctx") //nolint:staticcheck // On purpose.
}

func TestWarmIsNotACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var passed []conversation.CallInfo
		seen := &attemptRecorder{}
		client := (&platform{token: hourly}).client(t, conversation.WithObserver(seen), conversation.WithRateLimit(1),
			conversation.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
				return roundTripper(func(req *http.Request) (*http.Response, error) {
					call, _ := conversation.CallFromContext(req.Context())
					passed = append(passed, call)
					return next.RoundTrip(req)
				})
			}))
		began := time.Now()
		for range 3 {
			require.NoError(t, client.Warm(t.Context()))
		}
		assert.Zero(t, time.Since(began), "the rate limit does not hold for it")
		warm := conversation.CallInfo{Operation: "Warm", Method: "HEAD", Route: "/", Idempotent: true}
		assert.Equal(t, []conversation.CallInfo{warm, warm, warm}, passed)
		calls := seen.all(t)
		require.Len(t, calls, 1)
		assert.Equal(t, "Token", calls[0].Operation)
	})
}

func TestWarmOfAClientWithoutTokensConnectsOnly(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(404, `{}`))
	require.NoError(t, client.Warm(t.Context()))
	assert.Equal(t, "HEAD", server.only(t).method)
}
