package docs_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

// newReceiver returns a function that creates a receiver with a logger. Its function is f, if it is not nil.
func newReceiver(t *testing.T, f func() error, opts ...webhook.ReceiverOption) func(*slog.Logger) *webhook.Receiver {
	t.Helper()
	return func(logger *slog.Logger) *webhook.Receiver {
		if len(opts) == 0 {
			opts = []webhook.ReceiverOption{webhook.WithSecret(webhookSecret)}
		}
		receiver, err := webhook.NewReceiver(append(opts, webhook.WithLogger(logger))...)
		require.NoError(t, err)
		webhook.OnAny(receiver, func(context.Context, webhook.Event) error {
			if f == nil {
				return nil
			}
			return f()
		})
		return receiver
	}
}

func withDeduper(state webhook.State, err error) []webhook.ReceiverOption {
	return []webhook.ReceiverOption{webhook.WithSecret(webhookSecret), webhook.WithDeduper(deduper{state, err})}
}

func bySecretOf(secrets []string, err error) []webhook.ReceiverOption {
	return []webhook.ReceiverOption{webhook.WithAppSecrets(func(context.Context, string) ([]string, error) { return secrets, err })}
}

// deduper is a webhook.Deduper in one state.
type deduper struct {
	state webhook.State
	err   error
}

func (d deduper) Begin(context.Context, string, time.Time) (webhook.State, error) {
	return d.state, d.err
}
func (deduper) Done(context.Context, string, bool) error { return nil }

// sign replaces the body of a callback by another one that is signed.
func sign(r *http.Request, body string) {
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	r.Header = webhook.Sign([]byte(body), webhookSecret, "nonce", time.Now())
}

// rejection returns the log record of a callback.
func rejection(t *testing.T, change func(*http.Request), receiver func(*slog.Logger) *webhook.Receiver) string {
	t.Helper()
	var log bytes.Buffer
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/sinch", strings.NewReader(report))
	r.Header = webhook.Sign([]byte(report), webhookSecret, "nonce", time.Now())
	change(r)
	receiver(newLogger(&log)).ServeHTTP(httptest.NewRecorder(), r)
	return log.String()
}

// newLogger returns a logger of what the page shows of a callback: the level, the message, the status and the reason.
func newLogger(log *bytes.Buffer) *slog.Logger {
	return slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, attr slog.Attr) slog.Attr {
		switch attr.Key {
		case slog.LevelKey, slog.MessageKey, "status_code", "reason":
			return attr
		}
		return slog.Attr{}
	}}))
}

// busy returns the log record of a callback that arrives while another one is being handled by the only slot.
func busy(t *testing.T) (record string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		running := make(chan struct{})
		var log bytes.Buffer
		receiver := newReceiver(t, func() error { <-running; return nil }, webhook.WithSecret(webhookSecret), webhook.WithMaxConcurrent(1))(newLogger(&log))
		serve := func(body string) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/sinch", strings.NewReader(body))
			r.Header = webhook.Sign([]byte(body), webhookSecret, "nonce", time.Now())
			receiver.ServeHTTP(httptest.NewRecorder(), r)
		}
		go serve(report)
		synctest.Wait()
		serve(`{"app_id":"ANOTHER"}`)
		record = log.String()
		close(running)
		synctest.Wait()
	})
	return record
}

// slow returns the log record of a callback whose body does not arrive.
func slow(t *testing.T) string {
	t.Helper()
	var log bytes.Buffer
	receiver := newReceiver(t, nil, webhook.WithSecret(webhookSecret), webhook.WithReadTimeout(20*time.Millisecond))(newLogger(&log))
	answered := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		receiver.ServeHTTP(w, r)
		close(answered)
	}))
	t.Cleanup(srv.Close)
	body := &unfinished{done: answered}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL, body)
	require.NoError(t, err)
	r.ContentLength = int64(len(report))
	r.Header = webhook.Sign([]byte(report), webhookSecret, "nonce", time.Now())
	resp, err := srv.Client().Do(r)
	if err == nil {
		assert.NoError(t, resp.Body.Close())
	}
	<-answered
	return log.String()
}

// unfinished is a body that ends when the request was answered.
type unfinished struct{ done chan struct{} }

func (u *unfinished) Read([]byte) (int, error) {
	<-u.done
	return 0, iotest.ErrTimeout
}
