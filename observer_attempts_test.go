package conversation_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestAnObserverOfAttemptsSeesEachRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := &attemptRecorder{}
		status := func(n int64) int {
			if n == 1 {
				return 429
			}
			return 200
		}
		p := &platform{takes: time.Second, apiTakes: 2 * time.Second}
		p.token = func(n int, req *http.Request) (int, string) {
			assert.NotNil(t, seen.attempts.of(req.Context()), "the request has the context of the attempt")
			if n == 1 {
				return 503, ``
			}
			return grant(n, 3600)
		}
		p.api = func(req *http.Request) int {
			assert.NotNil(t, seen.attempts.of(req.Context()), "the request has the context of the attempt")
			return status(p.calls.Load())
		}
		require.NoError(t, sendCall.do(t.Context(), p.client(t, conversation.WithObserver(seen))))
		var attempts []string
		for _, attempt := range seen.attempts.all(t) {
			attempts = append(attempts, fmt.Sprint(attempt.Operation, " ", attempt.Attempts, " ", attempt.StatusCode, " ", attempt.Outcome, " ", attempt.Duration))
			assert.Zero(t, attempt.Waited)
			assert.Equal(t, attempt.StatusCode != http.StatusOK, attempt.Err != nil)
		}
		assert.Equal(t, []string{
			"Token 1 503 not sent 1s", "Token 2 200 accepted 1s",
			"Messages.Send 1 429 not sent 2s", "Messages.Send 2 200 accepted 2s",
		}, attempts)
		assert.Equal(t, []string{"Token", "Token", "Messages.Send", "Messages.Send"}, seen.parents)
		assert.Len(t, seen.all(t), 2)
	})
}

func TestAnAttemptThatPanicsIsSeen(t *testing.T) {
	t.Parallel()
	seen := &attemptRecorder{}
	client, _ := scripted(t, []step{{status: 200, body: anyReply}}, panicking(1, explode, nil), conversation.WithObserver(seen))
	assert.Panics(t, func() { _ = sendCall.do(t.Context(), client) })
	for _, got := range []recordedCall{seen.only(t), seen.attempts.only(t)} {
		assert.Equal(t, conversation.OutcomeUnknown, got.Outcome)
		require.ErrorContains(t, got.Err, "the call panicked")
	}
}

func TestACallThatIsNotMadeHasNoAttempts(t *testing.T) {
	t.Parallel()
	seen := &attemptRecorder{}
	client, _ := scripted(t, []step{{status: 200}}, conversation.WithObserver(seen))
	_, err := client.Messages.Send(t.Context(), nil)
	require.Error(t, err)
	assert.Empty(t, seen.attempts.all(t))
	assert.Len(t, seen.all(t), 1)
}

// attemptMarker is a marker of attempts too.
type attemptMarker struct{ *marker }

func (attemptMarker) AttemptStarted(ctx context.Context, _ conversation.CallInfo) context.Context {
	return context.WithValue(ctx, markKey{}, fmt.Sprint(ctx.Value(markKey{}), " attempt"))
}

func (attemptMarker) AttemptEnded(context.Context, conversation.CallInfo, conversation.CallResult) {}

func TestTheRecordOfAnAttemptHasItsContext(t *testing.T) {
	t.Parallel()
	log := &journal{}
	client, _ := scripted(t, []step{{status: 503}}, conversation.WithLogger(slog.New(log)),
		conversation.WithObserver(attemptMarker{&marker{name: "call", seen: &seenIn{}}}))
	require.Error(t, sendCall.do(context.WithValue(t.Context(), markKey{}, "a "), client))
	assert.Equal(t, "a call attempt", log.of(slog.LevelDebug)[0].attrs["trace_id"].String())
	assert.Equal(t, "a call", log.of(slog.LevelError)[0].attrs["trace_id"].String())
}
