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

// crew is a number of worker processes for the same job. Those that are killed are replaced.
type crew struct {
	job    job
	mu     sync.Mutex
	random *rand.Rand
	alive  []*process
	dead   []*process
}

// newCrew starts the processes. They end with the test at the latest.
func newCrew(t *testing.T, count int, j job) *crew {
	t.Helper()
	c := &crew{job: j, random: rand.New(rand.NewPCG(j.Seed, 1))}
	t.Cleanup(func() {
		for _, p := range c.all() {
			p.kill()
		}
	})
	for range count {
		require.NoError(t, c.add(t))
	}
	return c
}

func (c *crew) add(t *testing.T) error {
	t.Helper()
	c.mu.Lock()
	j := c.job
	j.Seed = c.random.Uint64()
	c.mu.Unlock()
	p, err := launch(t.Context(), j)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.alive = append(c.alive, p)
	return nil
}

// killOne ends one of the processes with SIGKILL, and starts another.
func (c *crew) killOne(t *testing.T) error {
	t.Helper()
	c.mu.Lock()
	i := c.random.IntN(len(c.alive))
	victim := c.alive[i]
	c.alive = slices.Delete(c.alive, i, i+1)
	c.dead = append(c.dead, victim)
	c.mu.Unlock()
	victim.kill()
	return c.add(t)
}

// killAt kills a process each time that the progress passes one of count points, which are drawn by lot from what is
// expected, and some random time after that. It ends after the last, or with the test.
func (c *crew) killAt(t *testing.T, count, expected int, progress *meter) {
	t.Helper()
	c.mu.Lock()
	points, delays := make([]int, count), make([]time.Duration, count)
	for i := range points {
		points[i], delays[i] = c.random.IntN(expected), time.Duration(c.random.Int64N(int64(50*time.Millisecond)))
	}
	c.mu.Unlock()
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
		if !assert.NoError(t, c.killOne(t)) {
			return
		}
	}
}

// stop ends the processes that live, in order, and looks at what all of them wrote.
func (c *crew) stop(t *testing.T) {
	t.Helper()
	for _, p := range c.living() {
		p.stop(t)
	}
	for _, p := range c.all() {
		text := p.errors.String()
		assert.False(t, strings.Contains(text, "DATA RACE") || strings.Contains(text, "panic:"), text)
	}
}

func (c *crew) living() []*process {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.alive)
}

func (c *crew) all() []*process {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Concat(c.alive, c.dead)
}

// meter counts, and tells those who wait for a count.
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
