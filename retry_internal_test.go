package conversation

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestTheBoundOfAWaitDoublesUpToTheLongest(t *testing.T) {
	t.Parallel()
	policy := RetryPolicy{BaseDelay: 100 * time.Millisecond, MaxDelay: 700 * time.Millisecond}
	for attempt, bound := range map[int]time.Duration{
		1: 100 * time.Millisecond, 2: 200 * time.Millisecond, 3: 400 * time.Millisecond, 4: 700 * time.Millisecond, 9: 700 * time.Millisecond,
	} {
		longest, shortest := time.Duration(0), bound
		for range 2000 {
			delay := policy.backoff(attempt)
			longest, shortest = max(longest, delay), min(shortest, delay)
		}
		assert.Less(t, longest, bound, "attempt %d", attempt)
		assert.Greater(t, longest, bound*98/100, "attempt %d", attempt)
		assert.Less(t, shortest, bound*2/100, "attempt %d", attempt)
	}
}
