package relay

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// The model in internal/model found each of these: two workers that act on one entry, one of them late.

// late returns the attempt of a worker that is late, and the record that it knows.
func late(t *testing.T) (*attempt, stored) {
	t.Helper()
	r, srv := abandoned(t)
	of := ref{id: "a", app: srv.AppID()}
	s, err := r.outbox.state(t.Context(), of)
	require.NoError(t, err)
	entry, err := lastOf(t.Context(), r.outboxStream, r.names.entry(kindEntry, of))
	require.NoError(t, err)
	w := &worker{outbox: r.outbox, queues: newQueues(0, 1), outboxConfig: outboxConfig{lease: time.Minute}}
	return &attempt{worker: w, body: entry.Data, of: of, seq: entry.Sequence, began: time.Now()}, s
}

func (a *attempt) replace(t *testing.T, state State, before uint64) uint64 {
	t.Helper()
	seq, err := a.worker.outbox.put(t.Context(), a.of, record{State: state, Attempts: 1, By: "another"}, before, nil)
	require.NoError(t, err)
	return seq
}

func (a *attempt) stored(t *testing.T, k kind) bool {
	t.Helper()
	msg, err := lastOf(t.Context(), a.worker.outbox.relay.outboxStream, a.worker.outbox.relay.names.entry(k, a.of))
	require.NoError(t, err)
	return msg != nil
}

func TestAMessageThatIsQueuedAgainIsNotRemovedByALateWorker(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(*attempt, uint64) error{
		"that presumes the attempt dead": func(a *attempt, seq uint64) error { return a.toUnknown(t.Context(), a.record(StateUnknown), seq) },
		"that did not send":              func(a *attempt, seq uint64) error { return a.retry(t.Context(), a.record(StateQueued), seq, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, s := late(t)
			a.replace(t, StateAttempting, a.replace(t, StateQueued, s.seq))
			require.NoError(t, act(a, s.seq))
			assert.True(t, a.stored(t, kindEntry), "the worker that attempts it may crash")
		})
	}
}

func TestAnAttemptOfAnotherWorkerIsNotReplaced(t *testing.T) {
	t.Parallel()
	a, s := late(t)
	a.replace(t, StateAttempting, a.replace(t, StateQueued, s.seq))
	_, ready, err := a.resolveConflict(t.Context(), a.record(StateAttempting))
	require.NoError(t, err)
	assert.False(t, ready)
	assert.Zero(t, a.before.seq, "the next try conflicts too")
}

func TestAHeldMessageOfALaterRoundIsNotRemoved(t *testing.T) {
	t.Parallel()
	a, _ := late(t)
	o, held := a.worker.outbox, a.of
	held.round = 1
	_, err := o.relay.js.PublishMsg(t.Context(), o.relay.names.message(held, kindHeld, a.body, nil))
	require.NoError(t, err)
	require.NoError(t, o.forget(t.Context(), a.of, kindHeld, a.of.round))
	assert.True(t, a.stored(t, kindHeld))
	require.NoError(t, o.forget(t.Context(), a.of, kindHeld, held.round))
	assert.False(t, a.stored(t, kindHeld))
}

func TestAHeldMessageOfAnEarlierRoundIsSentAgain(t *testing.T) {
	t.Parallel()
	a, s := late(t)
	o, next := a.worker.outbox, a.of
	next.round = 1
	_, err := o.put(t.Context(), next, record{State: StateUnknown, By: "another"}, s.seq, nil)
	require.NoError(t, err)
	require.NoError(t, a.remove(t.Context()))
	_, err = o.relay.js.PublishMsg(t.Context(), o.relay.names.message(a.of, kindHeld, a.body, nil))
	require.NoError(t, err)
	require.NoError(t, o.requeueAside(t.Context(), stored{ref: next, record: record{State: StateUnknown}}))
	assert.True(t, a.stored(t, kindEntry))
}

func TestAHeldMessageWithoutARecordDoesNotTakeTheID(t *testing.T) {
	t.Parallel()
	a, s := late(t)
	o := a.worker.outbox
	_, err := o.relay.js.PublishMsg(t.Context(), o.relay.names.message(a.of, kindHeld, a.body, nil))
	require.NoError(t, err)
	require.NoError(t, a.remove(t.Context()))
	require.NoError(t, o.deleteMessage(t.Context(), o.relay.names.entry(kindState, a.of), s.seq))
	req := &conversation.SendMessageRequest{
		AppID: a.of.app, Message: conversation.Text("Hello"), Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
	}
	require.NoError(t, o.Enqueue(t.Context(), req, Entry{ID: "a"}))
	assert.True(t, a.stored(t, kindEntry), "Enqueue returned nil")
	assert.False(t, a.stored(t, kindHeld))
}
