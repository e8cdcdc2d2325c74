package pgconversation

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAJobDoesNotWaitWhereTurnsArePlenty(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemoryPace()
		m.slow = 2 * time.Millisecond
		p := m.process(1e6, 1e6)
		for range 5000 {
			ends, err := p.take(t.Context(), "a", 1)
			require.NoError(t, err)
			p.done(&ends) // without a request
		}
		started := time.Now()
		var jobs sync.WaitGroup
		for range 200 {
			jobs.Go(func() {
				sends, err := p.take(t.Context(), "a", 1)
				assert.NoError(t, err)
				assert.Zero(t, time.Since(started))
				time.Sleep(10 * time.Millisecond)
				assert.NoError(t, p.gate(t.Context(), &sends))
				assert.LessOrEqual(t, time.Since(started), 10*time.Millisecond, "its slot was granted meanwhile")
			})
		}
		jobs.Wait()
		time.Sleep(grantGather)
		assert.Zero(t, p.early)
		assert.LessOrEqual(t, m.grants, 4)
	})
}

func TestAfterAFailureAJobWaitsForItsSlotEvenWhereTurnsArePlenty(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemoryPace()
		m.broken = errors.New("connection refused")
		p := m.process(1e6, 1e6)
		first, err := p.take(t.Context(), "a", 1)
		require.NoError(t, err)
		require.ErrorIs(t, p.gate(t.Context(), &first), errNoTurn)
		_, err = p.take(t.Context(), "a", 1)
		require.EqualError(t, err, m.broken.Error(), "before it begins an attempt")
		time.Sleep(grantGather)
	})
}

func TestProcessesTogetherKeepHighRates(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const app, project, each = 5000, 6000, 300
		m := newMemoryPace()
		m.slow = 2 * time.Millisecond
		var s sends
		var jobs sync.WaitGroup
		started := time.Now()
		for range 3 {
			p := m.process(app, project)
			for i := range 40 {
				jobs.Go(func() {
					for range each {
						s.send(t.Context(), p, strconv.Itoa(i%2), 1, rand.N(5*time.Millisecond), true)
					}
				})
			}
		}
		jobs.Wait()
		rate := float64(len(s.all())) / time.Since(started).Seconds()
		t.Logf("%.0f/s, %d grants, %d snoozes", rate, m.grants, len(s.snoozed))
		for _, times := range s.left {
			assert.LessOrEqual(t, most(times), app)
		}
		assert.LessOrEqual(t, most(s.all()), project)
		assert.Len(t, s.all(), 3*40*each)
		assert.Greater(t, rate, 0.6*project)
		time.Sleep(grantGather)
	})
}
