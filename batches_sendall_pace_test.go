package conversation_test

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestSendAllKeepsToTheRateOfRecipients(t *testing.T) {
	t.Parallel()
	for perSecond, gap := range map[float64]time.Duration{100: 10 * time.Second, 0.5: 2000 * time.Second, 2000: 500 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			ledger := &batchLedger{}
			results := allResults(t, ledger.client(t).Batches.SendAll(t.Context(), hi(), people(0, 3500, nil), conversation.SendAllOptions{RecipientsPerSecond: perSecond}))
			require.Len(t, results, 4)
			for i, sent := range ledger.sends {
				assert.Equal(t, time.Duration(i)*gap, sent.at.Sub(ledger.sends[0].at).Round(time.Millisecond), "%v a second", perSecond)
			}
		})
	}
}

func TestSendAllKeepsToTheRequestsOfAProject(t *testing.T) {
	t.Parallel()
	for _, perSecond := range []float64{0, math.Inf(1)} {
		synctest.Test(t, func(t *testing.T) {
			ledger := &batchLedger{}
			results := allResults(t, ledger.client(t).Batches.SendAll(t.Context(), hi(), people(0, 1601, nil),
				conversation.SendAllOptions{BatchSize: 1, RecipientsPerSecond: perSecond}))
			require.Len(t, results, 1601)
			assert.InDelta(t, 2*time.Second, ledger.sends[1600].at.Sub(ledger.sends[0].at), float64(50*time.Millisecond))
		})
	}
}

func TestA429OfABatchIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ledger := &batchLedger{fault: func(send int) batchFault {
			if send < 4 {
				return batchFault{step: step{status: 429, header: map[string]string{"Retry-After": "5"}}}
			}
			return batchFault{}
		}}
		results := allResults(t, ledger.client(t).Batches.SendAll(t.Context(), hi(), people(0, 2, nil), conversation.SendAllOptions{BatchSize: 1}))
		require.Len(t, results, 2)
		assert.Equal(t, conversation.OutcomeAccepted, results[0].Outcome)
		assert.Len(t, ledger.sends, 6)
		for i := 1; i < 5; i++ {
			assert.GreaterOrEqual(t, ledger.sends[i].at.Sub(ledger.sends[i-1].at), 5*time.Second)
			assert.Equal(t, ledger.sends[0].key, ledger.sends[i].key)
		}
	})
}

// What the next batch would meet too ends SendAll, so that the rest of the sequence is not read and lost.
func TestSendAllStopsAtWhatTheNextBatchWouldMeetToo(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]step{
		"no connection":       {err: errDial, neverHad: true},
		"429 for too long":    {status: 429, header: map[string]string{"Retry-After": "600"}},
		"429 all the time":    {status: 429},
		"an unaccepted token": {status: 401},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ledger, read := &batchLedger{}, 0
				ledger.fault = func(send int) batchFault {
					if send == 0 {
						return batchFault{}
					}
					return batchFault{step: fault}
				}
				results := allResults(t, ledger.client(t).Batches.SendAll(t.Context(), hi(), people(0, 100, &read), conversation.SendAllOptions{BatchSize: 2}))
				require.Len(t, results, 2)
				assert.Equal(t, conversation.OutcomeAccepted, results[0].Outcome)
				assert.Equal(t, conversation.OutcomeNotSent, results[1].Outcome)
				assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(results[1].Err))
				assert.Equal(t, 4, read)
				assert.Zero(t, ledger.lookups)
			})
		})
	}
}

func TestARejectedBatchDoesNotStopSendAll(t *testing.T) {
	t.Parallel()
	ledger := &batchLedger{fault: func(send int) batchFault {
		if send == 0 {
			return batchFault{step: step{status: 400, body: `{"code":400,"message":"no such app","status":"INVALID_REQUEST"}`}}
		}
		return batchFault{}
	}}
	results := allResults(t, ledger.client(t).Batches.SendAll(t.Context(), hi(), people(0, 2, nil), conversation.SendAllOptions{BatchSize: 1}))
	require.Len(t, results, 2)
	assert.Equal(t, conversation.OutcomeRejected, results[0].Outcome)
	require.ErrorIs(t, results[0].Err, conversation.ErrBadRequest)
	assert.Equal(t, conversation.OutcomeAccepted, results[1].Outcome)
	assert.Zero(t, ledger.lookups, "a rejection is an answer")
}

func TestBreakingOutEndsSendAll(t *testing.T) {
	t.Parallel()
	ledger, read := &batchLedger{}, 0
	for result, err := range ledger.client(t).Batches.SendAll(t.Context(), hi(), people(0, 100, &read), conversation.SendAllOptions{BatchSize: 2}) {
		require.NoError(t, err)
		if result.Index == 1 {
			break
		}
	}
	assert.Len(t, ledger.sends, 2)
	assert.Equal(t, 4, read)
}

func TestNoBatchStartsAfterTheContextEnded(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		options conversation.SendAllOptions
		results int
	}{
		"while it waits for its turn": {conversation.SendAllOptions{BatchSize: 2, RecipientsPerSecond: 0.001}, 2},
		"between two batches":         {conversation.SendAllOptions{BatchSize: 2}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				ledger, read := &batchLedger{}, 0
				var results []conversation.BatchResult
				for result, err := range ledger.client(t).Batches.SendAll(ctx, hi(), people(0, 100, &read), tt.options) {
					assert.Equal(t, result.Err, err)
					results = append(results, *result)
					if tt.options.RecipientsPerSecond > 0 {
						time.AfterFunc(time.Second, cancel)
					} else {
						cancel()
					}
				}
				require.Len(t, results, tt.results)
				assert.Len(t, ledger.sends, 1)
				last := results[1]
				assert.Equal(t, conversation.OutcomeNotSent, last.Outcome)
				require.ErrorIs(t, last.Err, context.Canceled)
				assert.Equal(t, read, last.First+len(last.Recipients), "all that was read is in a result")
			})
		})
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	read := 0
	results := allResults(t, (&batchLedger{}).client(t).Batches.SendAll(cancelled, hi(), people(0, 100, &read), conversation.SendAllOptions{}))
	require.Len(t, results, 1)
	require.ErrorIs(t, results[0].Err, context.Canceled)
	assert.Equal(t, 1, read, "it does not wait until a batch is full")
	nobody := slices.Values(make([]conversation.BatchRecipient, 3))
	results = allResults(t, (&batchLedger{}).client(t).Batches.SendAll(cancelled, hi(), nobody, conversation.SendAllOptions{BatchSize: 1}))
	require.Len(t, results, 1)
	require.ErrorIs(t, results[0].Err, context.Canceled, "invalid recipients are not looked at any more")
}

// The context that ends during a send leaves its batch unknown: it could not be looked up any more.
func TestTheContextThatEndsDuringABatchLeavesItUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		ledger := &batchLedger{fault: func(int) batchFault { return batchFault{step: step{status: 200, takes: time.Hour}, accepted: true} }}
		results := allResults(t, ledger.client(t).Batches.SendAll(ctx, hi(), people(0, 2, nil), conversation.SendAllOptions{BatchSize: 1}))
		require.Len(t, results, 2)
		assert.Equal(t, conversation.OutcomeUnknown, results[0].Outcome)
		assert.NotEmpty(t, results[0].Key)
		assert.Equal(t, conversation.OutcomeNotSent, results[1].Outcome)
		assert.Len(t, ledger.sends, 1)
	})
}

func TestSendAllHoldsOneBatchInMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ledger, read := &batchLedger{}, 0
		next, stop := iter.Pull2(ledger.client(t).Batches.SendAll(t.Context(), hi(), people(0, math.MaxInt32, &read), conversation.SendAllOptions{}))
		defer stop()
		for batch := range 5 {
			_, err, ok := next()
			require.NoError(t, err)
			require.True(t, ok)
			assert.Equal(t, 1000*(batch+1), read, fmt.Sprint("batch ", batch))
		}
	})
}
