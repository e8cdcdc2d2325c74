package relay_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// workers is a number of worker processes for the same job. Killed ones are replaced.
type workers struct {
	job    job
	mu     sync.Mutex
	random *rand.Rand
	alive  []*process
	dead   []*process
}

// newWorkers starts the processes. They are killed when the test ends.
func newWorkers(t *testing.T, count int, j job) *workers {
	t.Helper()
	w := &workers{job: j, random: rand.New(rand.NewPCG(j.Seed, 1))}
	t.Cleanup(func() {
		for _, p := range w.all() {
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
	j := w.job
	j.Seed = w.random.Uint64()
	w.mu.Unlock()
	p, err := launch(t.Context(), j)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.alive = append(w.alive, p)
	return nil
}

// killOne kills one of the processes and starts another.
func (w *workers) killOne(t *testing.T) error {
	t.Helper()
	w.mu.Lock()
	i := w.random.IntN(len(w.alive))
	victim := w.alive[i]
	w.alive = slices.Delete(w.alive, i, i+1)
	w.dead = append(w.dead, victim)
	w.mu.Unlock()
	victim.kill()
	return w.add(t)
}

// killAt kills a process a random time after the progress passes each of count random points in expected. It returns
// after the last kill, or when the test ends.
func (w *workers) killAt(t *testing.T, count, expected int, progress *meter) {
	t.Helper()
	w.mu.Lock()
	points, delays := make([]int, count), make([]time.Duration, count)
	for i := range points {
		points[i], delays[i] = w.random.IntN(expected), time.Duration(w.random.Int64N(int64(50*time.Millisecond)))
	}
	w.mu.Unlock()
	slices.Sort(points)
	for i, point := range points {
		if !progress.await(t.Context(), point) {
			return
		}
		select {
		case <-time.After(delays[i]):
		case <-t.Context().Done():
			return
		}
		if !assert.NoError(t, w.killOne(t)) {
			return
		}
	}
}

// stop stops the processes in order, and checks the output of all of them.
func (w *workers) stop(t *testing.T) {
	t.Helper()
	for _, p := range w.living() {
		p.stop(t)
	}
	for _, p := range w.all() {
		text := p.errors.String()
		assert.False(t, strings.Contains(text, "DATA RACE") || strings.Contains(text, "panic:"), text)
	}
}

func (w *workers) living() []*process {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.alive)
}

func (w *workers) all() []*process {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Concat(w.alive, w.dead)
}

// meter is a counter that can be waited for.
type meter struct {
	mu      sync.Mutex
	count   int
	waiting map[chan struct{}]int
}

func newMeter() *meter { return &meter{waiting: map[chan struct{}]int{}} }

func (m *meter) add() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.count++
	for wake, count := range m.waiting {
		if m.count >= count {
			close(wake)
			delete(m.waiting, wake)
		}
	}
}

// await waits for a count, and reports whether it was reached before the context ended.
func (m *meter) await(ctx context.Context, count int) bool {
	m.mu.Lock()
	wake := make(chan struct{})
	if m.count >= count {
		close(wake)
	} else {
		m.waiting[wake] = count
	}
	m.mu.Unlock()
	select {
	case <-wake:
		return true
	case <-ctx.Done():
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.waiting, wake)
		return false
	}
}
