package webhook_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/webhook"
)

// until is a time that the memory ignores.
var until = signed.Add(time.Hour)

func begin(t *testing.T, memory *webhook.MemoryDeduper, key string) webhook.State {
	t.Helper()
	state, err := memory.Begin(t.Context(), key, until)
	require.NoError(t, err)
	return state
}

func commit(t *testing.T, memory *webhook.MemoryDeduper, keys ...string) {
	t.Helper()
	for _, key := range keys {
		require.Equal(t, webhook.StateNew, begin(t, memory, key), key)
		require.NoError(t, memory.Done(t.Context(), key, true))
	}
}

func TestAFullMemoryDropsWhatWasCommittedFirst(t *testing.T) {
	t.Parallel()
	memory := webhook.NewMemoryDeduper(3)
	commit(t, memory, "a", "b", "c", "d")
	for _, key := range []string{"b", "c", "d"} {
		assert.Equal(t, webhook.StateCommitted, begin(t, memory, key), key)
	}
	assert.Equal(t, webhook.StateNew, begin(t, memory, "a"))
}

func TestAFullMemoryKeepsWhatWasRedelivered(t *testing.T) {
	t.Parallel()
	memory := webhook.NewMemoryDeduper(3)
	commit(t, memory, "a", "b", "c")
	assert.Equal(t, webhook.StateCommitted, begin(t, memory, "a"))
	commit(t, memory, "d")
	for _, key := range []string{"a", "c", "d"} {
		assert.Equal(t, webhook.StateCommitted, begin(t, memory, key), key)
	}
	assert.Equal(t, webhook.StateNew, begin(t, memory, "b"))
}

func TestTheMemoryForgetsNothingWhenTimePasses(t *testing.T) {
	t.Parallel()
	memory := webhook.NewMemoryDeduper(3)
	for key, until := range map[string]time.Time{"past": signed.Add(-time.Hour), "zero": {}, "future": signed.AddDate(100, 0, 0)} {
		for _, want := range []webhook.State{webhook.StateNew, webhook.StateCommitted, webhook.StateCommitted} {
			state, err := memory.Begin(t.Context(), key, until)
			require.NoError(t, err)
			require.Equal(t, want, state, key)
			if state == webhook.StateNew {
				require.NoError(t, memory.Done(t.Context(), key, true))
			}
		}
	}
}

func TestWhatIsInFlightIsNeverDropped(t *testing.T) {
	t.Parallel()
	memory := webhook.NewMemoryDeduper(2)
	assert.Equal(t, webhook.StateNew, begin(t, memory, "flying"))
	commit(t, memory, "a", "b", "c")
	assert.Equal(t, webhook.StateInFlight, begin(t, memory, "flying"))

	assert.Equal(t, webhook.StateNew, begin(t, memory, "too"))
	_, err := memory.Begin(t.Context(), "many", until)
	require.ErrorContains(t, err, "full of callbacks in flight")
	require.NoError(t, memory.Done(t.Context(), "too", false))
	assert.Equal(t, webhook.StateNew, begin(t, memory, "many"))
}

func TestAFlightEndsOnce(t *testing.T) {
	t.Parallel()
	memory := webhook.NewMemoryDeduper(2)
	require.Error(t, memory.Done(t.Context(), "never begun", true))
	commit(t, memory, "a")
	require.Error(t, memory.Done(t.Context(), "a", false))
	assert.Equal(t, webhook.StateCommitted, begin(t, memory, "a"))
}

func TestAMemoryWithoutRoomPanics(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "webhook: NewMemoryDeduper: the size must be above zero", func() { webhook.NewMemoryDeduper(0) })
}

// plainMemory does the same as MemoryDeduper, but looks at every key.
type plainMemory struct {
	size    int
	records []plainRecord // in flight, or in the order of the last delivery
}

type plainRecord struct {
	key       string
	committed bool
}

func (m *plainMemory) begin(key string) (webhook.State, bool) {
	if i := m.find(key); i >= 0 {
		record := m.records[i]
		if !record.committed {
			return webhook.StateInFlight, true
		}
		m.records = append(slices.Delete(m.records, i, i+1), record)
		return webhook.StateCommitted, true
	}
	if len(m.records) == m.size {
		oldest := slices.IndexFunc(m.records, func(r plainRecord) bool { return r.committed })
		if oldest < 0 {
			return 0, false
		}
		m.records = slices.Delete(m.records, oldest, oldest+1)
	}
	m.records = append(m.records, plainRecord{key: key})
	return webhook.StateNew, true
}

func (m *plainMemory) done(key string, committed bool) bool {
	i := m.find(key)
	if i < 0 || m.records[i].committed {
		return false
	}
	m.records = slices.Delete(m.records, i, i+1)
	if committed {
		m.records = append(m.records, plainRecord{key: key, committed: true})
	}
	return true
}

func (m *plainMemory) find(key string) int {
	return slices.IndexFunc(m.records, func(r plainRecord) bool { return r.key == key })
}

func TestTheMemoryBehavesLikeASimpleModel(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for round := range 200 {
		size := 1 + random.IntN(8)
		memory, plain := webhook.NewMemoryDeduper(size), &plainMemory{size: size}
		for step := range 500 {
			key := strconv.Itoa(random.IntN(2 * size))
			if random.IntN(2) == 0 {
				committed := random.IntN(3) > 0
				err := memory.Done(t.Context(), key, committed)
				require.Equal(t, plain.done(key, committed), err == nil, "round %d, step %d", round, step)
				continue
			}
			state, err := memory.Begin(t.Context(), key, until)
			wantState, ok := plain.begin(key)
			require.Equal(t, wantState, state, "round %d, step %d", round, step)
			require.Equal(t, ok, err == nil, "round %d, step %d", round, step)
		}
	}
}

func TestManyGoroutinesCommitAKeyOnce(t *testing.T) {
	t.Parallel()
	const keys = 500
	memory := webhook.NewMemoryDeduper(keys)
	var commits [keys]atomic.Int32
	var working sync.WaitGroup
	for range 8 {
		working.Go(func() {
			for n := range keys {
				key := strconv.Itoa(n)
				state, err := memory.Begin(t.Context(), key, time.Now().Add(time.Hour))
				assert.NoError(t, err)
				if state == webhook.StateNew {
					commits[n].Add(1)
					assert.NoError(t, memory.Done(t.Context(), key, true))
				}
			}
		})
	}
	working.Wait()
	for n := range keys {
		require.EqualValues(t, 1, commits[n].Load(), "key %d", n)
	}
}

func TestAMemoryPrintsSafelyWhileItIsUsed(t *testing.T) {
	t.Parallel()
	memory := webhook.NewMemoryDeduper(1000)
	var working sync.WaitGroup
	working.Go(func() {
		for n := range 1000 {
			_, err := memory.Begin(t.Context(), "hush-"+strconv.Itoa(n), time.Now().Add(time.Hour))
			assert.NoError(t, err)
		}
	})
	for range 100 {
		for _, format := range []string{"%s", "%v", "%+v", "%#v", "%d"} {
			assert.Equal(t, "webhook.MemoryDeduper{size: 1000}", fmt.Sprintf(format, memory), format)
		}
		assert.Equal(t, "webhook.MemoryDeduper{size: 1000}", memory.LogValue().String())
	}
	working.Wait()
}
