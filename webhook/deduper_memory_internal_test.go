package webhook

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNothingStaysOfAKeyThatIsForgotten(t *testing.T) {
	t.Parallel()
	const size = 10
	memory := NewMemoryDeduper(size)
	for i := range 5 * size {
		state, err := memory.Begin(t.Context(), strconv.Itoa(i), time.Time{})
		require.NoError(t, err)
		require.Equal(t, StateNew, state)
		require.NoError(t, memory.Done(t.Context(), strconv.Itoa(i), i%3 > 0))
	}
	assert.Len(t, memory.known, size)
	ring := 0
	for record := memory.ring.next; record != &memory.ring; record = record.next {
		assert.Same(t, record, memory.known[record.key])
		assert.Same(t, record, record.next.previous)
		ring++
	}
	assert.Equal(t, size, ring)
}
