package relay

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/outbox"
)

func TestTheAttemptOfADeadWorkerBecomesUnknownAndIsNotSent(t *testing.T) {
	t.Parallel()
	r, srv := abandoned(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- r.Outbox().Run(ctx, srv.NewClient(t), WithSendLease(time.Second)) }()
	for status, err := range r.Outbox().Watch(t.Context(), "a") {
		require.NoError(t, err)
		if status.State == StateUnknown {
			break
		}
		assert.Equal(t, StateAttempting, status.State)
	}
	cancel()
	require.NoError(t, <-done)
	assert.Empty(t, srv.Sent())
	require.NoError(t, r.Outbox().fold(t.Context(), outbox.Report{ID: "a", MessageID: "message-1"}))
	status, err := r.Outbox().Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, StateAccepted, status.State)
	assert.Equal(t, "message-1", status.MessageID)
	assert.Empty(t, status.Reason)
}

func TestACallbackSettlesAnAttemptBeforeItsWorkerIsPresumedDead(t *testing.T) {
	t.Parallel()
	r, srv := abandoned(t)
	require.NoError(t, r.Outbox().fold(t.Context(), outbox.Report{ID: "a", MessageID: "message-1"}))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- r.Outbox().Run(ctx, srv.NewClient(t), WithSendLease(time.Second)) }()
	require.Eventually(t, func() bool {
		n, err := r.outbox.depth(t.Context(), srv.AppID())
		return err == nil && n == 0
	}, 10*time.Second, 10*time.Millisecond)
	cancel()
	require.NoError(t, <-done)
	assert.Empty(t, srv.Sent())
	status, err := r.Outbox().Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, StateAccepted, status.State)
}

func TestACallbackOfAnUnknownIDChangesNothing(t *testing.T) {
	t.Parallel()
	r, _ := abandoned(t)
	require.NoError(t, r.Outbox().fold(t.Context(), outbox.Report{ID: "missing", MessageID: "message-1"}))
	require.NoError(t, r.Outbox().fold(t.Context(), outbox.Report{ID: "", MessageID: "message-1"}))
	_, err := r.Outbox().Get(t.Context(), "missing")
	require.ErrorIs(t, err, ErrNoEntry)
}

func TestTwoWorkersThatFindTheSameAttemptAbandonedKeepItsMessage(t *testing.T) {
	t.Parallel()
	r, srv := abandoned(t)
	of := ref{id: "a", app: srv.AppID()}
	before, err := r.outbox.state(t.Context(), of)
	require.NoError(t, err)
	entry, err := lastOf(t.Context(), r.outboxStream, r.names.entry(kindEntry, of))
	require.NoError(t, err)
	for range 2 {
		a := &attempt{worker: &worker{outbox: r.outbox}, body: entry.Data, of: of, seq: entry.Sequence}
		rec := before.record
		rec.State = StateUnknown
		require.NoError(t, a.toUnknown(t.Context(), rec, before.seq))
	}
	status, err := r.Outbox().Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, StateUnknown, status.State)
	counts, err := r.Outbox().Counts(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[State]int{StateUnknown: 1}, counts, "although the message was put aside again after the state")
	require.NoError(t, r.Outbox().Settle(t.Context(), "a", SettleResend), "the message is there")
}
