package conversation_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/sinchgo/conversation"
)

// explode is where the panics of these tests happen.
func explode(*http.Response) { panic("on purpose, for +1 555 123 0000") }

// panicking returns middleware that panics in the nth request.
func panicking(n int64, before, after func(*http.Response)) conversation.Option {
	var requests atomic.Int64
	return conversation.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(req *http.Request) (*http.Response, error) {
			panics := requests.Add(1) == n
			if panics && before != nil {
				before(nil)
			}
			resp, err := next.RoundTrip(req)
			if panics && after != nil {
				after(resp)
			}
			return resp, err
		})
	})
}

func TestAPanicOfMiddlewareReachesTheCallerOfSend(t *testing.T) {
	t.Parallel()
	client, _ := scripted(t, []step{{status: 200, body: sendCall.ok}}, panicking(1, explode, nil))
	assert.PanicsWithValue(t, "on purpose, for +1 555 123 0000", func() { _ = sendCall.do(t.Context(), client) })
	require.NoError(t, sendCall.do(t.Context(), client), "the client still works")
}

// panicLogger is a slog.Handler that panics.
type panicLogger struct{ slog.Handler }

func (panicLogger) Enabled(context.Context, slog.Level) bool { return true }

func (panicLogger) Handle(context.Context, slog.Record) error { panic("on purpose") }

// panicBody is a body that panics when it is read.
type panicBody struct{ io.ReadCloser }

func (panicBody) Read([]byte) (int, error) { panic("on purpose") }

func TestAPanicDuringSendManyBecomesTheErrorOfItsMessage(t *testing.T) {
	t.Parallel()
	breakBody := func(resp *http.Response) { resp.Body = panicBody{resp.Body} }
	readStatus := func(resp *http.Response) { _ = resp.StatusCode } // without a look at the error
	for name, test := range map[string]struct {
		option  conversation.Option
		answer  step
		outcome conversation.Outcome
		text    string
	}{
		"before the request":                  {panicking(2, explode, nil), accepts, conversation.OutcomeUnknown, "transport_panic_test.go:"},
		"after the response":                  {panicking(2, nil, explode), accepts, conversation.OutcomeUnknown, "conversation_test.explode"},
		"after a connection that broke":       {panicking(2, nil, readStatus), step{err: errReset}, conversation.OutcomeUnknown, "nil pointer dereference"},
		"after a connection was not obtained": {panicking(2, nil, readStatus), step{err: errDial, neverHad: true}, conversation.OutcomeNotSent, "nil pointer dereference"},
		"in the body of the response":         {panicking(2, nil, breakBody), accepts, conversation.OutcomeUnknown, "panicBody.Read"},
		"with an error":                       {panicking(2, nil, func(*http.Response) { panic(io.ErrClosedPipe) }), accepts, conversation.OutcomeUnknown, "closed pipe"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var taken int
				server := &bulkServer{answer: func(number, _ int) step {
					if number == 1 {
						return test.answer
					}
					return accepts
				}}
				client := bulkClient(t, server, test.option, conversation.WithRetry(conversation.NoRetry))
				options := unlimited
				options.Concurrency = 1
				sum, _ := client.Messages.SendMany(t.Context(), numbered(0, 3, &taken), options)
				require.Greater(t, len(sum.Results), 1)
				requireConsistent(t, sum, sum.Results)
				failed, ok := errors.AsType[*conversation.TransportError](sum.Results[1].Err)
				require.True(t, ok, "%v", sum.Results[1].Err)
				assert.Equal(t, test.outcome, sum.Results[1].Outcome)
				require.ErrorContains(t, failed, "panic: ")
				require.ErrorContains(t, failed, test.text)
				assert.NotContains(t, failed.Error(), "123 0000")
				var withStack interface{ Stack() []byte }
				require.ErrorAs(t, failed, &withStack)
				assert.Contains(t, string(withStack.Stack()), "transport_panic_test.go")
			})
		})
	}
}

func TestAPanicOfALoggerDuringSendManyBecomesTheErrorOfTheMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		logger := slog.New(panicLogger{slog.DiscardHandler})
		var taken int
		client := bulkClient(t, &bulkServer{}, conversation.WithLogger(logger))
		sum, _ := client.Messages.SendMany(t.Context(), numbered(0, 3, &taken), unlimited)
		requireConsistent(t, sum, sum.Results)
		assert.Equal(t, sum.Taken, sum.Unknown)
	})
}

// panicSource is a token source that panics.
type panicSource struct{}

func (panicSource) Token() (*oauth2.Token, error) { explode(nil); return nil, nil } //nolint:nilnil // Not reached.

func TestAPanicOfATokenSourceIsAnAuthError(t *testing.T) {
	t.Parallel()
	client, err := conversation.NewClient("project", conversation.WithTokenSource(panicSource{}), conversation.WithRegion(conversation.RegionEU))
	require.NoError(t, err)
	_, sent := client.Messages.Send(t.Context(), textMessage())
	sum, many := client.Messages.SendMany(t.Context(), numbered(0, 3, new(int)), unlimited)
	for _, err := range []error{sent, many} {
		_, ok := errors.AsType[*conversation.AuthError](err)
		require.True(t, ok, "%v", err)
		require.ErrorContains(t, err, "conversation_test.explode transport_panic_test.go:")
		assert.NotContains(t, err.Error(), "on purpose", "it may hold a secret")
		assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
	}
	assert.Equal(t, sum.Taken, sum.NotSent)
}
