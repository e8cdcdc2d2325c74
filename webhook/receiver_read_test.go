package webhook_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

// readers are middlewares that read or change the body of a callback.
var readers = map[string]func(w http.ResponseWriter, r *http.Request){
	"reads it":     func(_ http.ResponseWriter, r *http.Request) { _, _ = io.ReadAll(r.Body) },
	"reads a part": func(_ http.ResponseWriter, r *http.Request) { _, _ = io.ReadFull(r.Body, make([]byte, 5)) },
	"reads all but a byte": func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadFull(r.Body, make([]byte, len(body)-1))
	},
	"closes it": func(_ http.ResponseWriter, r *http.Request) { _ = r.Body.Close() },
	"reads and closes it": func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		_ = r.Body.Close()
	},
	"removes it":            func(_ http.ResponseWriter, r *http.Request) { r.Body = nil },
	"replaces it by none":   func(_ http.ResponseWriter, r *http.Request) { r.Body = http.NoBody },
	"forgets its length":    func(_ http.ResponseWriter, r *http.Request) { r.Body, r.ContentLength = http.NoBody, -1 },
	"sets its length too":   func(_ http.ResponseWriter, r *http.Request) { r.Body, r.ContentLength = http.NoBody, 0 },
	"writes it shorter":     replaceBody(body[:len(body)-1]),
	"writes it longer":      replaceBody(append([]byte(" "), body...)),
	"bounds it to a part":   func(_ http.ResponseWriter, r *http.Request) { r.Body = io.NopCloser(io.LimitReader(r.Body, 7)) },
	"parses it as a form":   func(_ http.ResponseWriter, r *http.Request) { _ = r.ParseForm() },
	"copies it to nowhere":  func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) },
	"replaces it by spaces": replaceBody(bytes.Repeat([]byte(" "), len(body)+1)),
}

func replaceBody(with []byte) func(http.ResponseWriter, *http.Request) {
	return func(_ http.ResponseWriter, r *http.Request) { r.Body = io.NopCloser(bytes.NewReader(with)) }
}

// TestABodyThatAMiddlewareReadIsDeliveredAgain runs middlewares in front of a receiver, in a server.
func TestABodyThatAMiddlewareReadIsDeliveredAgain(t *testing.T) {
	t.Parallel()
	for name, middleware := range readers {
		for _, forward := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", forward ", forward), func(t *testing.T) {
				t.Parallel()
				var log bytes.Buffer
				receiver := newReceiver(t, webhook.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
				calls, kept := countCalls(receiver, nil), &keeper{}
				var handler http.Handler = receiver
				if forward {
					handler = receiver.Forward(kept.keep)
				}
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					middleware(w, r)
					handler.ServeHTTP(w, r)
				}))
				assert.Equal(t, 500, post(t, server, body, webhook.Sign(body, secret, nonce, signed)))
				server.Close()
				assert.Contains(t, log.String(), "level=ERROR")
				assert.Regexp(t, "something (read|changed) the body before the receiver, such as a middleware", log.String())
				assert.Zero(t, calls.count())
				assert.Empty(t, kept.bodies)
			})
		}
	}
}

func TestAMiddlewareThatPutsTheBodyBackChangesNothing(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*http.Request, []byte){
		"the same length":   func(r *http.Request, all []byte) { r.Body = io.NopCloser(bytes.NewReader(all)) },
		"an unknown length": func(r *http.Request, all []byte) { r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(all)), -1 },
		"no length":         func(r *http.Request, all []byte) { r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(all)), 0 },
		"a byte at a time":  func(r *http.Request, all []byte) { r.Body = io.NopCloser(&slowly{all}) },
		"bounded": func(r *http.Request, all []byte) {
			r.Body = http.MaxBytesReader(nil, io.NopCloser(bytes.NewReader(all)), 100)
		},
	} {
		req := newCallback(t, body, nonce)
		all, err := io.ReadAll(req.Body)
		require.NoError(t, err)
		change(req, all)
		assert.Equal(t, 200, serve(newReceiver(t), req).Code, name)

		req = newCallback(t, body, nonce)
		req.Header = webhook.Sign(body, "another", nonce, signed)
		change(req, all)
		assert.Equal(t, 401, serve(newReceiver(t), req).Code, "%s, forged", name)
	}
}

// slowly is a body that is read a byte at a time.
type slowly struct{ left []byte }

func (s *slowly) Read(p []byte) (int, error) {
	if len(s.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:1], s.left)
	s.left = s.left[n:]
	return n, nil
}

func TestAnEmptyBodyIsJudgedByItsSignatureHeaders(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		header http.Header
		want   int
	}{
		"unsigned":        {http.Header{}, 401},
		"only a nonce":    {http.Header{prefix + "-Nonce": {"n"}}, 401},
		"a nonce missing": {http.Header{prefix: {"x"}}, 400},
		"signed":          {webhook.Sign(body, secret, nonce, signed), 500},
		"signed as empty": {webhook.Sign(nil, secret, nonce, signed), 500},
		"forged":          {webhook.Sign(nil, "another", nonce, signed), 500},
	} {
		for _, length := range []int64{-1, 0, 10} {
			req := newCallback(t, nil, nonce)
			req.Header, req.ContentLength = tt.header, length
			assert.Equal(t, tt.want, serve(newReceiver(t), req).Code, "%s, announced %d", name, length)
		}
	}
	unverified, err := webhook.NewReceiver(webhook.WithoutVerification(), webhook.WithLogger(slog.New(slog.DiscardHandler)))
	require.NoError(t, err)
	req := newCallback(t, nil, nonce)
	assert.Equal(t, 500, serve(unverified, req).Code, "signed, though nothing is verified")
	req = newCallback(t, nil, nonce)
	req.Header = http.Header{}
	assert.Equal(t, 400, serve(unverified, req).Code, "empty is not JSON")
	req = newCallback(t, body[:9], nonce)
	req.Header, req.ContentLength = http.Header{}, int64(len(body))
	assert.Equal(t, 500, serve(unverified, req).Code, "shorter than announced")
}

// TestAConnectionThatEndsInTheBodyIsNotAMiddleware cuts the connection in the middle of a body.
func TestAConnectionThatEndsInTheBodyIsNotAMiddleware(t *testing.T) {
	t.Parallel()
	for name, framing := range map[string]string{
		"of a known length": "Content-Length: 1000\r\n\r\n{\"app_id\":",
		"in chunks":         "Transfer-Encoding: chunked\r\n\r\na\r\n{\"app_id\":\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			receiver := newReceiver(t, webhook.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
			calls := countCalls(receiver, nil)
			server := httptest.NewServer(receiver)
			conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
			require.NoError(t, err)
			var header bytes.Buffer
			require.NoError(t, webhook.Sign(body, secret, nonce, signed).Write(&header))
			_, err = fmt.Fprintf(conn, "POST /sinch HTTP/1.1\r\nHost: localhost\r\n%s%s", &header, framing)
			require.NoError(t, err)
			half, ok := conn.(*net.TCPConn)
			require.True(t, ok)
			require.NoError(t, half.CloseWrite())
			assert.Equal(t, 503, status(t, conn), "it may have been signed")
			require.NoError(t, conn.Close())
			server.Close()
			assert.Contains(t, log.String(), "the body broke off: unexpected EOF")
			assert.NotContains(t, log.String(), "before the receiver")
			assert.Zero(t, calls.count())
		})
	}
}

func TestTheLogOfABrokenConnectionHasNoAddress(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	receiver := newReceiver(t, webhook.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	req := newCallback(t, body, nonce)
	reset := &net.OpError{Op: "read", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(198, 51, 100, 7), Port: 443}, Err: io.ErrClosedPipe}
	req.Body = io.NopCloser(io.MultiReader(strings.NewReader("{"), errorReader{reset}))
	assert.Equal(t, 503, serve(receiver, req).Code)
	assert.Contains(t, log.String(), "the body broke off: io: read/write on closed pipe")
	assert.NotContains(t, log.String(), "198.51.100.7")
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

func TestTheLogOfASlowBodyNamesTheOption(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		receiver := newReceiver(t, webhook.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		client, ended := drip(t, receiver, "POST", "Content-Length: 1000", "x")
		assert.Equal(t, 503, status(t, client))
		<-ended
		assert.Contains(t, log.String(), "did not arrive within WithReadTimeout")
	})
}

// post sends a callback to a server, and returns the status of the answer.
func post(t *testing.T, server *httptest.Server, body []byte, header http.Header) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, bytes.NewReader(body))
	require.NoError(t, err)
	req.Header = header
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := server.Client().Do(req)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode
}
