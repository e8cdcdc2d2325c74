package conversation_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// deliveryStatuses has the rank of each status, and whether it is final.
var deliveryStatuses = map[conversation.DeliveryStatus]struct {
	rank  int
	final bool
}{
	conversation.DeliveryStatusQueuedOnChannel:  {10, false},
	conversation.DeliveryStatusSwitchingChannel: {20, false},
	conversation.DeliveryStatusDelivered:        {30, false},
	conversation.DeliveryStatusFailed:           {40, true},
	conversation.DeliveryStatusRead:             {50, true},
}

func TestEachDeliveryStatusHasARank(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("types.gen.go")
	require.NoError(t, err)
	known := regexp.MustCompile(`DeliveryStatus\w+ +DeliveryStatus = "(\w+)"`).FindAllStringSubmatch(string(source), -1)
	assert.Len(t, known, len(deliveryStatuses), "a new status needs a rank")
	for _, match := range known {
		want, ok := deliveryStatuses[conversation.DeliveryStatus(match[1])]
		require.True(t, ok, match[1])
		status := conversation.DeliveryStatus(match[1])
		assert.Equal(t, want.rank, status.Rank(), status)
		assert.Equal(t, want.final, status.Final(), status)
	}
}

func TestAnUnknownStatusNeverReplacesAKnownOne(t *testing.T) {
	t.Parallel()
	for _, unknown := range []conversation.DeliveryStatus{"", "QUEUED", "DELETED", "read", "READ ", "ZZZ"} {
		assert.Zero(t, unknown.Rank(), unknown)
		assert.False(t, unknown.Final(), unknown)
		for known := range deliveryStatuses {
			assert.Less(t, unknown.Rank(), known.Rank())
		}
	}
}

// TestTheDocumentedRanksAreRight reads the table and the SQL of the guide.
func TestTheDocumentedRanksAreRight(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("docs/receiving.md")
	require.NoError(t, err)
	for status, want := range deliveryStatuses {
		final := "no"
		if want.final {
			final = "yes"
		}
		assert.Contains(t, string(guide), fmt.Sprintf("| `%s` | %d | %s", status, want.rank, final))
		assert.Contains(t, strings.Join(strings.Fields(string(guide)), " "), fmt.Sprintf("WHEN '%s' THEN %d", status, want.rank))
	}
}
