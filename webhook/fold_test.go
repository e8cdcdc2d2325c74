package webhook_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// inOrder are statuses from the earliest to the latest.
var inOrder = []conversation.DeliveryStatus{
	"", "ANOTHER_UNKNOWN", "UNKNOWN",
	conversation.DeliveryStatusQueuedOnChannel, conversation.DeliveryStatusSwitchingChannel,
	conversation.DeliveryStatusDelivered, conversation.DeliveryStatusFailed, conversation.DeliveryStatusRead,
}

func TestFoldReturnsTheLaterOfTwoStatuses(t *testing.T) {
	t.Parallel()
	for i, less := range inOrder {
		for _, further := range inOrder[i:] {
			assert.Equal(t, further, webhook.Fold(less, further), "%q then %q", less, further)
			assert.Equal(t, further, webhook.Fold(further, less), "%q then %q", further, less)
		}
	}
}

// TestReportsInAnyOrderEndTheSame folds every sequence of up to five statuses, with duplicates, and compares the end with
// the latest of them, which does not depend on the order.
func TestReportsInAnyOrderEndTheSame(t *testing.T) {
	t.Parallel()
	const longest = 5
	var walk func(length, current, furthest int)
	walk = func(length, current, furthest int) {
		require.Equal(t, furthest, current)
		if length == longest {
			return
		}
		for i, report := range inOrder {
			next := indexOf(webhook.Fold(inOrder[current], report))
			require.GreaterOrEqual(t, next, current, "%q went back after %q", inOrder[current], report)
			walk(length+1, next, max(furthest, i))
		}
	}
	walk(0, 0, 0)
}

func TestStatusesCanBeFoldedInGroups(t *testing.T) {
	t.Parallel()
	for _, a := range inOrder {
		for _, b := range inOrder {
			for _, c := range inOrder {
				require.Equal(t, webhook.Fold(webhook.Fold(a, b), c), webhook.Fold(a, webhook.Fold(b, c)))
			}
		}
	}
}

// TestFoldFollowsTheRank has every pair of statuses: the rank alone decides, unless both are unknown.
func TestFoldFollowsTheRank(t *testing.T) {
	t.Parallel()
	for _, current := range inOrder {
		for _, report := range inOrder {
			folded := webhook.Fold(current, report)
			assert.Equal(t, max(current.Rank(), report.Rank()), folded.Rank(), "%q then %q", current, report)
			if report.Rank() > current.Rank() {
				assert.Equal(t, report, folded, "%q then %q", current, report)
			}
			if report.Rank() < current.Rank() {
				assert.Equal(t, current, folded, "%q then %q", current, report)
			}
		}
	}
}

func indexOf(status conversation.DeliveryStatus) int {
	for i, known := range inOrder {
		if known == status {
			return i
		}
	}
	return -1
}
