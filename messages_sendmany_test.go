package conversation_test

import (
	"context"
	"errors"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestSendManySendsEachMessageOnceAndTellsOfThemInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const count = 500
		server := &bulkServer{answer: func(int, int) step {
			next := accepts
			next.takes = rand.N(time.Second)
			return next
		}}
		client, taken := bulkClient(t, server), 0
		sum, err := client.Messages.SendMany(t.Context(), numbered(0, count, &taken), unlimited)
		require.NoError(t, err)
		requireConsistent(t, sum, sum.Results)
		assert.Equal(t, count, taken)
		assert.Equal(t, count, sum.Accepted)
		assert.Equal(t, 32, server.most)
		for number := range count {
			assert.Equal(t, 1, server.accepted[number])
			assert.Len(t, server.came[number], 1)
			assert.Equal(t, "M", sum.Results[number].Response.MessageID)
		}
	})
}

func TestSendManyCallsOnResultInsteadOfKeepingResults(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, taken := bulkClient(t, &bulkServer{latency: time.Second}), 0
		var results []conversation.SendResult
		options := unlimited
		options.OnResult = func(result conversation.SendResult) { results = append(results, result) }
		sum, err := client.Messages.SendMany(t.Context(), numbered(0, 100, &taken), options)
		require.NoError(t, err)
		assert.Nil(t, sum.Results)
		requireConsistent(t, sum, results)
		assert.Equal(t, 100, sum.Accepted)
	})
}

func TestSendManyReadsAtMostOneMessageAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &bulkServer{latency: time.Second}
		client, taken, started := bulkClient(t, server), 0, time.Now()
		watched := func(yield func(*conversation.SendMessageRequest) bool) {
			for message := range numbered(0, 40, &taken) {
				assert.LessOrEqual(t, taken, server.answered()+4+1)
				if !yield(message) {
					return
				}
			}
		}
		_, err := client.Messages.SendMany(t.Context(), watched, conversation.SendManyOptions{Concurrency: 4, PerSecond: math.Inf(1)})
		require.NoError(t, err)
		assert.Equal(t, 4, server.most)
		assert.Equal(t, 10*time.Second, time.Since(started))
	})
}

func TestSendManyHoldsBackResultsOnlyUpToABound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &bulkServer{latency: time.Millisecond, answer: func(number, _ int) step {
			next := accepts
			if number == 0 {
				next.takes = 29 * time.Second
			}
			return next
		}}
		client, taken, mostAhead, told := bulkClient(t, server), 0, 0, 0
		options := conversation.SendManyOptions{Concurrency: 2, PerSecond: math.Inf(1), OnResult: func(conversation.SendResult) {
			mostAhead = max(mostAhead, taken-told)
			told++
		}}
		sum, err := client.Messages.SendMany(t.Context(), numbered(0, 1000, &taken), options)
		require.NoError(t, err)
		assert.Equal(t, 1000, sum.Accepted)
		assert.Equal(t, 128+1, mostAhead)
	})
}

func TestSendManyGoesOnAfterWhatConcernsOneMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &bulkServer{latency: time.Millisecond, answer: func(number, _ int) step {
			return []step{{status: 400}, {status: 500}, {err: errReset}, {status: 200, body: "cut"}, accepts}[number%5]
		}}
		client, taken := bulkClient(t, server), 0
		messages := slices.Collect(numbered(0, 50, &taken))
		messages = append(messages, nil, &conversation.SendMessageRequest{})
		sum, err := client.Messages.SendMany(t.Context(), slices.Values(messages), unlimited)
		require.NoError(t, err)
		requireConsistent(t, sum, sum.Results)
		assert.Equal(t, []int{52, 20, 10, 2, 20}, []int{sum.Taken, sum.Accepted, sum.Rejected, sum.NotSent, sum.Unknown})
		for number := range 50 {
			assert.Len(t, server.came[number], 1)
		}
	})
}

func TestSendManyStopsWhenTheNextMessageWouldFailToo(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer step
		policy conversation.RetryPolicy
		want   error
	}{
		"no connection":              {step{err: errDial, neverHad: true}, conversation.RetryPolicy{}, errDial},
		"wrong credentials":          {step{status: 401}, conversation.RetryPolicy{}, conversation.ErrUnauthorized},
		"429 and no repeats":         {step{status: 429}, conversation.NoRetry, conversation.ErrRateLimited},
		"429 and a wait too long":    {step{status: 429, header: map[string]string{"Retry-After": "31"}}, conversation.RetryPolicy{}, conversation.ErrRateLimited},
		"429 for more than a minute": {step{status: 429}, conversation.RetryPolicy{}, conversation.ErrRateLimited},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &bulkServer{latency: time.Millisecond, answer: func(number, _ int) step {
					if number < 100 {
						return accepts
					}
					return tt.answer
				}}
				client, taken := bulkClient(t, server, conversation.WithRetry(tt.policy)), 0
				sum, err := client.Messages.SendMany(t.Context(), numbered(0, 1000, &taken), unlimited)
				require.ErrorIs(t, err, tt.want)
				requireConsistent(t, sum, sum.Results)
				assert.Equal(t, 100, sum.Accepted)
				assert.Equal(t, taken, sum.Taken)
				assert.Positive(t, sum.NotSent)
				assert.LessOrEqual(t, sum.Taken, 100+32+1)
			})
		})
	}
}

func TestSendManyCanBeResumedAfterACancel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const count = 300
		server := &bulkServer{latency: 100 * time.Millisecond}
		client, taken := bulkClient(t, server), 0
		ctx, cancel := context.WithTimeoutCause(t.Context(), 450*time.Millisecond, errors.New("closing time"))
		defer cancel()

		sum, err := client.Messages.SendMany(ctx, numbered(0, count, &taken), unlimited)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "closing time")
		requireConsistent(t, sum, sum.Results)
		assert.Equal(t, []int{5*32 + 1, 4 * 32, 1, 32}, []int{sum.Taken, sum.Accepted, sum.NotSent, sum.Unknown})
		require.ErrorIs(t, sum.Results[5*32].Err, context.DeadlineExceeded)

		again := func(yield func(*conversation.SendMessageRequest) bool) {
			for _, result := range sum.Results {
				if result.Outcome == conversation.OutcomeNotSent && !yield(result.Request) {
					return
				}
			}
			numbered(sum.Taken, count, &taken)(yield)
		}
		rest, err := client.Messages.SendMany(t.Context(), again, unlimited)
		require.NoError(t, err)
		assert.Equal(t, count-5*32, rest.Accepted)
		for number := range count {
			assert.Len(t, server.came[number], 1)
		}
	})
}

func TestSendManyReadsNothingOnceItsContextHasEnded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	client, taken := bulkClient(t, &bulkServer{}), 0
	sum, err := client.Messages.SendMany(ctx, numbered(0, 10, &taken), unlimited)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
	assert.Zero(t, taken)
	assert.Equal(t, &conversation.SendManyResult{}, sum)
}

func TestSendManyReportsAContextThatEndedAfterTheLastMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		client, taken := bulkClient(t, &bulkServer{latency: time.Minute}), 0
		sum, err := client.Messages.SendMany(ctx, numbered(0, 3, &taken), unlimited)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 3, sum.Unknown)
	})
}

// A goroutine that is left behind fails the test: a bubble does not end before its goroutines do.
func TestSendManyLeavesNoGoroutineBehindWhenTheCallerPanics(t *testing.T) {
	t.Parallel()
	failing := func(yield func(*conversation.SendMessageRequest) bool) {
		for range 5 {
			message := textMessage()
			message.Message = conversation.Text("1")
			yield(message)
		}
		panic("on purpose")
	}
	for name, tt := range map[string]struct {
		messages iter.Seq[*conversation.SendMessageRequest]
		onResult func(conversation.SendResult)
	}{
		"in the sequence": {failing, nil},
		"in OnResult":     {numbered(0, 100, new(int)), func(conversation.SendResult) { panic("on purpose") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := bulkClient(t, &bulkServer{latency: time.Second})
				assert.PanicsWithValue(t, "on purpose", func() {
					_, _ = client.Messages.SendMany(t.Context(), tt.messages, conversation.SendManyOptions{OnResult: tt.onResult})
				})
			})
		})
	}
}

func TestSendManyRefusesWhatNoMessageCanBeSentWith(t *testing.T) {
	t.Parallel()
	response, taken := conversation.Response{StatusCode: 1}, 0
	for field, tt := range map[string]struct {
		options conversation.SendManyOptions
		opts    []conversation.RequestOption
	}{
		"Concurrency":        {conversation.SendManyOptions{Concurrency: -1}, nil},
		"PerSecond":          {conversation.SendManyOptions{PerSecond: -1}, nil},
		"WithRequestTimeout": {conversation.SendManyOptions{}, []conversation.RequestOption{conversation.WithRequestTimeout(-1)}},
		"WithResponse":       {conversation.SendManyOptions{}, []conversation.RequestOption{conversation.WithResponse(&response)}},
	} {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			client := bulkClient(t, &bulkServer{})
			sum, err := client.Messages.SendMany(t.Context(), numbered(0, 10, &taken), tt.options, tt.opts...)
			requireRefused(t, err, "Messages.SendMany", field)
			assert.Equal(t, &conversation.SendManyResult{}, sum)
		})
	}
	client := bulkClient(t, &bulkServer{})
	_, err := client.Messages.SendMany(t.Context(), nil, conversation.SendManyOptions{})
	requireRefused(t, err, "Messages.SendMany", "messages")
	_, err = client.Messages.SendMany(nil, numbered(0, 1, &taken), conversation.SendManyOptions{}) //nolint:staticcheck // On purpose.
	requireRefused(t, err, "Messages.SendMany", "ctx")
	for _, options := range []conversation.SendManyOptions{{Concurrency: 1001}, {PerSecond: math.NaN()}} {
		_, err = client.Messages.SendMany(t.Context(), numbered(0, 1, &taken), options)
		require.Len(t, argumentErrors(err), 1)
	}
	assert.Zero(t, taken)
	assert.Equal(t, 1, response.StatusCode, "left as it was")
}
