package pace_test

import (
	"context"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/internal/pace"
)

func TestNoWindowOfASecondHasMoreThanTheRateAndOne(t *testing.T) {
	t.Parallel()
	for _, perSecond := range []float64{0.5, 1, 20, 333} {
		synctest.Test(t, func(t *testing.T) {
			limiter := pace.NewLimiter(perSecond)
			var mu sync.Mutex
			var events []time.Time
			var wg sync.WaitGroup
			for range 500 {
				wg.Go(func() {
					assert.NoError(t, limiter.Wait(t.Context()))
					mu.Lock()
					defer mu.Unlock()
					events = append(events, time.Now())
				})
			}
			wg.Wait()
			require.Len(t, events, 500)
			for first := range events {
				last := first
				for last < len(events) && events[last].Sub(events[first]) < time.Second {
					last++
				}
				require.LessOrEqual(t, float64(last-first), max(perSecond, 0)+1)
			}
			assert.InDelta(t, 499/perSecond, events[499].Sub(events[0]).Seconds(), 0.001)
		})
	}
}

func TestTimeWithoutEventsIsNotMadeUpFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limiter := pace.NewLimiter(10)
		require.NoError(t, limiter.Wait(t.Context()))
		time.Sleep(time.Hour)
		started := time.Now()
		for range 3 {
			require.NoError(t, limiter.Wait(t.Context()))
		}
		assert.Equal(t, 200*time.Millisecond, time.Since(started))
	})
}

func TestAnEventThatIsGivenUpTakesNothingFromTheRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limiter := pace.NewLimiter(1)
		require.NoError(t, limiter.Wait(t.Context()))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, cancel)
		started := time.Now()
		require.ErrorIs(t, limiter.Wait(ctx), context.Canceled)
		require.NoError(t, limiter.Wait(t.Context()))
		assert.Equal(t, time.Second, time.Since(started))
	})
}

func TestADeadlineThatComesTooSoonIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limiter := pace.NewLimiter(1)
		for range 11 {
			go func() { _ = limiter.Wait(t.Context()) }()
		}
		synctest.Wait() // one has gone, ten wait
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		started := time.Now()
		require.ErrorIs(t, limiter.Wait(ctx), context.DeadlineExceeded)
		assert.Zero(t, time.Since(started))
		time.Sleep(time.Minute)
	})
}

func TestTheGreatestAndLeastRatesWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		fast := pace.NewLimiter(math.MaxFloat64)
		for range 100 {
			require.NoError(t, fast.Wait(t.Context()))
		}
		assert.Zero(t, time.Since(started))

		slow := pace.NewLimiter(math.SmallestNonzeroFloat64)
		require.NoError(t, slow.Wait(t.Context()))
		ctx, cancel := context.WithTimeout(t.Context(), 100*365*24*time.Hour)
		defer cancel()
		require.ErrorIs(t, slow.Wait(ctx), context.DeadlineExceeded)
		assert.Zero(t, time.Since(started))
	})
}
