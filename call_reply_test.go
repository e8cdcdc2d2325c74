package conversation_test

import (
	"context"
	"errors"
	"io"
	"net/http"
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

func (b *halfBody) Close() error { return nil }

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
