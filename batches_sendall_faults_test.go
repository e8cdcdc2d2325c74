package conversation_test

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// batchFaults are answers to a send that mean nothing good, each with and without the batch being accepted where both can be.
var batchFaults = []batchFault{
	{step: step{err: errDial, neverHad: true}},
	{step: step{err: errReset}},
	{step: step{err: errReset}, accepted: true},
	{step: step{status: 429}},
	{step: step{status: 429, header: map[string]string{"Retry-After": "1"}}},
	{step: step{status: 500}},
	{step: step{status: 500}, accepted: true},
	{step: step{status: 502, body: `<p>Bad gateway</p>`}},
	{step: step{status: 503}, accepted: true},
	{step: step{status: 504}, accepted: true},
	{step: step{status: 408}},
	{step: step{status: 401}}, // ends SendAll
	{step: step{status: 200, body: `<p>Sign in</p>`}},
	{step: step{status: 200, body: `{"error":{"code":14,"status":"UNAVAILABLE"}}`}},
	{step: step{status: 200, body: `{"batch_id":"B`, bodyErr: errReset}, accepted: true},
	{step: step{status: 200, takes: time.Hour}, accepted: true},
	{step: step{status: 200, takes: time.Hour}},
	{step: step{status: 400, body: `{"code":400,"message":"no","status":"INVALID_REQUEST"}`}},
}

// No batch is sent twice, and what is reported as not sent is nowhere, whatever the faults.
func TestSendAllUnderRandomFaults(t *testing.T) {
	t.Parallel()
	batches := atLength(2_000, 10_000)
	synctest.Test(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(18, 2))
		ledger := &batchLedger{
			late: 3 * time.Second,
			fault: func(int) batchFault {
				if random.IntN(5) > 0 {
					return batchFault{}
				}
				return batchFaults[random.IntN(len(batchFaults))]
			},
			lookup: func(int) *step {
				if random.IntN(5) > 0 {
					return nil
				}
				return &[]step{{status: 503}, {err: errReset}, {status: 429}, {status: 200, body: `[]`}, {status: 404}}[random.IntN(5)]
			},
		}
		client := ledger.client(t)
		results := sendToTheEnd(t, client, batches)
		requireSettled(t, ledger, results)
		counts := map[conversation.Outcome]int{}
		found := 0
		for _, result := range results {
			counts[result.Outcome]++
			if result.Found {
				found++
			}
		}
		t.Logf("%d batches: %d accepted, of which %d found by their key; %d rejected, %d unknown, %d not sent",
			len(results), counts[conversation.OutcomeAccepted], found, counts[conversation.OutcomeRejected],
			counts[conversation.OutcomeUnknown], counts[conversation.OutcomeNotSent])
		assert.Greater(t, counts[conversation.OutcomeAccepted], batches*8/10)
		assert.Greater(t, found, batches/50)
		assert.Positive(t, counts[conversation.OutcomeRejected])
		assert.Positive(t, counts[conversation.OutcomeUnknown])
		assert.Positive(t, counts[conversation.OutcomeNotSent])
	})
}

// sendToTheEnd sends batches of one recipient, and resumes as the documentation of SendAll says.
func sendToTheEnd(t *testing.T, client *conversation.Client, batches int) []conversation.BatchResult {
	t.Helper()
	var all []conversation.BatchResult
	for first := 0; first < batches; {
		results := allResults(t, client.Batches.SendAll(t.Context(), hi(), people(first, batches, nil), conversation.SendAllOptions{BatchSize: 1}))
		require.NotEmpty(t, results)
		all = append(all, results...)
		if first += len(results); results[len(results)-1].Outcome == conversation.OutcomeNotSent {
			first-- // it is sent again
		}
	}
	return all
}

// requireSettled holds results against what the server accepted.
func requireSettled(t *testing.T, ledger *batchLedger, results []conversation.BatchResult) {
	t.Helper()
	for key, accepted := range ledger.accepted {
		require.Len(t, accepted, 1, "the batch %s was sent twice", key)
	}
	for person, times := range ledger.people {
		require.Equal(t, 1, times, "a batch of %s was sent twice", person)
	}
	for _, result := range results {
		accepted := ledger.accepted[result.Key]
		require.Equal(t, result.Outcome == conversation.OutcomeAccepted, result.Err == nil || conversation.OutcomeOf(result.Err) == conversation.OutcomeAccepted)
		switch result.Outcome {
		case conversation.OutcomeAccepted:
			require.Len(t, accepted, 1, "accepted, but not there")
			require.Equal(t, accepted[0].id, result.BatchID)
		case conversation.OutcomeNotSent, conversation.OutcomeRejected:
			require.Empty(t, accepted, "%s, but there", result.Outcome)
		case conversation.OutcomeUnknown:
		}
	}
}
