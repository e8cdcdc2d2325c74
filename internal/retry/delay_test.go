package retry

import (
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheBoundOfAWaitDoublesUpToTheLongest(t *testing.T) {
	t.Parallel()
	policy := Policy{BaseDelay: 100 * time.Millisecond, MaxDelay: 700 * time.Millisecond}
	for attempt, bound := range map[int]time.Duration{
		1: 100 * time.Millisecond, 2: 200 * time.Millisecond, 3: 400 * time.Millisecond, 4: 700 * time.Millisecond, 9: 700 * time.Millisecond,
	} {
		longest, shortest := time.Duration(0), bound
		for range 2000 {
			delay := policy.backoff(attempt)
			longest, shortest = max(longest, delay), min(shortest, delay)
		}
		assert.Less(t, longest, bound, "attempt %d", attempt)
		assert.Greater(t, longest, bound*98/100, "attempt %d", attempt)
		assert.Less(t, shortest, bound*2/100, "attempt %d", attempt)
	}
}

func TestABaseDelayOfNothingWaitsForNothing(t *testing.T) {
	t.Parallel()
	assert.Zero(t, Policy{}.backoff(5))
}

func TestAWaitThatTheServerAskedForIsBounded(t *testing.T) {
	t.Parallel()
	policy := Policy{BaseDelay: time.Second, MaxDelay: time.Second, MaxRetryAfter: 30 * time.Second}
	delay, again := policy.Delay(t.Context(), 1, 30*time.Second)
	assert.GreaterOrEqual(t, delay, 30*time.Second, "beyond MaxDelay, which is not meant for it")
	assert.True(t, again)
	_, again = policy.Delay(t.Context(), 1, 30*time.Second+1)
	assert.False(t, again)
	delay, again = policy.Delay(t.Context(), 1, 0)
	assert.Less(t, delay, time.Second)
	assert.True(t, again)
}

func TestThereIsNoWaitBeyondTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		policy := Policy{MaxRetryAfter: time.Minute}
		_, again := policy.Delay(ctx, 1, 5*time.Second-1)
		assert.True(t, again)
		_, again = policy.Delay(ctx, 1, 5*time.Second)
		assert.False(t, again)
	})
}

func TestWaitsOfTheSameRetryAfterAreSpread(t *testing.T) {
	t.Parallel()
	policy := Policy{MaxRetryAfter: math.MaxInt64}
	for asked, most := range map[time.Duration]time.Duration{
		time.Second: 100 * time.Millisecond, 5 * time.Second: 500 * time.Millisecond, 10 * time.Second: time.Second,
		time.Hour: time.Second, math.MaxInt64 - 2: 1,
	} {
		longest, shortest := time.Duration(0), time.Duration(math.MaxInt64)
		for range 2000 {
			delay, again := policy.Delay(t.Context(), 1, asked)
			require.True(t, again)
			longest, shortest = max(longest, delay), min(shortest, delay)
		}
		assert.GreaterOrEqual(t, shortest, asked, "never before the time asked for")
		assert.LessOrEqual(t, shortest-asked, most/10, "%v", asked)
		assert.LessOrEqual(t, longest-asked, most, "%v", asked)
		assert.GreaterOrEqual(t, longest-asked, most*9/10, "%v", asked)
	}
}

func TestTheSpreadOfWaitsEndsBeforeTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second+2*time.Millisecond)
		defer cancel()
		for range 1000 {
			delay, again := Policy{MaxRetryAfter: time.Minute}.Delay(ctx, 1, 10*time.Second)
			require.True(t, again)
			require.GreaterOrEqual(t, delay, 10*time.Second)
			require.Less(t, delay, 10*time.Second+2*time.Millisecond)
		}
	})
}

func TestWaitReturnsTheCauseOfAContextThatEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		require.NoError(t, Wait(t.Context(), time.Hour))
		assert.Equal(t, time.Hour, time.Since(started))

		stop := errors.New("stop")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(stop)
		require.ErrorIs(t, Wait(ctx, time.Hour), stop)
		assert.Equal(t, time.Hour, time.Since(started), "not a moment more")
	})
}
