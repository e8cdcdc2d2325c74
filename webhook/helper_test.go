package webhook_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

// newReceiver returns a receiver with the secret, whose clock is a second after the signature. It logs nothing.
func newReceiver(t *testing.T, opts ...webhook.ReceiverOption) *webhook.Receiver {
	t.Helper()
	receiver, err := webhook.NewReceiver(append([]webhook.ReceiverOption{webhook.WithSecret(secret), at(time.Second), quiet()}, opts...)...)
	require.NoError(t, err)
	return receiver
}

// quiet returns the option to log nothing.
func quiet() webhook.ReceiverOption { return webhook.WithLogger(slog.New(slog.DiscardHandler)) }

// newCallback returns the request of a callback with the signature of its body.
func newCallback(t *testing.T, body []byte, nonce string) *http.Request {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/sinch", bytes.NewReader(body))
	req.Header = webhook.Sign(body, secret, nonce, signed)
	return req
}

// serve returns the response to a request.
func serve(handler http.Handler, req *http.Request) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, req)
	return answer
}

// countCalls registers a handler that counts its calls and then calls f, if it is not nil.
func countCalls(receiver *webhook.Receiver, f func(call int) error) *counter {
	calls := &counter{}
	webhook.OnAny(receiver, func(context.Context, webhook.Event) error {
		call := calls.add()
		if f == nil {
			return nil
		}
		return f(call)
	})
	return calls
}

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.n
}

func (c *counter) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// deduper returns what the test sets, and records its calls.
type deduper struct {
	state    webhook.State
	beginErr error
	doneErr  error

	mu     sync.Mutex
	keys   []string
	until  time.Time
	done   []bool
	doneIn []context.Context
}

func (d *deduper) Begin(_ context.Context, key string, until time.Time) (webhook.State, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.keys = append(d.keys, key)
	d.until = until
	return d.state, d.beginErr
}

func (d *deduper) Done(ctx context.Context, key string, committed bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.keys = append(d.keys, key)
	d.done = append(d.done, committed)
	d.doneIn = append(d.doneIn, ctx)
	return d.doneErr
}
