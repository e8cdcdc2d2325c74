package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
)

func TestOutcomeOf(t *testing.T) {
	t.Parallel()
	api := func(status int) error { return &conversation.Error{StatusCode: status} }
	for _, tt := range []struct {
		name string
		err  error
		want conversation.Outcome
	}{
		{"no error", nil, conversation.OutcomeAccepted},
		{"a 200 that could not be read", api(200), conversation.OutcomeAccepted},
		{"a 202 that could not be read", api(202), conversation.OutcomeAccepted},
		{"an argument", &conversation.ArgumentError{}, conversation.OutcomeNotSent},
		{"no token", &conversation.AuthError{}, conversation.OutcomeNotSent},
		{"401", api(401), conversation.OutcomeNotSent},
		{"429", api(429), conversation.OutcomeNotSent},
		{"301", api(301), conversation.OutcomeRejected},
		{"400", api(400), conversation.OutcomeRejected},
		{"404", api(404), conversation.OutcomeRejected},
		{"501", api(501), conversation.OutcomeRejected},
		{"408", api(408), conversation.OutcomeUnknown},
		{"500", api(500), conversation.OutcomeUnknown},
		{"503", api(503), conversation.OutcomeUnknown},
		{"599", api(599), conversation.OutcomeUnknown},
		{"an error without a status", api(0), conversation.OutcomeUnknown},
		{"a transport error of the caller", &conversation.TransportError{Err: io.EOF}, conversation.OutcomeUnknown},
		{"a foreign error", errors.New("foreign"), conversation.OutcomeUnknown},
		{"a context error", context.Canceled, conversation.OutcomeUnknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, conversation.OutcomeOf(tt.err))
			if tt.err == nil {
				return
			}
			assert.Equal(t, tt.want, conversation.OutcomeOf(fmt.Errorf("wrapped: %w", tt.err)))
			assert.Equal(t, tt.want, conversation.OutcomeOf(&conversation.PageError{Err: tt.err}))
		})
	}
}

func TestOutcomesHaveNames(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "unknown accepted rejected not sent", fmt.Sprint(conversation.OutcomeUnknown, " ",
		conversation.OutcomeAccepted, " ", conversation.OutcomeRejected, " ", conversation.OutcomeNotSent))
}

// TestOnlyTheOutermostErrorCounts covers foreign errors that wrap the answer to some other call, as a token source or
// middleware with its own client may return.
func TestOnlyTheOutermostErrorCounts(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 400, 401, 429, 503} {
		inner := &conversation.Error{StatusCode: status}
		assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(&conversation.AuthError{Err: inner}))
		assert.Equal(t, conversation.OutcomeUnknown, conversation.OutcomeOf(&conversation.TransportError{Err: inner}))
	}
	joined := errors.Join(errors.New("foreign"), &conversation.Error{StatusCode: 400})
	assert.Equal(t, conversation.OutcomeRejected, conversation.OutcomeOf(joined))
}
