package conversation_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// seenIn notes what the contexts of requests tell.
type seenIn struct {
	mu    sync.Mutex
	lines []string
}

func (s *seenIn) add(format string, arguments ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = append(s.lines, fmt.Sprintf(format, arguments...))
}

// request notes the call and the attempt of a request.
func (s *seenIn) request(who string, req *http.Request) {
	call, ok := conversation.CallFromContext(req.Context())
	attempt, also := conversation.AttemptFromContext(req.Context())
	s.add("%s %s %s %v %d %t", who, call.Operation, call.Route, call.Idempotent, attempt, ok && also)
}

func TestMiddlewareAndTransportSeeTheCallWithoutAnObserver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen seenIn
		p := &platform{}
		p.token = func(n int, req *http.Request) (int, string) {
			seen.request("transport", req)
			if n == 1 {
				return 503, ``
			}
			return grant(n, 3600)
		}
		p.api = func(req *http.Request) int {
			seen.request("transport", req)
			if p.calls.Load() == 1 {
				return 429
			}
			return 200
		}
		client := p.client(t, conversation.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(req *http.Request) (*http.Response, error) {
				seen.request("middleware", req)
				return next.RoundTrip(req)
			})
		}))
		require.NoError(t, sendCall.do(t.Context(), client))
		assert.Equal(t, []string{
			"transport Token /oauth2/token true 1 true",
			"transport Token /oauth2/token true 2 true",
			"middleware Messages.Send /v1/projects/{project_id}/messages:send false 1 true",
			"transport Messages.Send /v1/projects/{project_id}/messages:send false 1 true",
			"middleware Messages.Send /v1/projects/{project_id}/messages:send false 2 true",
			"transport Messages.Send /v1/projects/{project_id}/messages:send false 2 true",
		}, seen.lines)
	})
}

func TestAContextOutsideOfARequestHasNoCall(t *testing.T) {
	t.Parallel()
	_, ok := conversation.CallFromContext(t.Context())
	assert.False(t, ok)
	attempt, ok := conversation.AttemptFromContext(t.Context())
	assert.False(t, ok)
	assert.Zero(t, attempt)
}

// marker is an observer that puts its name into the context, after those of others, and notes what it sees there.
type marker struct {
	name string
	seen *seenIn
	none bool // it returns no context
}

type markKey struct{}

func (m *marker) CallStarted(ctx context.Context, call conversation.CallInfo) context.Context {
	m.seen.add("%s started %s %v", m.name, call.Operation, ctx.Value(markKey{}))
	if m.none {
		return nil
	}
	return context.WithValue(ctx, markKey{}, fmt.Sprint(ctx.Value(markKey{}), m.name))
}

func (m *marker) CallEnded(ctx context.Context, call conversation.CallInfo, _ conversation.CallResult) {
	m.seen.add("%s ended %s %v", m.name, call.Operation, ctx.Value(markKey{}))
}

func TestTheContextOfObserversReachesTokensAndAttempts(t *testing.T) {
	t.Parallel()
	var seen seenIn
	p := &platform{
		token: func(n int, req *http.Request) (int, string) {
			seen.add("token %v", req.Context().Value(markKey{}))
			return grant(n, 3600)
		},
		api: func(req *http.Request) int {
			seen.add("attempt %v", req.Context().Value(markKey{}))
			return 200
		},
	}
	client := p.client(t, conversation.WithObserver(&marker{name: "A", seen: &seen}),
		conversation.WithObserver(&marker{name: "B", seen: &seen, none: true}), conversation.WithObserver(&marker{name: "C", seen: &seen}))
	require.NoError(t, get(context.WithValue(t.Context(), markKey{}, "-"), client))
	assert.Equal(t, []string{
		"A started Messages.Get -", "B started Messages.Get -A", "C started Messages.Get -A",
		"A started Token -AC", "B started Token -ACA", "C started Token -ACA",
		"token -ACAC",
		"C ended Token -ACAC", "B ended Token -ACA", "A ended Token -ACA",
		"attempt -AC",
		"C ended Messages.Get -AC", "B ended Messages.Get -A", "A ended Messages.Get -A",
	}, seen.lines)
}

func TestAContextThatAnObserverEndsEndsTheCall(t *testing.T) {
	t.Parallel()
	seen := &recorder{}
	client, wire := scripted(t, []step{{status: 200, body: anyReply}}, conversation.WithObserver(seen), conversation.WithObserver(canceler{}))
	require.ErrorIs(t, sendCall.do(t.Context(), client), context.Canceled)
	assert.Empty(t, wire.requests())
	assert.Equal(t, conversation.OutcomeNotSent, seen.only(t).Outcome)
}

// canceler is an observer that ends the context of each call.
type canceler struct{ idle }

func (canceler) CallStarted(ctx context.Context, _ conversation.CallInfo) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx
}

func TestTheContextOfARequestPrintsWithoutItsCall(t *testing.T) {
	t.Parallel()
	client, err := conversation.NewClient("project", workingBasic(conversation.WithHTTPClient(&http.Client{
		Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			hides(t, fmt.Sprintf("%v %+v %s %#v", req.Context(), req.Context(), req.Context(), req.Context()), "15551230000", "hello", "key-secret")
			return answerTo(req, http.StatusOK, anyReply), nil
		}),
	}))...)
	require.NoError(t, err)
	require.NoError(t, sendCall.do(t.Context(), client))
}
