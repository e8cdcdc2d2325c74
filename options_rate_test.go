package conversation_test

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestARateLimitMustBeARate(t *testing.T) {
	t.Parallel()
	for _, perSecond := range []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, err := conversation.NewClient("project", workingOptions(conversation.WithRateLimit(perSecond))...)
		requireRefused(t, err, "NewClient", "WithRateLimit")
	}
	for _, perSecond := range []float64{math.SmallestNonzeroFloat64, 0.1, 20, math.MaxFloat64} {
		_, err := conversation.NewClient("project", workingOptions(conversation.WithRateLimit(perSecond))...)
		require.NoError(t, err)
	}
}

// TestARateLimitHoldsForAllRequestsOfAClient makes calls of many kinds concurrently, some of which are retried.
func TestARateLimitHoldsForAllRequestsOfAClient(t *testing.T) {
	t.Parallel()
	for _, perSecond := range []float64{5, 20, 100} {
		synctest.Test(t, func(t *testing.T) {
			client, wire := scripted(t, []step{{status: 429}, {status: 503}, {status: 429}, {status: 200, body: `{}`}}, conversation.WithRateLimit(perSecond))
			var group sync.WaitGroup
			for _, call := range everyCall() {
				for range 3 {
					group.Go(func() { _ = call(t.Context(), client) })
				}
			}
			group.Wait()
			seen := wire.requests()
			require.Greater(t, len(seen), 150)
			for i := 1; i < len(seen); i++ {
				assert.GreaterOrEqual(t, seen[i].at.Sub(seen[i-1].at), time.Duration(float64(time.Second)/perSecond)-1)
			}
		})
	}
}

func TestTokenRequestsDoNotCountAgainstTheRateLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &platform{token: hourly}
		started := time.Now()
		client := p.client(t, conversation.WithRateLimit(1))
		require.NoError(t, get(t.Context(), client))
		assert.Zero(t, time.Since(started), "one token request and one call")
		require.NoError(t, get(t.Context(), client))
		assert.Equal(t, time.Second, time.Since(started))
	})
}

func TestTheWaitForTheRateLimitIsNotPartOfTheAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := scripted(t, []step{{status: 200, body: getCall.ok}}, conversation.WithRateLimit(0.1), conversation.WithTimeout(time.Second))
		started := time.Now()
		require.NoError(t, getCall.do(t.Context(), client))
		require.NoError(t, getCall.do(t.Context(), client))
		assert.Equal(t, 10*time.Second, time.Since(started))
	})
}

func TestACallWhoseContextEndsBeforeItsTurnIsNotSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{status: 200, body: sendCall.ok}}, conversation.WithRateLimit(0.1))
		require.NoError(t, sendCall.do(t.Context(), client))

		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		started := time.Now()
		err := sendCall.do(ctx, client)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "WithRateLimit")
		assert.Zero(t, time.Since(started), "it is known at the start")
		assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))

		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		err = sendCall.do(ctx, client)
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, time.Second, time.Since(started))
		assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
		assert.Len(t, wire.requests(), 1)
	})
}

func TestARetryWhoseTurnComesTooLateKeepsTheOutcomeOfTheFirstAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, wire := scripted(t, []step{{status: 503}, {status: 204}}, conversation.WithRateLimit(0.1))
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		err := deleteCall.do(ctx, client)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, conversation.ErrUnavailable, "the failure of the first attempt")
		assert.Equal(t, conversation.OutcomeUnknown, conversation.OutcomeOf(err))
		assert.Len(t, wire.requests(), 1)
	})
}

func TestSendManyKeepsToBothLimits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ client, perSecond, want float64 }{
		"the client's is lower":    {10, 100, 10},
		"that of the run is lower": {100, 10, 10},
		"the run has none":         {20, math.Inf(1), 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var taken int
				server := &bulkServer{}
				client := bulkClient(t, server, conversation.WithRateLimit(test.client))
				started := time.Now()
				sum, err := client.Messages.SendMany(t.Context(), numbered(0, 101, &taken), conversation.SendManyOptions{PerSecond: test.perSecond})
				require.NoError(t, err)
				assert.Equal(t, 101, sum.Accepted)
				assert.InDelta(t, 100/test.want, time.Since(started).Seconds(), 0.1)
			})
		})
	}
}

func ExampleWithRateLimit() {
	_, err := conversation.NewClient("PROJECT_ID",
		conversation.WithOAuth2("KEY_ID", "KEY_SECRET"),
		conversation.WithRegion(conversation.RegionEU),
		conversation.WithRateLimit(20)) // requests a second, the platform's limit of an app
	fmt.Println(err)
	// Output: <nil>
}
