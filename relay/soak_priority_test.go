package relay_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// TestAnUrgentMessageLeavesWithinASecond enqueues urgent messages behind a campaign of the same app, on the embedded engine.
func TestAnUrgentMessageLeavesWithinASecond(t *testing.T) { //nolint:paralleltest // It measures times.
	campaign, urgent := volume(2_000, 100_000), volume(5, 50)
	r, err := relay.Open(t.Context(), embedded.Dir(t.TempDir(), embedded.WithSyncEvery(time.Second)), relay.WithWeakDurability())
	require.NoError(t, err)
	t.Cleanup(r.Close)
	srv := newFake(t)
	for e, err := range r.Outbox().EnqueueAll(t.Context(), func(yield func(*conversation.SendMessageRequest, relay.Entry) bool) {
		for i := range campaign {
			if !yield(message(srv.AppID()), relay.Entry{ID: "campaign-" + strconv.Itoa(i), Group: "campaign"}) {
				return
			}
		}
	}) {
		require.NoError(t, err, e.ID)
	}
	work(t, r, srv.NewClient(t), relay.WithRates(20, 0))
	require.Eventually(t, func() bool { return len(srv.Sent()) > 0 }, soon, time.Millisecond)
	var longest time.Duration
	for i := range urgent {
		id, began := fmt.Sprintf("urgent-%d", i), time.Now()
		require.NoError(t, r.Outbox().Enqueue(t.Context(), message(srv.AppID()), relay.Entry{ID: id, Priority: 1}))
		inState(t, r, id, relay.StateAccepted)
		longest = max(longest, time.Since(began))
	}
	t.Logf("%d urgent messages behind %d others: accepted after at most %v", urgent, campaign, longest)
	assert.Less(t, longest, time.Second)
	assert.Less(t, len(srv.Sent()), campaign, "the campaign is not over")
}
