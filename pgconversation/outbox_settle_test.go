package pgconversation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/pgconversation"
)

func TestAnUnknownEntryIsSettled(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for _, id := range []string{"accepted", "resend", "drop", "other"} {
		s.insertAs(t, id, pgconversation.StateUnknown)
		s.exec(t, `UPDATE conversation_outbox SET reason = 'why' WHERE id = $1`, id)
	}
	before := s.get(t, "resend")
	for _, how := range []pgconversation.Settlement{pgconversation.SettleAccepted, pgconversation.SettleResend, pgconversation.SettleDrop} {
		require.NoError(t, pgconversation.Settle(t.Context(), s.river, s, string(how), how))
	}

	accepted := s.get(t, "accepted")
	assert.Equal(t, pgconversation.StateAccepted, accepted.State)
	assert.Equal(t, "settled as sent, by hand", accepted.Reason)
	assert.False(t, s.hasMessage(t, "accepted"))

	dropped := s.get(t, "drop")
	assert.Equal(t, pgconversation.StateDropped, dropped.State)
	assert.Equal(t, "why", dropped.Reason)
	assert.True(t, s.hasMessage(t, "drop"))

	again := s.get(t, "resend")
	assert.Equal(t, pgconversation.StateQueued, again.State)
	assert.Empty(t, again.Reason)
	assert.NotEqual(t, before.Job, again.Job)
	assert.Greater(t, again.At, before.At)

	other := s.get(t, "other")
	assert.Equal(t, pgconversation.StateUnknown, other.State)
	assert.Equal(t, 5, s.count(t, `SELECT count(*) FROM river_job`))
}

func TestOnlyAnUnknownEntryIsSettled(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for _, state := range []pgconversation.State{"queued", "attempting", "accepted", "rejected", "dropped", "cancelled", "expired"} {
		s.insertAs(t, string(state), state)
		for _, how := range []pgconversation.Settlement{pgconversation.SettleAccepted, pgconversation.SettleResend, pgconversation.SettleDrop} {
			err := pgconversation.Settle(t.Context(), s.river, s, string(state), how)
			require.ErrorIs(t, err, pgconversation.ErrNotUnknown)
			require.EqualError(t, err, "pgconversation: Settle: the entry is not unknown: it is "+string(state))
		}
		assert.Equal(t, state, s.get(t, string(state)).State)
	}
}

// TestAnUnknownEntryThatIsTooLateIsNotSentAgain keeps the record that it may have been sent, which StateExpired would deny.
func TestAnUnknownEntryThatIsTooLateIsNotSentAgain(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.insert(t, pgconversation.Entry{ID: "a", Before: time.Now().Add(time.Hour)})
	s.exec(t, `UPDATE conversation_outbox SET state = 'unknown', before = now() - interval '1 second'`)
	err := pgconversation.Settle(t.Context(), s.river, s, "a", pgconversation.SettleResend)
	require.ErrorIs(t, err, pgconversation.ErrNotRetryable)
	require.ErrorContains(t, err, "its Before has passed")
	assert.Equal(t, pgconversation.StateUnknown, s.get(t, "a").State)
	require.NoError(t, pgconversation.Settle(t.Context(), s.river, s, "a", pgconversation.SettleDrop))
}

// TestTwoSettlementsOfAnEntry settles an entry in two transactions at the same time.
func TestTwoSettlementsOfAnEntry(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for _, id := range []string{"a", "b", "c"} {
		s.insertAs(t, id, pgconversation.StateUnknown)
		results := make(chan error, 2)
		for _, how := range []pgconversation.Settlement{pgconversation.SettleResend, pgconversation.SettleAccepted} {
			go func() { results <- pgconversation.Settle(t.Context(), s.river, s, id, how) }()
		}
		won, lost := <-results, <-results
		if won != nil {
			won, lost = lost, won
		}
		require.NoError(t, won)
		require.ErrorIs(t, lost, pgconversation.ErrNotUnknown)
	}
}
