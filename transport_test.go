package conversation_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/internal/transport"
)

// dialing makes a client with basic authentication for a server. It shares no connections with clients of other tests.
func dialing(t *testing.T, baseURL string, opts ...conversation.Option) *conversation.Client {
	t.Helper()
	defaults, ok := http.DefaultTransport.(*http.Transport)
	require.True(t, ok)
	client, err := conversation.NewClient("project", append([]conversation.Option{
		conversation.WithBasicAuth("key-id", "key-secret"), conversation.WithBaseURL(baseURL),
		conversation.WithHTTPClient(&http.Client{Transport: transport.New(defaults)}),
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

func TestASendThatWasReadAndThenDroppedIsNotRetried(t *testing.T) {
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

func TestAReadThatWasDroppedIsRetried(t *testing.T) {
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
