package relay

import (
	"testing"
	"time"

	"github.com/nats-io/nuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

// kindsOf returns the kinds of messages that an entry has.
func kindsOf(t *testing.T, r *Relay, of ref) []kind {
	t.Helper()
	var kinds []kind
	for _, k := range []kind{kindLater, kindEntry, kindState, kindHeld, kindRejected, kindDropped, kindCancelled, kindExpired} {
		msg, err := lastOf(t.Context(), r.outboxStream, r.names.entry(k, of))
		require.NoError(t, err)
		if msg != nil {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

func idsOf(t *testing.T, o *Outbox, state State) []string {
	t.Helper()
	var ids []string
	for status, err := range o.List(t.Context(), ListParams{State: state}) {
		require.NoError(t, err)
		ids = append(ids, status.ID)
	}
	return ids
}

func TestAnAttemptCannotBeCancelledOrRetried(t *testing.T) {
	t.Parallel()
	r, _ := abandoned(t)
	err := r.outbox.Cancel(t.Context(), "a")
	require.ErrorIs(t, err, ErrNotQueued)
	require.ErrorContains(t, err, "it is attempting: wait for its outcome with Watch")
	require.NoError(t, r.outbox.Retry(t.Context(), "a"), "it is on its way")
	assert.Equal(t, []string{"a"}, idsOf(t, r.outbox, StateAttempting))
	assert.Empty(t, idsOf(t, r.outbox, StateQueued))
	require.NoError(t, r.outbox.fold(t.Context(), outbox.Report{ID: "a", MessageID: "m"}))
	assert.Empty(t, idsOf(t, r.outbox, StateAttempting))
	assert.Equal(t, []string{"a"}, idsOf(t, r.outbox, StateAccepted))
}

func TestACancelThatACrashInterruptedIsCompleted(t *testing.T) {
	t.Parallel()
	r, srv := abandoned(t)
	o := r.outbox
	req := &conversation.SendMessageRequest{
		AppID: srv.AppID(), Message: conversation.Text("Hello"), Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
	}
	for id, after := range map[string]time.Time{"now": {}, "later": time.Now().Add(time.Hour)} {
		require.NoError(t, o.Enqueue(t.Context(), req, Entry{ID: id, App: srv.AppID(), After: after}))
		now, err := o.find(t.Context(), id)
		require.NoError(t, err)
		of := refOf(now.queued.Subject, now.queued.Header)
		rec := record{State: StateCancelled, Sum: sumOf(now.queued.Data), By: nuid.Next()}
		_, err = o.put(t.Context(), of, rec, 0, trail{{now.queued.Sequence, o.queuedMark(now.queued)}})
		require.NoError(t, err) // and the process stops
		assert.NotContains(t, idsOf(t, o, StateQueued), id)
		require.NoError(t, o.Cancel(t.Context(), id))
		assert.Equal(t, []kind{kindState, kindCancelled}, kindsOf(t, r, of))
		require.NoError(t, o.Cancel(t.Context(), id))
	}
	assert.ElementsMatch(t, []string{"now", "later"}, idsOf(t, o, StateCancelled))
	counts, err := o.Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[State]int{StateAttempting: 1, StateCancelled: 2}, counts)
}

func TestAnEntryThatIsDueWhileItIsCancelledIsNotSent(t *testing.T) {
	t.Parallel()
	r, srv := abandoned(t)
	o := r.outbox
	req := &conversation.SendMessageRequest{
		AppID: srv.AppID(), Message: conversation.Text("Hello"), Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
	}
	require.NoError(t, o.Enqueue(t.Context(), req, Entry{ID: "b", After: time.Now().Add(time.Second)}))
	before, err := o.find(t.Context(), "b")
	require.NoError(t, err)
	require.Equal(t, markLater, o.queuedMark(before.queued))
	require.Eventually(t, func() bool {
		now, err := o.find(t.Context(), "b")
		return err == nil && o.queuedMark(now.queued) == markDue
	}, 20*time.Second, 20*time.Millisecond)
	_, err = o.postpone(t.Context(), before)
	require.ErrorIs(t, err, errConflict)
	require.NoError(t, o.Cancel(t.Context(), "b"))
	counts, err := o.Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[State]int{StateAttempting: 1, StateCancelled: 1}, counts)
}

func TestAnEntryThatWasQueuedAgainCanBeCancelled(t *testing.T) {
	t.Parallel()
	r, _ := abandoned(t)
	o := r.outbox
	now, err := o.find(t.Context(), "a")
	require.NoError(t, err)
	of := refOf(now.queued.Subject, now.queued.Header)
	a := &attempt{worker: &worker{outbox: o}, body: now.queued.Data, of: of, seq: now.queued.Sequence, trail: now.record.past}
	require.NoError(t, a.settle(t.Context(), record{State: StateRejected, Attempts: 1, Sum: sumOf(a.body)}, now.record.seq))
	assert.Equal(t, []kind{kindState, kindRejected}, kindsOf(t, r, of))
	require.NoError(t, o.Retry(t.Context(), "a"))
	require.NoError(t, o.Retry(t.Context(), "a"))
	assert.Equal(t, []kind{kindEntry, kindState, kindRejected}, kindsOf(t, r, of))
	assert.Empty(t, idsOf(t, o, StateRejected))
	require.NoError(t, o.Cancel(t.Context(), "a"))
	assert.Equal(t, []kind{kindState, kindCancelled}, kindsOf(t, r, of), "the text is gone")
	counts, err := o.Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[State]int{StateCancelled: 1}, counts)
	require.ErrorIs(t, o.Retry(t.Context(), "a"), ErrNotRetryable)
}

func TestADeadLetterIsRetriedWithItsEntry(t *testing.T) {
	t.Parallel()
	r, _ := abandoned(t)
	o := r.outbox
	now, err := o.find(t.Context(), "a")
	require.NoError(t, err)
	of := refOf(now.queued.Subject, now.queued.Header)
	require.NoError(t, r.addDeadLetter(t.Context(), originOutbox, "a", "broken", 1, now.queued.Data, nil))
	_, err = o.put(t.Context(), of, record{State: StateRejected, Attempts: 1}, now.record.seq, now.record.trail())
	require.NoError(t, err)
	require.NoError(t, o.deleteMessage(t.Context(), now.queued.Subject, now.queued.Sequence))
	assert.Equal(t, []string(nil), idsOf(t, o, StateQueued))

	require.NoError(t, o.Retry(t.Context(), "a"))

	assert.Equal(t, []string{"a"}, idsOf(t, o, StateQueued))
	for letter, err := range r.DeadLetters(t.Context()) {
		assert.Fail(t, "the letter is still there", "%v %v", letter, err)
	}
}

func TestAnEntryWhoseTimeIsOverIsNotRetried(t *testing.T) {
	t.Parallel()
	r, srv := abandoned(t)
	of := ref{id: "b", app: srv.AppID(), before: time.Now().Add(-time.Second)}
	_, err := r.outbox.put(t.Context(), of, record{State: StateRejected}, 0, nil)
	require.NoError(t, err)
	err = r.outbox.Retry(t.Context(), "b")
	require.ErrorIs(t, err, ErrNotRetryable)
	require.ErrorContains(t, err, "its Before has passed")
}
