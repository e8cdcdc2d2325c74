package pgconversation_test

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// soaking reports whether the tests run at full volume.
var soaking = os.Getenv("CONVERSATION_SOAK") != ""

// volume returns how much a test does: usually, or in a soak.
func volume(usual, soak int) int {
	if soaking {
		return soak
	}
	return usual
}

// seedOf returns CONVERSATION_SEED, or a new seed, which it logs.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed := rand.Uint64()
	if given := os.Getenv("CONVERSATION_SEED"); given != "" {
		parsed, err := strconv.ParseUint(given, 10, 64)
		require.NoError(t, err, "CONVERSATION_SEED")
		seed = parsed
	}
	t.Logf("CONVERSATION_SEED=%d", seed)
	return seed
}

// workers is a number of processes with the same job. Killed ones are replaced.
type workers struct {
	job job

	mu    sync.Mutex
	alive []*process
	dead  []*process
}

// newWorkers starts the processes. They are killed when the test ends.
func newWorkers(t *testing.T, count int, j job) *workers {
	t.Helper()
	w := &workers{job: j}
	t.Cleanup(func() {
		for _, p := range w.alive {
			p.kill()
		}
	})
	for range count {
		require.NoError(t, w.add(t))
	}
	return w
}

func (w *workers) add(t *testing.T) error {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	j := w.job
	j.Name += strconv.Itoa(len(w.alive) + len(w.dead))
	p, err := launch(t.Context(), j)
	if err != nil {
		return err
	}
	w.alive = append(w.alive, p)
	return nil
}

// kill kills one of the processes, and starts another.
func (w *workers) kill(t *testing.T, i int) {
	t.Helper()
	w.mu.Lock()
	victim := w.alive[i%len(w.alive)]
	w.alive = slices.DeleteFunc(w.alive, func(p *process) bool { return p == victim })
	w.dead = append(w.dead, victim)
	w.mu.Unlock()
	victim.kill()
	assert.NoError(t, w.add(t))
}

// stop stops the processes, which must not fail, and checks the output of all of them.
func (w *workers) stop(t *testing.T) {
	t.Helper()
	var all sync.WaitGroup
	for _, p := range w.alive {
		all.Go(func() { p.stop(t) })
	}
	all.Wait()
	for _, p := range slices.Concat(w.alive, w.dead) {
		text := p.errors.String()
		assert.False(t, strings.Contains(text, "DATA RACE") || strings.Contains(text, "panic:"), text)
	}
}

// atRandom calls do a random time after the progress passes each of count random points in expected. It returns after the last call, or when
// the test ends.
func atRandom(t *testing.T, random *rand.Rand, count, expected int, progress *meter, do func(i int)) {
	t.Helper()
	points := make([]int, count)
	for i := range points {
		points[i] = random.IntN(expected)
	}
	slices.Sort(points)
	for i, point := range points {
		if !progress.await(t.Context(), point) {
			return
		}
		select {
		case <-time.After(time.Duration(random.Int64N(int64(50 * time.Millisecond)))):
			do(i)
		case <-t.Context().Done():
			return
		}
	}
}

// meter is a counter that can be waited for.
type meter struct {
	mu      sync.Mutex
	count   int
	changed chan struct{}
}

func newMeter() *meter { return &meter{changed: make(chan struct{})} }

func (m *meter) add() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count++
	close(m.changed)
	m.changed = make(chan struct{})
}

// await waits for a count, and reports whether it was reached before the context ended.
func (m *meter) await(ctx context.Context, count int) bool {
	for {
		m.mu.Lock()
		reached, changed := m.count >= count, m.changed
		m.mu.Unlock()
		if reached {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}
