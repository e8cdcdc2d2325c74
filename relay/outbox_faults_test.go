package relay_test

import (
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

func TestALostAnswerLeavesTheEntryUnknownAndItIsNotSentAgain(t *testing.T) {
	t.Parallel()
	r, js, srv := lost(t)
	var found []string
	for unknown, err := range r.Outbox().Unknown(t.Context()) {
		require.NoError(t, err)
		found = append(found, unknown.ID)
		assert.NotEmpty(t, unknown.Reason)
	}
	assert.Equal(t, []string{"a"}, found)
	assert.Len(t, srv.Sent(), 1)
	require.Eventually(t, func() bool { return slices.Equal(kinds(t, js), []string{"held", "state"}) }, 10*time.Second, 10*time.Millisecond,
		"the message is kept aside, and not in the queue")
}

func TestAnUnknownEntryIsSettledByHand(t *testing.T) {
	t.Parallel()
	for how, want := range map[relay.Settlement]relay.State{
		relay.SettleAccepted: relay.StateAccepted, relay.SettleDrop: relay.StateDropped, relay.SettleResend: relay.StateAccepted,
	} {
		t.Run(string(how), func(t *testing.T) {
			t.Parallel()
			r, js, srv := lost(t)
			require.NoError(t, r.Outbox().Settle(t.Context(), "a", how))
			inState(t, r, "a", want)
			require.Eventually(t, func() bool { return len(kinds(t, js)) == 1 }, 10*time.Second, 10*time.Millisecond, "the message is removed")
			sends := 1
			if how == relay.SettleResend {
				sends = 2
			}
			assert.Len(t, srv.Sent(), sends)
			require.ErrorIs(t, r.Outbox().Settle(t.Context(), "a", how), relay.ErrNotUnknown)
		})
	}
}

func TestSettlingAMissingEntryIsAnError(t *testing.T) {
	t.Parallel()
	r := open(t)
	require.ErrorIs(t, r.Outbox().Settle(t.Context(), "missing", relay.SettleDrop), relay.ErrNoEntry)
	_, err := r.Outbox().Get(t.Context(), "missing")
	require.ErrorIs(t, err, relay.ErrNoEntry)
}

func TestThePolicySettlesUnknownEntries(t *testing.T) {
	t.Parallel()
	for policy, sends := range map[relay.UnknownPolicy]int{relay.UnknownResend: 2, relay.UnknownDrop: 1} {
		t.Run(string(policy), func(t *testing.T) {
			t.Parallel()
			r, _, srv := lost(t, relay.WithUnknown(policy, time.Second))
			want := map[relay.UnknownPolicy]relay.State{relay.UnknownResend: relay.StateAccepted, relay.UnknownDrop: relay.StateDropped}[policy]
			inState(t, r, "a", want)
			assert.Len(t, srv.Sent(), sends)
		})
	}
}

func TestARejectedMessageHasAReason(t *testing.T) {
	t.Parallel()
	r, js := engine(t)
	srv := conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	require.NoError(t, r.Outbox().Enqueue(t.Context(), message("no-such-app"), relay.Entry{ID: "a"}))
	work(t, r, srv.NewClient(t))
	status := inState(t, r, "a", relay.StateRejected)
	assert.Contains(t, status.Reason, "404")
	require.Eventually(t, func() bool { return len(kinds(t, js)) == 1 }, 10*time.Second, 10*time.Millisecond)
}

func TestA429IsRetried(t *testing.T) {
	t.Parallel()
	r, srv := open(t), conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultRateLimit, Operation: "Messages.Send", Times: 2})
	require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: "a"}))
	work(t, r, srv.NewClient(t))
	status := inState(t, r, "a", relay.StateAccepted)
	assert.Equal(t, 3, status.Attempts)
	assert.Len(t, srv.Sent(), 1)
}

func TestAMessageThatCannotBeDecodedBecomesADeadLetter(t *testing.T) {
	t.Parallel()
	r, js := engine(t)
	srv := conversationtest.NewServer(conversationtest.Config{})
	defer srv.Close()
	require.NoError(t, r.Outbox().Enqueue(t.Context(), message("app"), relay.Entry{ID: "good"}))
	bad := nats.NewMsg("sinch.outbox.entry.app.bad")
	bad.Data = []byte(`{"app_id":7}`)
	_, err := js.PublishMsg(t.Context(), bad)
	require.NoError(t, err)
	work(t, r, srv.NewClient(t))
	status := inState(t, r, "bad", relay.StateRejected)
	assert.Contains(t, status.Reason, "cannot be decoded")
	first := onlyDeadLetter(t, r)
	assert.Equal(t, "outbox", first.Origin)
	assert.Equal(t, "bad", first.ID)
	assert.Contains(t, first.Reason, "cannot be decoded")
	assert.Equal(t, bad.Data, first.Body)
	require.NoError(t, r.RetryDeadLetter(t.Context(), first.Seq))
	require.Eventually(t, func() bool { return onlyDeadLetter(t, r) != nil }, 10*time.Second, 10*time.Millisecond, "it is tried again, and fails again")
}
