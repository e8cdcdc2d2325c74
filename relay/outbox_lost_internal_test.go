package relay

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestAnEntryWithoutItsMessageBecomesUnknown(t *testing.T) {
	t.Parallel()
	r, srv := abandoned(t) // an attempt with its message
	o, app := r.outbox, srv.AppID()
	for id, rec := range map[string]record{"b": {State: StateAttempting, Attempts: 1}, "c": {State: StateQueued, Attempts: 1}, "d": {State: StateAccepted}} {
		_, err := o.put(t.Context(), ref{id: id, app: app}, rec, 0, nil)
		require.NoError(t, err)
	}
	before := r.names.message(ref{id: "c", app: app}, kindHeld, []byte("{}"), nil)
	_, err := r.js.PublishMsg(t.Context(), before)
	require.NoError(t, err)

	w := &worker{outbox: o, outboxConfig: outboxConfig{lease: 50 * time.Millisecond}}
	open, err := w.withoutMessage(t.Context())
	require.NoError(t, err)
	assert.ElementsMatch(t, []ref{{id: "b", app: app}, {id: "c", app: app}}, open)
	open, err = w.endLost(t.Context(), open)
	require.NoError(t, err)
	assert.Len(t, open, 2, "a lease has not passed")
	require.Eventually(t, func() bool {
		open, err = w.endLost(t.Context(), open)
		return err == nil && len(open) == 0
	}, 10*time.Second, 10*time.Millisecond)

	states := map[string]State{}
	for status, err := range o.Unknown(t.Context()) {
		require.NoError(t, err)
		states[status.ID] = status.State
	}
	assert.Equal(t, map[string]State{"b": StateUnknown, "c": StateUnknown}, states)
	status, err := o.Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, StateAttempting, status.State, "it has its message")
	require.ErrorIs(t, o.Settle(t.Context(), "b", SettleResend), ErrMessageLost)
	require.NoError(t, o.Settle(t.Context(), "b", SettleDrop))
	require.NoError(t, o.Settle(t.Context(), "c", SettleResend), "the message of an earlier round is there")
}

func TestTheSearchForLostMessagesBeginsWithTheRun(t *testing.T) {
	t.Parallel()
	r, srv := abandoned(t)
	_, err := r.outbox.put(t.Context(), ref{id: "b", app: srv.AppID()}, record{State: StateAttempting, Attempts: 1}, 0, nil)
	require.NoError(t, err)
	client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry))
	go func() { _ = r.Outbox().Run(t.Context(), client, WithSendLease(minLease)) }()
	require.Eventually(t, func() bool {
		status, err := r.Outbox().Get(t.Context(), "b")
		return err == nil && status.State == StateUnknown
	}, 30*time.Second, 50*time.Millisecond)
}
