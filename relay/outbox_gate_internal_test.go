package relay

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// TestARequestWithoutATurnDoesNotLeave has a request meet a closed gate when it gets its connection, over each protocol.
func TestARequestWithoutATurnDoesNotLeave(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(*httptest.Server){
		"HTTP/1":          func(srv *httptest.Server) { srv.Start() },
		"HTTP/1 with TLS": func(srv *httptest.Server) { srv.StartTLS() },
		"HTTP/2":          func(srv *httptest.Server) { srv.EnableHTTP2 = true; srv.StartTLS() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var arrived atomic.Int64
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
				arrived.Add(1)
				assert.Equal(t, name == "HTTP/2", req.ProtoMajor == 2)
			}))
			start(srv)
			t.Cleanup(srv.Close)
			send := func(open bool) (*reach, error) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				var sent reach
				ctx = httptrace.WithClientTrace(ctx, sent.trace(func() error {
					if open {
						return nil
					}
					return errNoTurn
				}, cancel))
				req, err := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL, strings.NewReader("body"))
				require.NoError(t, err)
				resp, err := srv.Client().Do(req)
				if err == nil {
					_ = resp.Body.Close()
				}
				return &sent, err
			}
			for range 20 { // the first has a new connection, the others may have an idle one
				sent, err := send(false)
				require.Error(t, err)
				assert.NotNil(t, sent.stopped.Load())
				assert.Zero(t, arrived.Load())
			}
			_, err := send(true)
			require.NoError(t, err)
			assert.Equal(t, int64(1), arrived.Load())
			sent, err := send(false) // on the connection of the request before
			require.Error(t, err)
			assert.NotNil(t, sent.stopped.Load())
			assert.Equal(t, int64(1), arrived.Load())
		})
	}
}

// TestAnAttemptWithoutATurnIsQueuedAgain has the turn of a request end before the request, at once and while it waits.
func TestAnAttemptWithoutATurnIsQueuedAgain(t *testing.T) {
	t.Parallel()
	a := &attempt{worker: &worker{}, turn: slot{until: time.Now().Add(-time.Second)}}
	_, err := a.send(t.Context(), nil)
	require.ErrorIs(t, err, errNoTurn)
	assert.Equal(t, conversation.OutcomeNotSent, outcomeOf(err))
}

func TestARequestInItsTurnDoesNotLeaveIfItIsPausedOrLate(t *testing.T) {
	t.Parallel()
	q := ownQueues()
	q.follow(ref{app: "app", group: "a"}, 1)
	now := time.Now()
	clock := &paceClock{now: time.Now, asked: now, heard: now, engine: now}
	w := &worker{queues: q, keeper: &keeper{until: now.Add(time.Minute)}, pace: &pace{clock: clock}}
	a := &attempt{worker: w, entry: q.take(now), turn: slot{now, now.Add(time.Minute)}}
	require.ErrorIs(t, a.gate(), errNoTurn, "what operators have set is not known")
	w.obeyed.Store(&now)
	require.NoError(t, a.gate())
	q.setControl(control{Pauses: []Pause{{Scope: Scope{Group: "a"}}}})
	require.ErrorIs(t, a.gate(), errPaused)
	q.setControl(control{})
	a.of.before = now.Add(paceSlack)
	require.ErrorIs(t, a.gate(), errLate)
	a.of.before = now.Add(time.Minute)
	require.NoError(t, a.gate())
}

// TestACallKnowsThatItsFirstRequestWasAnswered has the second request of a call meet a closed gate.
func TestACallKnowsThatItsFirstRequestWasAnswered(t *testing.T) {
	t.Parallel()
	for protocol, start := range map[string]func(*httptest.Server){
		"HTTP/1": func(srv *httptest.Server) { srv.Start() },
		"HTTP/2": func(srv *httptest.Server) { srv.EnableHTTP2 = true; srv.StartTLS() },
	} {
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		start(srv)
		t.Cleanup(srv.Close)
		for _, open := range []int64{0, 1} { // how many requests may leave
			ctx, cancel := context.WithCancelCause(t.Context())
			var sent reach
			var requests atomic.Int64
			ctx = httptrace.WithClientTrace(ctx, sent.trace(func() error {
				if requests.Add(1) <= open {
					return nil
				}
				return errNoTurn
			}, cancel))
			for i := range open + 1 {
				req, err := http.NewRequestWithContext(ctx, http.MethodPost, srv.URL, strings.NewReader("body"))
				require.NoError(t, err)
				resp, err := srv.Client().Do(req)
				if err == nil {
					_ = resp.Body.Close()
				}
				assert.Equal(t, i < open, err == nil, protocol)
			}
			assert.Equal(t, open > 0, sent.answered.Load(), protocol)
			cancel(nil)
		}
	}
}

func TestAMessageWhoseTokenWasRefusedIsNotSentAndAboutTheSetting(t *testing.T) {
	t.Parallel()
	assert.Equal(t, conversation.OutcomeNotSent, outcomeOf(errRefused))
	assert.True(t, aboutSetting(errRefused))
	assert.False(t, heldBack(errRefused), "a request was made")
	assert.False(t, aboutSetting(errNoTurn))
}
