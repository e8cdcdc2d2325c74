package relay

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

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

func TestOnlyARequestThatThisWorkerHeldBackIsHeldBack(t *testing.T) {
	t.Parallel()
	for _, failure := range []error{errNoTurn, errPaused, errLate} {
		assert.True(t, heldBack(failure), failure)
		assert.Equal(t, conversation.OutcomeNotSent, outcomeOf(failure), failure)
		assert.False(t, outbox.AboutSetting(failure), failure)
	}
	assert.False(t, heldBack(outbox.ErrTokenRejected), "a request was made")
	assert.Equal(t, conversation.OutcomeNotSent, outcomeOf(outbox.ErrTokenRejected))
	assert.False(t, heldBack(nil))
	assert.Equal(t, conversation.OutcomeAccepted, outcomeOf(nil))
}
