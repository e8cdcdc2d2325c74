package pace_test

import (
	"context"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/internal/pace"
	"github.com/sinchgo/conversation/internal/retry"
)

var policy = retry.Policy{MaxAttempts: 3, MaxDelay: time.Second, MaxRetryAfter: 30 * time.Second}

func TestRequestsAreSpacedEvenly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pacer := pace.New(20, policy)
		started := time.Now()
		for i := range 10 {
			require.NoError(t, pacer.Wait(t.Context()))
			assert.Equal(t, time.Duration(i)*50*time.Millisecond, time.Since(started))
		}
		assert.Equal(t, 50*time.Millisecond, pacer.Take())
	})
}

func TestWithoutALimitNothingWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pacer := pace.New(math.Inf(1), policy)
		for range 1000 {
			require.Zero(t, pacer.Take())
		}
		pacer.Restrict(10)
		assert.Equal(t, 100*time.Millisecond, pacer.Take())
	})
}

func TestOnlyALittleLostTimeIsMadeUpFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pacer := pace.New(1000, policy)
		require.Zero(t, pacer.Take())
		require.NoError(t, retry.Wait(t.Context(), time.Minute))
		burst := 0
		for pacer.Take() == 0 {
			burst++
		}
		assert.Equal(t, 11, burst, "10 ms at 1 a millisecond, and the one that is due")
	})
}

func TestA429PausesAndSlowsDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pacer := pace.New(10, policy)
		require.Zero(t, pacer.Take())
		require.NoError(t, retry.Wait(t.Context(), time.Millisecond))
		started := time.Now()
		require.True(t, pacer.Throttled(t.Context(), started, 5*time.Second))
		pause := pacer.Take()
		assert.GreaterOrEqual(t, pause, 5*time.Second)
		assert.LessOrEqual(t, pause, 5500*time.Millisecond)
		require.NoError(t, pacer.Wait(t.Context()))
		assert.Equal(t, 125*time.Millisecond, pacer.Take(), "8 a second: a fifth less")

		require.True(t, pacer.Throttled(t.Context(), started, 0), "another request of the same moment")
		assert.Equal(t, 125*time.Millisecond, pacer.Take(), "slows nothing down twice")

		for range 1000 {
			pacer.Success()
		}
		require.NoError(t, pacer.Wait(t.Context()))
		assert.Equal(t, 100*time.Millisecond, pacer.Take(), "the limit again")
	})
}

func TestAPacerWithoutALimitSearchesAfterAnEarly429(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pacer := pace.New(math.Inf(1), policy)
		require.Zero(t, pacer.Take())
		throttle := func() {
			require.NoError(t, retry.Wait(t.Context(), time.Millisecond))
			require.True(t, pacer.Throttled(t.Context(), time.Now(), time.Second))
			require.NoError(t, pacer.Wait(t.Context()))
		}
		throttle()
		assert.Equal(t, 250*time.Millisecond, pacer.Take(), "a fifth less than the first guess")
		throttle()
		throttle()
		assert.Equal(t, 250*time.Millisecond, pacer.Take(), "nothing was accepted, so a lower rate would not have helped")
		for range 396 {
			pacer.Success()
		}
		require.NoError(t, pacer.Wait(t.Context()))
		assert.Equal(t, 2500*time.Microsecond, pacer.Take(), "400 a second: each success adds one")
		throttle()
		assert.Equal(t, 3125*time.Microsecond, pacer.Take(), "320 a second")
		for range 100 {
			pacer.Success()
		}
		require.NoError(t, pacer.Wait(t.Context()))
		assert.InDelta(t, time.Second/330, pacer.Take(), float64(time.Microsecond), "the search is over")
	})
}

func TestA429RightAfterACutIsNotCountedTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pacer := pace.New(100, policy)
		for _, tt := range []struct{ after, want time.Duration }{
			{time.Second, 12500 * time.Microsecond}, {time.Millisecond, 12500 * time.Microsecond}, {500 * time.Millisecond, 15625 * time.Microsecond},
		} {
			require.NoError(t, retry.Wait(t.Context(), tt.after))
			pacer.Success()
			require.True(t, pacer.Throttled(t.Context(), time.Now(), 100*time.Millisecond))
			require.NoError(t, pacer.Wait(t.Context()))
			assert.InDelta(t, tt.want, pacer.Take(), float64(100*time.Microsecond))
		}
	})
}

func TestAPacerGivesUpAfterAMinuteOf429(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pacer := pace.New(10, policy)
		require.Zero(t, pacer.Take())
		require.NoError(t, retry.Wait(t.Context(), time.Second))
		require.True(t, pacer.Throttled(t.Context(), time.Now(), time.Second))
		require.NoError(t, retry.Wait(t.Context(), time.Minute))
		require.True(t, pacer.Throttled(t.Context(), time.Now(), time.Second))
		require.NoError(t, retry.Wait(t.Context(), time.Second))
		assert.False(t, pacer.Throttled(t.Context(), time.Now(), time.Second))
	})
}

func TestAPacerWaitsNoLongerThanItsPolicyAllows(t *testing.T) {
	t.Parallel()
	pacer := pace.New(10, policy)
	assert.False(t, pacer.Throttled(t.Context(), time.Now(), 31*time.Second))
	once := pace.New(10, retry.Policy{MaxAttempts: 1, MaxRetryAfter: time.Minute})
	assert.False(t, once.Throttled(t.Context(), time.Now(), time.Second))
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	pacer := pace.New(0.001, policy)
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, pacer.Wait(ctx))
	cancel()
	require.ErrorIs(t, pacer.Wait(ctx), context.Canceled)
}
