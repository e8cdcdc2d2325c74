package outbox_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// explode is where the panics of these tests happen.
func explode() { panic("on purpose, for +1 555 123 0000") }

func TestAPanicIsUnknownUnlessNothingWasConnected(t *testing.T) {
	t.Parallel()
	noDial := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("refused") }}
	before := func(http.RoundTripper, *http.Request) (*http.Response, error) { explode(); return nil, io.EOF }
	after := func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		defer explode()
		return next.RoundTrip(req)
	}
	for name, c := range map[string]struct {
		transport  http.RoundTripper // nil for the default one
		middleware func(next http.RoundTripper, req *http.Request) (*http.Response, error)
		sends      int64
		want       conversation.Outcome
	}{
		"before the request":  {nil, before, 0, conversation.OutcomeUnknown},
		"after the response":  {nil, after, 1, conversation.OutcomeUnknown},
		"after a failed dial": {noDial, after, 0, conversation.OutcomeNotSent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newAPI(t, "HTTP/1", http.StatusOK)
			client, err := conversation.NewClient("PROJECT", conversation.WithBasicAuth("KEY", "SECRET"), conversation.WithBaseURL(api.URL),
				conversation.WithHTTPClient(&http.Client{Transport: c.transport}),
				conversation.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
					return roundTrip(func(req *http.Request) (*http.Response, error) { return c.middleware(next, req) })
				}))
			require.NoError(t, err)
			_, err = outbox.Send(t.Context(), client, message(), open)
			var panicked *outbox.PanicError
			require.ErrorAs(t, err, &panicked)
			assert.Equal(t, c.want, outbox.OutcomeOf(err))
			assert.Equal(t, c.sends, api.sends.Load())
			assert.Regexp(t, `^panic in outbox_test\.explode panic_test\.go:\d+, .*: on purpose, for \+\*{7}$`, err.Error())
			assert.Contains(t, panicked.Stack, "outbox_test.explode")
			assert.NotContains(t, panicked.Stack, "123 0000")
		})
	}
}
