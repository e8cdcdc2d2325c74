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

// clocked is a memory whose clock the test sets.
func clocked(size int) (*webhook.NonceMemory, *time.Time) {
	now := signed
	memory := webhook.NewNonceMemory(size)
	memory.Now = func() time.Time { return now }
	return memory, &now
}

func begin(t *testing.T, memory *webhook.NonceMemory, nonce string, until time.Time) webhook.State {
	t.Helper()
	state, err := memory.Begin(t.Context(), nonce, until)
	require.NoError(t, err)
	return state
}

func commit(t *testing.T, memory *webhook.NonceMemory, until time.Time, nonces ...string) {
	t.Helper()
	for _, nonce := range nonces {
		require.Equal(t, webhook.StateNew, begin(t, memory, nonce, until), nonce)
		require.NoError(t, memory.Done(t.Context(), nonce, true))
	}
}

func TestAFullMemoryDropsWhatWasCommittedFirst(t *testing.T) {
	t.Parallel()
	memory, now := clocked(3)
	commit(t, memory, now.Add(time.Hour), "a", "b", "c", "d")
	assert.Equal(t, webhook.StateCommitted, begin(t, memory, "b", now.Add(time.Hour)))
	assert.Equal(t, webhook.StateCommitted, begin(t, memory, "c", now.Add(time.Hour)))
	assert.Equal(t, webhook.StateCommitted, begin(t, memory, "d", now.Add(time.Hour)))
	assert.Equal(t, webhook.StateNew, begin(t, memory, "a", now.Add(time.Hour)))
}

func TestAFullMemoryDropsWhatExpiredBeforeAnythingElse(t *testing.T) {
	t.Parallel()
	memory, now := clocked(3)
	commit(t, memory, now.Add(time.Hour), "first")
	commit(t, memory, now.Add(time.Minute), "short")
	commit(t, memory, now.Add(time.Hour), "last")
	*now = now.Add(time.Minute)
	assert.Equal(t, webhook.StateCommitted, begin(t, memory, "short", *now), "it is kept to the end of its time")
	*now = now.Add(time.Second)
	commit(t, memory, now.Add(time.Hour), "more")
	assert.Equal(t, webhook.StateCommitted, begin(t, memory, "first", *now))
	assert.Equal(t, webhook.StateCommitted, begin(t, memory, "last", *now))
}

func TestWhatIsInFlightIsNeverDropped(t *testing.T) {
	t.Parallel()
	memory, now := clocked(2)
	assert.Equal(t, webhook.StateNew, begin(t, memory, "flying", now.Add(time.Minute)))
	commit(t, memory, now.Add(time.Hour), "a", "b", "c")
	*now = now.Add(time.Hour)
	assert.Equal(t, webhook.StateInFlight, begin(t, memory, "flying", *now), "not even when it expired")

	assert.Equal(t, webhook.StateNew, begin(t, memory, "too", now.Add(time.Hour)))
	_, err := memory.Begin(t.Context(), "many", now.Add(time.Hour))
	require.ErrorContains(t, err, "full of callbacks in flight")
	require.NoError(t, memory.Done(t.Context(), "too", false))
	assert.Equal(t, webhook.StateNew, begin(t, memory, "many", now.Add(time.Hour)))
}

func TestAFlightEndsOnce(t *testing.T) {
	t.Parallel()
	memory, now := clocked(2)
	require.Error(t, memory.Done(t.Context(), "never begun", true))
	commit(t, memory, now.Add(time.Hour), "a")
	require.Error(t, memory.Done(t.Context(), "a", false))
	assert.Equal(t, webhook.StateCommitted, begin(t, memory, "a", *now))
}

func TestAMemoryWithoutRoomPanics(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "webhook: NewNonceMemory: the size must be above zero", func() { webhook.NewNonceMemory(0) })
}

func TestStatesHaveNames(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "new in flight committed State(0)",
		fmt.Sprint(webhook.StateNew, " ", webhook.StateInFlight, " ", webhook.StateCommitted, " ", webhook.State(0)))
}

// plainMemory does the same as NonceMemory, but looks at every nonce.
type plainMemory struct {
	size    int
	now     time.Time
	records []plainRecord // in flight, or by the time of commit
}

type plainRecord struct {
	nonce     string
	until     time.Time
	committed bool
}

func (m *plainMemory) begin(nonce string, until time.Time) (webhook.State, bool) {
	m.records = slices.DeleteFunc(m.records, func(r plainRecord) bool { return r.committed && m.now.After(r.until) })
	if i := m.find(nonce); i >= 0 {
		if m.records[i].committed {
			return webhook.StateCommitted, true
		}
		return webhook.StateInFlight, true
	}
	if len(m.records) == m.size {
		oldest := slices.IndexFunc(m.records, func(r plainRecord) bool { return r.committed })
		if oldest < 0 {
			return 0, false
		}
		m.records = slices.Delete(m.records, oldest, oldest+1)
	}
	m.records = append(m.records, plainRecord{nonce: nonce, until: until})
	return webhook.StateNew, true
}

func (m *plainMemory) done(nonce string, committed bool) bool {
	i := m.find(nonce)
	if i < 0 || m.records[i].committed {
		return false
	}
	record := m.records[i]
	m.records = slices.Delete(m.records, i, i+1)
	if committed {
		record.committed = true
		m.records = append(m.records, record)
	}
	return true
}

func (m *plainMemory) find(nonce string) int {
	return slices.IndexFunc(m.records, func(r plainRecord) bool { return r.nonce == nonce })
}

func TestTheMemoryBehavesLikeASimpleModel(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for round := range 200 {
		size := 1 + random.IntN(8)
		memory, now := clocked(size)
		plain := &plainMemory{size: size, now: *now}
		for step := range 500 {
			nonce := strconv.Itoa(random.IntN(2 * size))
			switch random.IntN(8) {
			case 0:
				*now = now.Add(time.Duration(random.IntN(5)) * time.Second)
				plain.now = *now
			case 1, 2, 3:
				committed := random.IntN(3) > 0
				err := memory.Done(t.Context(), nonce, committed)
				require.Equal(t, plain.done(nonce, committed), err == nil, "round %d, step %d", round, step)
			default:
				until := now.Add(time.Duration(random.IntN(20)-2) * time.Second)
				state, err := memory.Begin(t.Context(), nonce, until)
				wantState, ok := plain.begin(nonce, until)
				require.Equal(t, wantState, state, "round %d, step %d", round, step)
				require.Equal(t, ok, err == nil, "round %d, step %d", round, step)
			}
		}
	}
}

func TestManyGoroutinesCommitANonceOnce(t *testing.T) {
	t.Parallel()
	const nonces = 500
	memory := webhook.NewNonceMemory(nonces)
	var commits [nonces]atomic.Int32
	var working sync.WaitGroup
	for range 8 {
		working.Go(func() {
			for n := range nonces {
				nonce := strconv.Itoa(n)
				state, err := memory.Begin(t.Context(), nonce, time.Now().Add(time.Hour))
				assert.NoError(t, err)
				if state == webhook.StateNew {
					commits[n].Add(1)
					assert.NoError(t, memory.Done(t.Context(), nonce, true))
				}
			}
		})
	}
	working.Wait()
	for n := range nonces {
		require.EqualValues(t, 1, commits[n].Load(), "nonce %d", n)
	}
}

func TestAMemoryPrintsSafelyWhileItIsUsed(t *testing.T) {
	t.Parallel()
	memory := webhook.NewNonceMemory(1000)
	var working sync.WaitGroup
	working.Go(func() {
		for n := range 1000 {
			_, err := memory.Begin(t.Context(), "hush-"+strconv.Itoa(n), time.Now().Add(time.Hour))
			assert.NoError(t, err)
		}
	})
	for range 100 {
		for _, format := range []string{"%s", "%v", "%+v", "%#v", "%d"} {
			assert.Equal(t, "webhook.NonceMemory{size: 1000}", fmt.Sprintf(format, memory), format)
		}
		assert.Equal(t, "webhook.NonceMemory{size: 1000}", memory.LogValue().String())
	}
	working.Wait()
}
