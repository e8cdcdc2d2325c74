package relay

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAClaimIsOverWhenItWasSeenUnchangedForALease(t *testing.T) {
	t.Parallel()
	r, _ := abandoned(t)
	first, _, err := r.inbox.claim(t.Context(), "k", "one", time.Second, 0)
	require.NoError(t, err)
	second, found, err := r.inbox.claim(t.Context(), "k", "two", time.Second, 0)
	require.NoError(t, err)
	require.Nil(t, second)
	assert.Equal(t, claimed, found.State)
	start := time.Now()
	expired, err := r.inbox.awaitClaimEnd(t.Context(), "k", time.Second, func() {})
	require.NoError(t, err)
	assert.Equal(t, first.revision, expired)
	assert.GreaterOrEqual(t, time.Since(start), time.Second)
	require.NoError(t, first.renew(t.Context()))
	second, _, err = r.inbox.claim(t.Context(), "k", "two", time.Second, expired)
	require.NoError(t, err)
	require.Nil(t, second, "it was renewed meanwhile")
	second, _, err = r.inbox.claim(t.Context(), "k", "two", time.Second, first.revision)
	require.NoError(t, err)
	require.NotNil(t, second)
	require.ErrorIs(t, first.renew(t.Context()), errClaimLost)
}

func TestAnUnchangedRecordIsMeasuredFromWhenItWasSeen(t *testing.T) {
	t.Parallel()
	var u unchanged
	assert.Zero(t, u.since("a", 1))
	assert.Positive(t, u.since("a", 1))
	assert.Zero(t, u.since("a", 2), "it has changed")
}
