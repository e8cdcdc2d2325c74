package retry_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/internal/retry"
)

func TestTenSuccessesEarnOneRetry(t *testing.T) {
	t.Parallel()
	budget := retry.NewBudget(2)
	assert.True(t, budget.Take())
	assert.True(t, budget.Take())
	assert.False(t, budget.Take())
	for range 9 {
		budget.Refund()
	}
	assert.False(t, budget.Take())
	budget.Refund()
	assert.True(t, budget.Take())
	assert.False(t, budget.Take())
}

func TestABudgetHoldsNoMoreThanItsSize(t *testing.T) {
	t.Parallel()
	budget := retry.NewBudget(1)
	for range 100 {
		budget.Refund()
	}
	assert.True(t, budget.Take())
	assert.False(t, budget.Take())
}

func TestAHugeBudgetDoesNotOverflow(t *testing.T) {
	t.Parallel()
	assert.True(t, retry.NewBudget(math.MaxInt).Take())
}
