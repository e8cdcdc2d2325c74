package webhook

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// waiting returns how many waits there are for M.
func waiting(t *Tracker) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.waits["M"])
}

func TestAWaitLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tracker := NewTracker()
		receiver, err := NewReceiver(WithoutVerification())
		require.NoError(t, err)
		tracker.Follow(receiver)
		tracker.Follow(receiver)
		require.Len(t, receiver.handlers.trackers, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for range 3 {
			go func() { _, _ = tracker.Wait(t.Context(), "M") }()
			go func() { _, _ = tracker.Wait(ctx, "M") }()
		}
		synctest.Wait()
		require.Equal(t, 6, waiting(tracker))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		require.Equal(t, 3, waiting(tracker))
		tracker.record(&MessageDelivery{MessageDeliveryReport: conversation.MessageDeliveryReport{
			MessageID: "M", Status: conversation.DeliveryStatusRead,
		}})
		assert.Empty(t, tracker.waits)
		assert.Len(t, tracker.known, 1)
		tracker.Close()
		assert.Empty(t, tracker.known)
		assert.Zero(t, tracker.oldest.Len())
	})
}

// TestTheDocumentedSizeOfATrackerIsRight fills one with reports as Sinch sends them.
//
//nolint:paralleltest // It measures the heap.
func TestTheDocumentedSizeOfATrackerIsRight(t *testing.T) {
	const ids = 100_000
	tracker := NewTracker()
	before := heap()
	for i := range ids {
		event, err := Parse(fmt.Appendf(nil, `{"app_id":"01EB37HMH1M6SV18ASNS3G135H","correlation_id":"order-%[1]d",
			"message_delivery_report":{"message_id":"01FJA8B3MCVQF1BYCN%08[1]d","conversation_id":"01FJA8AKBQNX1NM3C1D9V8FTTQ",
			"status":"QUEUED_ON_CHANNEL","channel_identity":{"channel":"WHATSAPP","identity":"1555%07[1]d"},"metadata":"order %[1]d"}}`, i))
		require.NoError(t, err)
		delivery, _ := event.(*MessageDelivery)
		tracker.record(delivery)
	}
	require.Len(t, tracker.known, ids)
	perID := (heap() - before) / ids
	assert.InDelta(t, 500, perID, 250, "bytes an ID: 100,000 use about 50 MB")
	runtime.KeepAlive(tracker)
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
