package conversation_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// assertWaited requires a wait of what a server asked for, and up to a tenth more, but at most a second.
func assertWaited(t *testing.T, asked, waited time.Duration) {
	t.Helper()
	assert.GreaterOrEqual(t, waited, asked)
	assert.LessOrEqual(t, waited, asked+min(asked/10, time.Second))
}

func TestRetryAfterIsWaitedForInFull(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, value, date string
		want              time.Duration
	}{
		{"seconds", "7", "", 7 * time.Second},
		{"a fraction of a second", "0.5", "", time.Second},
		{"seconds with a fraction", "2.5", "", 3 * time.Second},
		{"a date against this clock", "Sat, 01 Jan 2000 00:00:09 GMT", "", 9 * time.Second},
		{"a date against the reply's own clock", "Mon, 02 Jan 2023 10:00:05 GMT", "Mon, 02 Jan 2023 10:00:00 GMT", 5 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // the clock starts at 2000-01-01 00:00:00 UTC
				client, _ := scripted(t, []step{
					{status: 429, header: map[string]string{"Retry-After": tt.value, "Date": tt.date}},
					{status: 200, body: sendCall.ok},
				})
				started := time.Now()
				require.NoError(t, sendCall.do(t.Context(), client))
				assertWaited(t, tt.want, time.Since(started))
			})
		})
	}
}

func TestTheRetryAfterOfAnErrorIsInWholeSeconds(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]time.Duration{"299.997": 300 * time.Second, "31.000001": 32 * time.Second, "60": time.Minute} {
		client, _ := scripted(t, []step{{status: 429, header: map[string]string{"Retry-After": value}}})
		answer, ok := errors.AsType[*conversation.Error](sendCall.do(t.Context(), client))
		require.True(t, ok)
		assert.Equal(t, want, answer.RetryAfter, value)
	}
}

func TestCallersWithTheSameRetryAfterDoNotReturnTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const callers = 100
		client, wire := scripted(t, append(slices.Repeat([]step{{status: 429, header: map[string]string{"Retry-After": "5"}}}, callers),
			step{status: 200, body: sendCall.ok}), conversation.WithRetry(conversation.RetryPolicy{Budget: callers}))
		started := time.Now()
		var group sync.WaitGroup
		for range callers {
			group.Go(func() { assert.NoError(t, sendCall.do(t.Context(), client)) })
		}
		group.Wait()
		returned := make(map[time.Duration]int)
		for _, request := range wire.requests()[callers:] {
			assertWaited(t, 5*time.Second, request.at.Sub(started))
			returned[request.at.Sub(started).Truncate(100*time.Millisecond)]++
		}
		assert.Greater(t, len(returned), 3, "they come in all of the half second: %v", returned)
	})
}

func TestAnInvalidRetryAfterIsIgnored(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"-5", "soon", "1e3", "1e18", "0", "00", "0.0", "1.5e3", "NaN", "+5", "Sat, 01 Jan 1999 00:00:00 GMT"} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, _ := scripted(t, []step{
					{status: 503, header: map[string]string{"Retry-After": value}}, {status: 200, body: getCall.ok},
				})
				started := time.Now()
				require.NoError(t, getCall.do(t.Context(), client))
				assert.LessOrEqual(t, time.Since(started), 250*time.Millisecond)
			})
		})
	}
}

func TestARetryAfterBeyondTheLimitFailsImmediately(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"31", "30.001", "9999999999999", "1000000000000000000", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, wire := scripted(t, []step{{status: 429, header: map[string]string{"Retry-After": value}}})
				started := time.Now()
				err := sendCall.do(t.Context(), client)
				assert.Zero(t, time.Since(started))
				assert.Len(t, wire.requests(), 1)
				answer, ok := errors.AsType[*conversation.Error](err)
				require.True(t, ok)
				assert.Greater(t, answer.RetryAfter, 30*time.Second)
				assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
			})
		})
	}
}

func TestACallNeverSleepsPastItsDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{status: 429, header: map[string]string{"Retry-After": "5"}}})
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		started := time.Now()
		err := sendCall.do(ctx, client)
		require.ErrorIs(t, err, conversation.ErrRateLimited)
		assert.Zero(t, time.Since(started))
		assert.Len(t, wire.requests(), 1)
	})
}

func TestACanceledWaitReturnsImmediately(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{status: 429, header: map[string]string{"Retry-After": "20"}}})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		started := time.Now()
		err := sendCall.do(ctx, client)
		assert.Equal(t, time.Second, time.Since(started))
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, conversation.ErrRateLimited)
		assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
		assert.Len(t, wire.requests(), 1)
	})
}

// TestWaitsAreSpreadEvenly holds the waits after the first, second and third attempt against an even spread up to their
// bound (full jitter), by the Kolmogorov-Smirnov distance. Waits that are even fail it less than once in a million runs.
func TestWaitsAreSpreadEvenly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const attempts = 4
		calls := atLength(1_000, 5_000)
		client, wire := scripted(t, []step{{status: 503}},
			conversation.WithRetry(conversation.RetryPolicy{MaxAttempts: attempts, MaxDelay: 800 * time.Millisecond, Budget: calls * attempts}))
		for range calls {
			require.Error(t, getCall.do(t.Context(), client))
		}
		seen := wire.requests()
		require.Len(t, seen, calls*attempts)
		for i, bound := range []time.Duration{250 * time.Millisecond, 500 * time.Millisecond, 800 * time.Millisecond} {
			var waits []time.Duration
			for call := range calls {
				first := call*attempts + i
				waits = append(waits, seen[first+1].at.Sub(seen[first].at))
			}
			assert.Less(t, distanceFromEven(waits, bound), 2.80/math.Sqrt(float64(calls)), "the waits after attempt %d", i+1) // 2 exp(-2 * 2.80²) = 3e-7
		}
	})
}

// distanceFromEven is the greatest distance between the distribution of the waits and an even one from zero to the bound.
func distanceFromEven(waits []time.Duration, bound time.Duration) float64 {
	slices.Sort(waits)
	distance, count := 0.0, float64(len(waits))
	for i, wait := range waits {
		even := float64(wait) / float64(bound)
		distance = max(distance, even-float64(i)/count, float64(i+1)/count-even)
	}
	return distance
}

func TestTheGreatestPolicyWorks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{status: 503}, {status: 200, body: getCall.ok}}, conversation.WithRetry(conversation.RetryPolicy{
			MaxAttempts: math.MaxInt, BaseDelay: math.MaxInt64, MaxDelay: math.MaxInt64, MaxRetryAfter: math.MaxInt64, Budget: math.MaxInt,
		}))
		require.NoError(t, getCall.do(t.Context(), client))
		assert.Len(t, wire.requests(), 2)
	})
}

func TestTheLongestWaitThatIsAllowedIsWaited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		client, _ := scripted(t, []step{{status: 429, header: map[string]string{"Retry-After": "30"}}, {status: 200, body: getCall.ok}})
		require.NoError(t, getCall.do(t.Context(), client))
		assertWaited(t, 30*time.Second, time.Since(start))
	})
}

func TestAWaitThatEndsWithTheContextIsNotBegun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		client, _ := scripted(t, []step{{status: 429, header: map[string]string{"Retry-After": "20"}}})
		require.ErrorIs(t, getCall.do(ctx, client), conversation.ErrRateLimited)
		assert.Zero(t, time.Since(start))
	})
}
