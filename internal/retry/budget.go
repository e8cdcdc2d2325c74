package retry

import (
	"math"
	"sync"
)

// Budget is a token bucket that keeps retries from multiplying the load of an outage. It counts in tenths of a retry.
type Budget struct {
	mu   sync.Mutex
	size int
	left int
}

const (
	retryCost     = 10
	successRefund = 1
)

// NewBudget returns a full budget of size retries.
func NewBudget(size int) *Budget {
	size = min(size, math.MaxInt/retryCost)
	return &Budget{size: size * retryCost, left: size * retryCost}
}

// Take takes one retry from the budget, and reports whether there was one left.
func (b *Budget) Take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < retryCost {
		return false
	}
	b.left -= retryCost
	return true
}

// Refund adds a tenth of a retry, up to the size of the budget. It is called after each successful request.
func (b *Budget) Refund() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = min(b.size, b.left+successRefund)
}
