package webhook_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

func TestABodyThatArrivesTooSlowlyIsAnsweredWith503(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ header, piece string }{
		"of a known length": {"Content-Length: 1000", "x"},
		"in chunks":         {"Transfer-Encoding: chunked", "1\r\nx\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				client, ended := drip(t, newReceiver(t), "POST", tt.header, tt.piece)
				assert.Equal(t, 503, status(t, client))
				assert.Equal(t, 30*time.Second, time.Since(start))
				<-ended
				assert.Less(t, time.Since(start), 32*time.Second, "the connection ends with the answer")
			})
		})
	}
}

func TestABodyThatIsNotReadHoldsItsConnectionForABoundedTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		client, ended := drip(t, newReceiver(t, webhook.WithReadTimeout(time.Minute)), "PUT", "Content-Length: 1000", "x")
		assert.Equal(t, 405, status(t, client))
		<-ended
		assert.Less(t, time.Since(start), 62*time.Second)
	})
}

func TestAHandlerMayRunLongerThanTheReadTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		receiver := newReceiver(t)
		webhook.OnAny(receiver, func(ctx context.Context, _ webhook.Event) error {
			select {
			case <-time.After(time.Hour):
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
		client := connect(t, receiver)
		req := newCallback(t, body, nonce)
		go func() { _ = req.Write(client) }()
		assert.Equal(t, 200, status(t, client))
	})
}

func TestTheReadDeadlineIsClearedAfterTheBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		receiver := newReceiver(t, webhook.WithReadTimeout(time.Minute))
		answer := &deadlineWriter{ResponseRecorder: httptest.NewRecorder()}
		webhook.OnAny(receiver, func(context.Context, webhook.Event) error {
			assert.Equal(t, []time.Time{time.Now().Add(time.Minute), {}}, answer.deadlines)
			return nil
		})
		receiver.ServeHTTP(answer, newCallback(t, body, nonce))
		assert.Equal(t, 200, answer.Code)
	})
}

// deadlineWriter notes the deadlines that are set.
type deadlineWriter struct {
	*httptest.ResponseRecorder
	deadlines []time.Time
}

func (w *deadlineWriter) SetReadDeadline(deadline time.Time) error {
	w.deadlines = append(w.deadlines, deadline)
	return nil
}

func TestABodyThatEndsTooEarlyIsDeliveredAgain(t *testing.T) {
	t.Parallel()
	req := newCallback(t, body, nonce)
	req.Body = io.NopCloser(io.MultiReader(req.Body, broken{}))
	assert.Equal(t, 503, serve(newReceiver(t), req).Code)
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// drip sends a request whose body comes a piece a second, for as long as it is read.
func drip(t *testing.T, handler http.Handler, method, header, piece string) (net.Conn, <-chan struct{}) {
	t.Helper()
	client, ended := connect(t, handler), make(chan struct{})
	go func() {
		defer close(ended)
		_, err := fmt.Fprintf(client, "%s /sinch HTTP/1.1\r\nHost: localhost\r\n%s\r\n", method, header)
		if err == nil {
			err = webhook.Sign(body, secret, nonce, signed).Write(client)
		}
		if err == nil {
			_, err = io.WriteString(client, "\r\n")
		}
		for err == nil {
			time.Sleep(time.Second)
			_, err = io.WriteString(client, piece)
		}
	}()
	return client, ended
}

// connect returns the client's end of a connection in memory to a server with the handler.
func connect(t *testing.T, handler http.Handler) net.Conn {
	t.Helper()
	client, peer := net.Pipe()
	listener := &oneConn{conns: make(chan net.Conn, 1), closed: make(chan struct{})}
	listener.conns <- peer
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() {
		_ = client.Close()
		_ = server.Close()
	})
	return client
}

// status returns the status code of the next response.
func status(t *testing.T, client net.Conn) int {
	t.Helper()
	answer, err := http.ReadResponse(bufio.NewReader(client), nil)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode
}

// oneConn is a listener that accepts one connection.
type oneConn struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *oneConn) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, errors.New("closed")
	}
}

func (l *oneConn) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (*oneConn) Addr() net.Addr { return &net.UnixAddr{} }
