package webhook

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNothingStaysOfANonceThatIsForgotten(t *testing.T) {
	t.Parallel()
	const size = 10
	now := time.Unix(1_000_000, 0)
	memory := NewNonceMemory(size)
	memory.Now = func() time.Time { return now }
	for i := range 5 * size {
		state, err := memory.Begin(t.Context(), strconv.Itoa(i), now.Add(time.Duration(i)*time.Second))
		require.NoError(t, err)
		require.Equal(t, StateNew, state)
		require.NoError(t, memory.Done(t.Context(), strconv.Itoa(i), true))
	}
	assert.Len(t, memory.known, size)
	assert.Len(t, memory.expiring, size, "what was dropped leaves no second behind")

	now = now.Add(5 * size * time.Second) // the second in which the last expires
	_, err := memory.Begin(t.Context(), "last", now)
	require.NoError(t, err)
	assert.Len(t, memory.known, 1)
	assert.Empty(t, memory.expiring)
	assert.Same(t, &memory.ring, memory.ring.next)
	assert.Same(t, &memory.ring, memory.ring.previous)
}
