package transport_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/internal/transport"
)

// doer is a Doer made of a function.
type doer func(*http.Request) (*http.Response, error)

func (f doer) Do(req *http.Request) (*http.Response, error) { return f(req) }

// exchange makes a POST through the function.
func exchange(ctx context.Context, do doer, change ...func(*transport.Request)) (*transport.Reply, *transport.Failure) {
	req := &transport.Request{
		Method: http.MethodPost, URL: "https://api.example/messages", Header: http.Header{"A": {"b"}},
		Body: []byte("{}"), Timeout: time.Minute, MaxBytes: 10,
	}
	for _, f := range change {
		f(req)
	}
	return transport.Exchange(ctx, do, req)
}

// reply is a response with a body of unknown length, unless the length is 0 or more.
func reply(status int, body string, length int64) *http.Response {
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), ContentLength: length}
}

func TestARequestIsSentAsDescribed(t *testing.T) {
	t.Parallel()
	for _, replayable := range []bool{true, false} {
		got, failure := exchange(t.Context(), func(req *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(req.Body)
			require.NoError(t, err)
			assert.Equal(t, "{}", string(body))
			assert.Equal(t, "POST https://api.example/messages", req.Method+" "+req.URL.String())
			assert.Equal(t, http.Header{"A": {"b"}}, req.Header)
			assert.Equal(t, replayable, req.GetBody != nil)
			return reply(http.StatusOK, "[]", -1), nil
		}, func(req *transport.Request) { req.Replayable = replayable })
		require.Nil(t, failure)
		assert.Equal(t, &transport.Reply{Status: http.StatusOK, Body: []byte("[]")}, got)
		assert.True(t, got.OK())
	}
}

func TestAReplyIsReadUpToItsLimit(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", transport.MaxErrorBytes+10)
	for name, test := range map[string]struct {
		status       int
		body         string
		length       int64
		limit        int64
		want         int
		tooLarge, ok bool
	}{
		"exactly":                       {200, "0123456789", 10, 10, 10, false, true},
		"one byte more":                 {200, "0123456789x", 11, 10, 10, true, true},
		"of unknown length":             {200, "0123456789x", -1, 10, 10, true, true},
		"shorter than announced":        {200, "0123", 8, 10, 4, false, true},
		"longer than announced":         {200, "0123456789", 2, 10, 10, false, true},
		"a large 2xx":                   {299, large, -1, 1 << 30, len(large), false, true},
		"an error beyond its own limit": {300, large, int64(len(large)), 1 << 30, transport.MaxErrorBytes, true, false},
		"an error beyond a lower limit": {500, "0123456789x", -1, 10, 10, true, false},
		"a 1xx, which is not a 2xx":     {199, "", -1, 10, 0, false, false},
		"a false length":                {200, "0", 1 << 50, 1 << 60, 1, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, failure := exchange(t.Context(), func(*http.Request) (*http.Response, error) {
				return reply(test.status, test.body, test.length), nil
			}, func(req *transport.Request) { req.MaxBytes = test.limit })
			require.Nil(t, failure)
			assert.Len(t, got.Body, test.want)
			assert.Equal(t, test.tooLarge, got.Problem != "", got.Problem)
			assert.Equal(t, test.ok, got.OK())
		})
	}
}

func TestARequestIsNotSentUntilAConnectionIsObtained(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		asked   bool
		got     int
		notSent bool
	}{
		"a transport without httptrace": {false, 0, false},
		"no connection":                 {true, 0, true},
		"a connection that broke":       {true, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, failure := exchange(t.Context(), func(req *http.Request) (*http.Response, error) {
				trace := httptrace.ContextClientTrace(req.Context())
				if test.asked {
					trace.GetConn("api.example:443")
				}
				for range test.got {
					trace.GotConn(httptrace.GotConnInfo{})
				}
				return nil, broken
			})
			assert.Equal(t, &transport.Failure{Err: broken, NotSent: test.notSent}, failure)
		})
	}
}

func TestAReplyToARetryOfNetHTTPIsMarked(t *testing.T) {
	t.Parallel()
	for tries, want := range map[int]bool{0: false, 1: false, 2: true} {
		got, failure := exchange(t.Context(), func(req *http.Request) (*http.Response, error) {
			for range tries {
				httptrace.ContextClientTrace(req.Context()).GotConn(httptrace.GotConnInfo{})
			}
			return reply(http.StatusNotFound, "", 0), nil
		})
		require.Nil(t, failure)
		assert.Equal(t, want, got.Replayed, "%d tries", tries)
	}
}

func TestARequestThatAnHTTP2ServerDidNotProcessIsNotSent(t *testing.T) {
	t.Parallel()
	for text, notSent := range map[string]bool{
		"http2: Transport: cannot retry err [stream error: stream ID 1; REFUSED_STREAM; received from peer] after Request.Body was written; define Request.GetBody to avoid this error": true,
		"http2: Transport: cannot retry err [http2: Transport received Server's graceful shutdown GOAWAY] after Request.Body was written; define Request.GetBody to avoid this error":   true,
		"http2: Transport: cannot retry err [stream error: stream ID 1; PROTOCOL_ERROR; received from peer] after Request.Body was written; define Request.GetBody to avoid this error": false,
		"stream error: stream ID 1; REFUSED_STREAM; received from peer": false,
	} {
		_, failure := exchange(t.Context(), func(*http.Request) (*http.Response, error) { return nil, errors.New(text) })
		assert.Equal(t, notSent, failure.NotSent, text)
	}
}

func TestTheBodyOfAnUpgradeIsNotRead(t *testing.T) {
	t.Parallel()
	never, _ := io.Pipe()
	got, failure := exchange(t.Context(), func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusSwitchingProtocols, Body: never, ContentLength: -1}, nil
	})
	require.Nil(t, failure)
	assert.Equal(t, &transport.Reply{Status: http.StatusSwitchingProtocols, Body: []byte{}}, got)
}

func TestAnAttemptEndsWithItsTimeOrItsContext(t *testing.T) {
	t.Parallel()
	hang := func(req *http.Request) (*http.Response, error) {
		<-req.Context().Done()
		return nil, req.Context().Err()
	}
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		_, failure := exchange(t.Context(), hang)
		assert.Equal(t, transport.ErrAttemptTimeout, failure.Err)
		require.ErrorIs(t, failure.Err, context.DeadlineExceeded)
		assert.Equal(t, time.Minute, time.Since(started))

		stop := errors.New("stop")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(stop)
		_, failure = exchange(ctx, hang)
		require.ErrorIs(t, failure.Err, context.Canceled)
		require.ErrorIs(t, failure.Err, stop)
	})
}
