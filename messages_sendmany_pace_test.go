package conversation_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestSendManySpacesRequestsEvenly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, taken := &bulkServer{latency: 50 * time.Millisecond}, 0
		client, started := bulkClient(t, server), time.Now()
		_, err := client.Messages.SendMany(t.Context(), numbered(0, 30, &taken), conversation.SendManyOptions{PerSecond: 10})
		require.NoError(t, err)
		for number := range 30 {
			assert.Equal(t, time.Duration(number)*100*time.Millisecond, server.came[number][0].Sub(started))
		}
		assert.Equal(t, 2950*time.Millisecond, time.Since(started), "it does not wait after the last message")
		assert.Zero(t, server.perApp, "the app's limit is not asked for")
	})
}

func TestSendManyKeepsToTheLimitThatTheAppPublishes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		app  string
		want time.Duration
	}{
		"a limit":          {`{"rate_limits":{"outbound":20}}`, 2 * time.Second},
		"no limits":        {`{"id":"app"}`, 0},
		"a limit of zero":  {`{"rate_limits":{"outbound":0}}`, 0},
		"an app not found": {"", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, taken := &bulkServer{app: tt.app}, 0
				client, started := bulkClient(t, server), time.Now()
				sum, err := client.Messages.SendMany(t.Context(), numbered(0, 41, &taken), conversation.SendManyOptions{})
				require.NoError(t, err)
				assert.Equal(t, 41, sum.Accepted)
				assert.InDelta(t, tt.want, time.Since(started), float64(10*time.Millisecond))
				assert.Equal(t, 1, server.perApp)
			})
		})
	}
}

func TestSendManyPausesForRetryAfterAndSendsAgainWhatWasTurnedAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		server := &bulkServer{latency: time.Millisecond, answer: func(number, before int) step {
			if number == 99 && before == 0 {
				return step{status: http.StatusTooManyRequests, header: map[string]string{"Retry-After": "20"}}
			}
			return accepts
		}}
		client, taken := bulkClient(t, server), 0
		sum, err := client.Messages.SendMany(t.Context(), numbered(0, 1000, &taken), unlimited)
		require.NoError(t, err)
		assert.Equal(t, 1000, sum.Accepted)
		assert.Len(t, server.came[99], 2)
		for _, times := range server.came {
			for _, at := range times {
				since := at.Sub(started)
				assert.False(t, since > 10*time.Millisecond && since < 20*time.Second, "sent after %s", since)
			}
		}
	})
}

func TestSendManyFindsTheRateThatAServerAccepts(t *testing.T) {
	t.Parallel()
	for name, retryAfter := range map[string]string{"with Retry-After": "1", "without": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const count, perSecond, burst = 5000, 50, 20
				var left float64 = burst
				var refused int
				last := time.Now()
				server := &bulkServer{latency: 20 * time.Millisecond, answer: func(int, int) step {
					left = min(burst, left+time.Since(last).Seconds()*perSecond)
					last = time.Now()
					if left < 1 {
						refused++
						return step{status: http.StatusTooManyRequests, header: map[string]string{"Retry-After": retryAfter}}
					}
					left--
					return accepts
				}}
				client, taken, started := bulkClient(t, server), 0, time.Now()
				sum, err := client.Messages.SendMany(t.Context(), numbered(0, count, &taken), unlimited)
				require.NoError(t, err)
				assert.Equal(t, count, sum.Accepted)
				ideal := count / perSecond * time.Second
				assert.Less(t, time.Since(started), ideal*3/2)
				assert.Less(t, refused, count/100)
				for number := range count {
					assert.Equal(t, 1, server.accepted[number])
				}
			})
		})
	}
}

func TestSendManyNeverSendsAgainWhatMayHaveBeenTaken(t *testing.T) {
	t.Parallel()
	answers := []step{
		accepts, accepts, accepts,
		{status: 200, body: "cut"},
		{status: 400},
		{status: 503},
		{err: errReset},
		{err: errReset, untraced: true},
		{status: 429},
		{status: 429, header: map[string]string{"Retry-After": "2"}},
	}
	for seed := range atLength(20, 2000) {
		synctest.Test(t, func(t *testing.T) {
			const count = 200
			random := rand.New(rand.NewPCG(uint64(seed), 1))
			notTurnedAway := make(map[int]int)
			client := bulkClient(t, &bulkServer{answer: func(number, _ int) step {
				next := answers[random.IntN(len(answers))]
				next.takes = time.Duration(random.Int64N(int64(time.Second)))
				if next.status != http.StatusTooManyRequests {
					notTurnedAway[number]++
				}
				return next
			}})
			for next := 0; next < count; {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.Int64N(int64(20*time.Second))))
				options, taken := conversation.SendManyOptions{Concurrency: 1 + random.IntN(40)}, 0
				sum, _ := client.Messages.SendMany(ctx, numbered(next, count, &taken), options)
				cancel()
				requireConsistent(t, sum, sum.Results)
				for _, result := range sum.Results {
					times := notTurnedAway[next+result.Index]
					switch result.Outcome {
					case conversation.OutcomeNotSent:
						require.Zero(t, times, "%+v", result)
					case conversation.OutcomeUnknown: // none, if the context ended before a 429 came
						require.LessOrEqual(t, times, 1, "%+v", result)
					default:
						require.Equal(t, 1, times, "%+v", result)
					}
				}
				next += taken
			}
		})
	}
}
