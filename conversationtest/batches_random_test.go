package conversationtest_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// faultsOfBatches happen to batches at random, before and after their effect, and to the requests that look for them.
var faultsOfBatches = []conversationtest.Fault{
	{Kind: conversationtest.FaultRefuse, Operation: "Batches.Send"},
	{Kind: conversationtest.FaultReset, Operation: "Batches.Send"},
	{Kind: conversationtest.FaultResetMidRequest, Operation: "Batches.Send"},
	{Kind: conversationtest.FaultHang, Operation: "Batches.Send"},
	{Kind: conversationtest.FaultRateLimit, Operation: "Batches.Send", RetryAfter: "1"},
	{Kind: conversationtest.FaultStatus, Operation: "Batches.Send"},
	{Kind: conversationtest.FaultHTML, Operation: "Batches.Send"},
	{Kind: conversationtest.FaultExpiredToken, Operation: "Batches.Send"},
	{Kind: conversationtest.FaultDropAfterAccept, Operation: "Batches.Send"},
	{Kind: conversationtest.FaultHangAfterAccept, Operation: "Batches.Send"},
	{Kind: conversationtest.FaultStatusAfterAccept, Operation: "Batches.Send"},
	{Kind: conversationtest.FaultTruncatedBody, Operation: "Batches.Send"},
	{Kind: conversationtest.FaultEmptyBody, Operation: "Batches.Send"},
	{Kind: conversationtest.FaultBadJSON, Operation: "Batches.Send"},
	{Kind: conversationtest.FaultStatus, Operation: "Batches.FindByMetadata"},
	{Kind: conversationtest.FaultDropAfterAccept, Operation: "Batches.FindByMetadata"},
}

// TestNoBatchIsSentTwice sends batches under random faults, those that were not sent again and again, and compares the
// outcomes with the ledger of the server.
func TestNoBatchIsSentTwice(t *testing.T) {
	t.Parallel()
	volume := 300
	if isSoak() {
		volume = 10_000
	}
	const senders = 4
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{BatchDelay: time.Second, TokenLifetime: 1000 * time.Hour})
		for i, fault := range faultsOfBatches {
			fault.Probability, fault.Seed = 0.02, uint64(i)
			srv.Fault(fault)
		}
		var mu sync.Mutex
		var results []*conversation.BatchResult
		var running sync.WaitGroup
		for sender := range senders {
			running.Go(func() {
				got := sendUntilSettled(t, srv, sender, volume/senders)
				mu.Lock()
				defer mu.Unlock()
				results = append(results, got...)
			})
		}
		running.Wait()
		checkBatches(t, srv, results, volume)
	})
}

// sendUntilSettled sends batches of two recipients. It sends those that were not sent again until there are none, as the
// documentation of SendAll describes.
func sendUntilSettled(t *testing.T, srv *conversationtest.Server, sender, volume int) []*conversation.BatchResult {
	t.Helper()
	client := srv.NewClient(t)
	var open []conversation.BatchRecipient
	for i := range 2 * volume {
		open = append(open, batchOf(srv, fmt.Sprintf("1555%d%06d", sender, i)).RecipientAndParams...)
	}
	var results []*conversation.BatchResult
	message := &conversation.SendBatchRequest{AppID: srv.AppID(), Message: conversation.Text("hello")}
	for len(open) > 0 {
		var again []conversation.BatchRecipient
		read := 0
		for result, err := range client.Batches.SendAll(t.Context(), message, slices.Values(open), conversation.SendAllOptions{
			BatchSize: 2, LookupTimeout: 10 * time.Second,
		}) {
			results = append(results, result)
			read += len(result.Recipients)
			assert.Equal(t, result.Err, err)
			if result.Outcome == notSent {
				again = append(again, result.Recipients...)
			}
		}
		open = append(again, open[read:]...)
	}
	return results
}

// checkBatches compares the outcomes with the batches that the server accepted.
func checkBatches(t *testing.T, srv *conversationtest.Server, results []*conversation.BatchResult, volume int) {
	t.Helper()
	there := map[string]string{} // The ids of batches by their keys.
	for _, batch := range srv.Batches() {
		key, _ := batch.Request.BatchMetadata[conversation.BatchKey].(string)
		assert.NotContains(t, there, key, "a batch was sent twice")
		there[key] = batch.BatchID
	}
	settled, outcomes, found := 0, map[conversation.Outcome]int{}, 0
	for _, result := range results {
		outcomes[result.Outcome]++
		id, isThere := there[result.Key]
		switch result.Outcome {
		case accepted:
			assert.True(t, isThere, "an accepted batch is not there")
			assert.Contains(t, []string{id, ""}, result.BatchID)
		case notSent, rejected:
			assert.False(t, isThere, "%v for a batch that is there", result.Outcome)
		}
		if result.Outcome != notSent {
			settled++
		}
		if result.Found {
			found++
		}
	}
	assert.Equal(t, volume, settled)
	assert.Positive(t, found, "batches whose answer was lost")
	people := map[string]int{}
	for _, sent := range srv.Sent() {
		people[sent.Request.Recipient.IdentifiedBy.ChannelIdentities[0].Identity]++
	}
	for number, times := range people {
		assert.Equal(t, 1, times, "%s", number)
	}
	t.Logf("%d batches there, of %d: %v, %d of them found by their key; %d faults", len(there), volume, outcomes, found, srv.FaultHits())
}
