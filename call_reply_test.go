package conversation_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// halfBody is half of a reply. After it, the connection does what then does.
type halfBody struct {
	half string
	then func() error
}

func (b *halfBody) Read(p []byte) (int, error) {
	if b.half == "" {
		return 0, b.then()
	}
	n := copy(p, b.half)
	b.half = b.half[n:]
	return n, nil
}

func (*halfBody) Close() error { return nil }

func TestACallThatEndsDuringItsReplySaysWhy(t *testing.T) {
	t.Parallel()
	shutdown, reset := errors.New("shutting down"), errors.New("connection reset")
	for name, tt := range map[string]struct {
		status  int
		end     func(cancel context.CancelCauseFunc) error
		text    string
		is      []error
		outcome conversation.Outcome
	}{
		"cancelled": {200, func(cancel context.CancelCauseFunc) error {
			cancel(nil)
			return io.ErrUnexpectedEOF
		}, "cancelled", []error{context.Canceled}, conversation.OutcomeAccepted},
		"cancelled with a cause": {201, func(cancel context.CancelCauseFunc) error {
			cancel(shutdown)
			return context.Canceled
		}, "cancelled while the reply was read: context canceled", []error{context.Canceled, shutdown}, conversation.OutcomeAccepted},
		"cancelled during an error": {500, func(cancel context.CancelCauseFunc) error {
			cancel(nil)
			return context.Canceled
		}, "cancelled", []error{context.Canceled, conversation.ErrMaybeSent}, conversation.OutcomeUnknown},
		"the time of the attempt": {200, func(context.CancelCauseFunc) error {
			time.Sleep(time.Minute) // virtual
			return context.DeadlineExceeded
		}, "the time was up while the reply was read", []error{context.DeadlineExceeded}, conversation.OutcomeAccepted},
		"the connection broke": {200, func(context.CancelCauseFunc) error { return reset }, "HTTP 200: the reply broke off", []error{reset}, conversation.OutcomeAccepted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				client := answering(t, func(req *http.Request) *http.Response {
					body := &halfBody{half: `{"message_id":"M`, then: func() error { return tt.end(cancel) }}
					return response(req, tt.status, http.Header{}, body)
				})
				_, err := client.Messages.Send(ctx, textMessage())
				assert.Equal(t, tt.status, as[*conversation.Error](t, err).StatusCode)
				require.ErrorContains(t, err, tt.text)
				for _, is := range tt.is {
					require.ErrorIs(t, err, is)
				}
				if name != "the connection broke" {
					assert.NotContains(t, err.Error(), "broke off")
				}
				assert.Equal(t, tt.outcome, conversation.OutcomeOf(err))
			})
		})
	}
}

func TestARightReplyIsReadWhateverItsLabel(t *testing.T) {
	t.Parallel()
	const body = `{"message_id":"M"}`
	for name, tt := range map[string]struct{ contentType, encoding, body string }{
		"labelled as HTML":         {"text/html; charset=utf-8", "", body},
		"labelled as text":         {"text/plain", "", body},
		"labelled as XML":          {"application/xml", "", body},
		"without a label":          {"", "", body},
		"a byte order mark":        {"application/json", "", "\ufeff" + body},
		"a mark among white space": {"text/html", "", "\r\n\ufeff \n" + body + "\n"},
		"x-gzip":                   {"application/json", "x-gzip", packed(t, body)},
		"gzip without a name":      {"application/json", "", packed(t, body)},
		"gzip and a mark":          {"text/html", "", packed(t, "\ufeff"+body)},
		"a wrong name":             {"application/json", "deflate", body},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := newTestClient(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = []string{tt.contentType}
				if tt.encoding != "" {
					w.Header().Set("Content-Encoding", tt.encoding)
				}
				_, _ = io.WriteString(w, tt.body)
			})
			sent, err := client.Messages.Send(t.Context(), textMessage())
			require.NoError(t, err)
			assert.Equal(t, "M", sent.MessageID)
		})
	}
}

func TestMiddlewareMayAskForCompression(t *testing.T) {
	t.Parallel()
	asking := func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(req *http.Request) (*http.Response, error) {
			req.Header.Set("Accept-Encoding", "gzip, deflate, br") // so that net/http does not decompress
			return next.RoundTrip(req)
		})
	}
	answer := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			assert.Equal(t, "gzip, deflate, br", r.Header.Get("Accept-Encoding"))
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, packed(t, body))
		}
	}
	const limit = 100
	client, _ := newTestClient(t, answer(200, `{"message_id":"M"}`), conversation.WithMiddleware(asking), conversation.WithMaxResponseBytes(limit))
	var response conversation.Response
	sent, err := client.Messages.Send(t.Context(), textMessage(), conversation.WithResponse(&response))
	require.NoError(t, err)
	assert.Equal(t, "M", sent.MessageID)
	assert.JSONEq(t, `{"message_id":"M"}`, string(response.Body))
	assert.NotContains(t, response.Header, "Content-Encoding")

	client, _ = newTestClient(t, answer(404, "\ufeff"+`{"error":{"code":5,"status":"NOT_FOUND","message":"no app"}}`), conversation.WithMiddleware(asking))
	_, err = client.Messages.Send(t.Context(), textMessage())
	require.ErrorContains(t, err, "HTTP 404: NOT_FOUND: no app")

	client, _ = newTestClient(t, answer(200, `{"message_id":"`+strings.Repeat("M", 1<<20)+`"}`), conversation.WithMiddleware(asking), conversation.WithMaxResponseBytes(limit))
	_, err = client.Messages.Send(t.Context(), textMessage())
	require.ErrorContains(t, err, "larger than the limit")
	assert.Len(t, as[*conversation.Error](t, err).Body, limit)
	assert.Equal(t, conversation.OutcomeAccepted, conversation.OutcomeOf(err))
}

// packed returns text in gzip.
func packed(t *testing.T, text string) string {
	t.Helper()
	var into bytes.Buffer
	writer := gzip.NewWriter(&into)
	_, err := io.WriteString(writer, text)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	return into.String()
}
