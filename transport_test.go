package conversation_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// dialing makes a client with basic authentication for a server.
func dialing(t *testing.T, baseURL string, opts ...conversation.Option) *conversation.Client {
	t.Helper()
	client, err := conversation.NewClient("project", append([]conversation.Option{
		conversation.WithBasicAuth("key-id", "key-secret"), conversation.WithBaseURL(baseURL),
		conversation.WithRetry(conversation.RetryPolicy{BaseDelay: time.Nanosecond, MaxDelay: time.Nanosecond}),
	}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// droppingServer reads whole requests and closes the connection without an answer: the ambiguous send.
func droppingServer(t *testing.T, requests *atomic.Int64) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		requests.Add(1)
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestASendThatWasReadAndThenDroppedIsNotRepeated(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	client := dialing(t, droppingServer(t, &requests))
	err := sendCall.do(t.Context(), client)
	failed, ok := errors.AsType[*conversation.TransportError](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "Messages.Send", failed.Operation)
	assert.Equal(t, conversation.OutcomeUnknown, conversation.OutcomeOf(err))
	assert.EqualValues(t, 1, requests.Load())
}

func TestAReadThatWasDroppedIsRepeated(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	client := dialing(t, droppingServer(t, &requests))
	require.Error(t, getCall.do(t.Context(), client))
	assert.EqualValues(t, 3, requests.Load())
}

// TestASendOverAKeptConnectionThatDiesGoesOutOnce covers what net/http repeats by itself when a header says that it may.
func TestASendOverAKeptConnectionThatDiesGoesOutOnce(t *testing.T) {
	t.Parallel()
	var sends atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, `{"id":"m"}`)
			return
		}
		assert.NotContains(t, r.Header, "Idempotency-Key")
		assert.NotContains(t, r.Header, "X-Idempotency-Key")
		sends.Add(1)
		panic(http.ErrAbortHandler)
	}))
	defer server.Close()
	addKeys := func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(req *http.Request) (*http.Response, error) {
			req.Header.Set("Idempotency-Key", "1")
			req.Header.Set("X-Idempotency-Key", "1")
			return next.RoundTrip(req)
		})
	}
	client := dialing(t, server.URL, conversation.WithMiddleware(addKeys))
	require.NoError(t, getCall.do(t.Context(), client), "leaves a kept connection")
	require.ErrorIs(t, sendCall.do(t.Context(), client), conversation.ErrMaybeSent)
	assert.EqualValues(t, 1, sends.Load())
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestADialOrTLSFailureIsNotSentAndRepeated(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	unknownHost := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
	}}}
	for _, tt := range []struct {
		name, address string
		opts          []conversation.Option
	}{
		{"refused", closed.URL, nil},
		{"no TLS there", strings.Replace(plain.URL, "http:", "https:", 1), nil},
		{"untrusted", untrusted.URL, nil},
		{"no such host", "https://nowhere.invalid", []conversation.Option{conversation.WithHTTPClient(unknownHost)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client := dialing(t, tt.address, tt.opts...)
			err := sendCall.do(t.Context(), client)
			failed, ok := errors.AsType[*conversation.TransportError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, 3, failed.Attempts)
			assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
			assert.NotContains(t, err.Error(), "/v1/projects", "no URL in the text")
		})
	}
}

func TestATimeoutWhileDialingIsNotSentAndAfterwardsUnknown(t *testing.T) {
	t.Parallel()
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	defer hanging.Close()
	stuck := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}}
	short := conversation.WithRequestTimeout(20 * time.Millisecond)

	err := sendCall.do(t.Context(), dialing(t, hanging.URL, conversation.WithHTTPClient(stuck)), short)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))

	err = sendCall.do(t.Context(), dialing(t, hanging.URL), short)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, conversation.OutcomeUnknown, conversation.OutcomeOf(err))
}

func TestHTTP2ConnectionsAreSeenToo(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		assert.Equal(t, 2, r.ProtoMajor)
		requests.Add(1)
		panic(http.ErrAbortHandler) // resets the stream
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	client := dialing(t, server.URL, conversation.WithHTTPClient(server.Client()))
	require.ErrorIs(t, sendCall.do(t.Context(), client), conversation.ErrMaybeSent)
	assert.EqualValues(t, 1, requests.Load())
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			var elsewhere atomic.Int64
			other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
			defer other.Close()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", other.URL)
				w.WriteHeader(status)
			}))
			defer server.Close()
			client := dialing(t, server.URL)
			for _, call := range []retriedCall{sendCall, getCall, deleteCall} {
				err := call.do(t.Context(), client)
				answer, ok := errors.AsType[*conversation.Error](err)
				require.True(t, ok, "%v", err)
				assert.Equal(t, status, answer.StatusCode)
				assert.Equal(t, other.URL, answer.Header.Get("Location"))
				assert.Equal(t, conversation.OutcomeRejected, conversation.OutcomeOf(err))
			}
			assert.Zero(t, elsewhere.Load())
		})
	}
}

func TestARedirectToNonsenseIsStillTheAPIsAnswer(t *testing.T) {
	t.Parallel()
	client, _ := scripted(t, []step{{status: 302, header: map[string]string{"Location": "http://[::1"}}})
	answer, ok := errors.AsType[*conversation.Error](sendCall.do(t.Context(), client))
	require.True(t, ok)
	assert.Equal(t, 302, answer.StatusCode)
}

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

func TestConnectionsAreUsedAgainWhateverTheAnswer(t *testing.T) {
	t.Parallel()
	var connections atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodPost:
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, strings.Repeat("x", 100_000))
		case http.MethodDelete:
			_, _ = io.WriteString(w, "{}"+strings.Repeat(" ", 100_000))
		default:
			_, _ = io.WriteString(w, `{"id":"m"}`)
		}
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	client := dialing(t, server.URL)
	for range 20 {
		require.NoError(t, getCall.do(t.Context(), client))
		require.Error(t, sendCall.do(t.Context(), client))
		require.NoError(t, deleteCall.do(t.Context(), client))
	}
	assert.EqualValues(t, 1, connections.Load())
}

func TestAnEndlessReplyIsCutAtTheLimit(t *testing.T) {
	t.Parallel()
	const slack = 16 << 20 // what sockets hold
	for _, tt := range []struct {
		name   string
		status int
		opts   []conversation.Option
		limit  int
	}{
		{"a reply, at the limit chosen", 200, []conversation.Option{conversation.WithMaxResponseBytes(1000)}, 1000},
		{"a reply, at 32 MiB by default", 200, nil, 32 << 20},
		{"an error, at 1 MiB", 500, nil, 1 << 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			written := make(chan int64, 1)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				n, _ := io.Copy(w, endless{})
				written <- n
			}))
			defer server.Close()
			client := dialing(t, server.URL, append(tt.opts, conversation.WithRetry(conversation.NoRetry))...)
			var response conversation.Response
			err := getCall.do(t.Context(), client, conversation.WithResponse(&response))
			answer, ok := errors.AsType[*conversation.Error](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, tt.status, answer.StatusCode)
			assert.Len(t, response.Body, tt.limit)
			assert.Less(t, <-written, int64(tt.limit+slack), "the connection is closed, not drained")
		})
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestAnAnswerWithinTheTimeOfTheCallMayTakeSeveralAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{status: 200, takes: time.Hour}, {status: 200, body: getCall.ok}})
		started := time.Now()
		require.NoError(t, getCall.do(t.Context(), client, conversation.WithRequestTimeout(2*time.Second)))
		assert.GreaterOrEqual(t, time.Since(started), 2*time.Second)
		assert.Less(t, time.Since(started), 3*time.Second)
		assert.Len(t, wire.requests(), 2)
	})
}

func TestCloseIdleConnectionsClosesThem(t *testing.T) {
	t.Parallel()
	var group sync.WaitGroup
	group.Add(1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"id":"m"}`)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			group.Done()
		}
	}
	server.Start()
	defer server.Close()
	client := dialing(t, server.URL, conversation.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(next.RoundTrip)
	}))
	require.NoError(t, getCall.do(t.Context(), client))
	client.CloseIdleConnections()
	group.Wait() // hangs if the connection stays
}

// TestAHalfWrittenReplyBreaksOff answers by hand, since net/http would complete the reply.
func TestAHalfWrittenReplyBreaksOff(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = http.ReadRequest(bufio.NewReader(conn))
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"message_id\":")
			_ = conn.Close()
		}
	}()
	client := dialing(t, "http://"+listener.Addr().String())
	err = sendCall.do(t.Context(), client)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Equal(t, conversation.OutcomeAccepted, conversation.OutcomeOf(err))
	answer, ok := errors.AsType[*conversation.Error](err)
	require.True(t, ok)
	assert.Equal(t, 1, answer.Attempts)
}

func TestAWholeCallOverTLSWorksWithTheCallersRoots(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.GreaterOrEqual(t, r.TLS.Version, uint16(tls.VersionTLS12))
		_, _ = io.WriteString(w, `{"message_id":"m"}`)
	}))
	defer server.Close()
	require.NoError(t, sendCall.do(t.Context(), dialing(t, server.URL, conversation.WithHTTPClient(server.Client()))))
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

func TestMiddlewareThatGivesNoTransportIsRefused(t *testing.T) {
	t.Parallel()
	_, err := conversation.NewClient("project", workingOptions(
		conversation.WithMiddleware(func(http.RoundTripper) http.RoundTripper { return nil }))...)
	requireRefused(t, err, "NewClient", "WithMiddleware")
}

func TestACredentialThatTheServerRepeatsIsHidden(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	client, _ := scripted(t, []step{{
		status: 400, header: map[string]string{"X-Request-Id": "a2V5LWlkOmtleS1zZWNyZXQ="},
		body: `{"error":{"message":"bad Basic a2V5LWlkOmtleS1zZWNyZXQ= from +1 (555) 123-0000","status":"a2V5LWlkOmtleS1zZWNyZXQ="}}`,
	}}, conversation.WithLogger(slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	err := sendCall.do(t.Context(), client)
	slog.New(slog.NewTextHandler(&logged, nil)).Info("failed", "error", err)
	assertQuiet(t, err, "a2V5LWlkOmtleS1zZWNyZXQ", "123-0000")
	assert.NotContains(t, logged.String(), "a2V5LWlkOmtleS1zZWNyZXQ")
	assert.NotContains(t, logged.String(), "123-0000")
}
