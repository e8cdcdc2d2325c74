package pgconversation

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProcessesTogetherKeepTheRates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		apps         int
		app, project float64
		slow         time.Duration
		connect      time.Duration
	}{
		{1, 20, 800, 0, 0},
		{2, 50, 70, 5 * time.Millisecond, 20 * time.Millisecond},
		{3, 300, 800, 2 * time.Millisecond, 60 * time.Millisecond},
		{20, 20, 150, 15 * time.Millisecond, 5 * time.Millisecond},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := newMemoryPace()
				m.slow = c.slow
				var s sends
				var jobs sync.WaitGroup
				started := time.Now()
				const each = 400
				for range 3 {
					p := m.process(c.app, c.project)
					for i := range each {
						jobs.Go(func() { s.send(t.Context(), p, strconv.Itoa(i%c.apps), 1+i%4, rand.N(c.connect+1), true) })
					}
				}
				jobs.Wait()
				for app, times := range s.left {
					assert.LessOrEqual(t, float64(most(times)), c.app, app)
				}
				assert.LessOrEqual(t, float64(most(s.all())), c.project)
				assert.Len(t, s.all(), 3*each)
				took := time.Since(started).Seconds()
				rate := 3 * each / took
				time.Sleep(grantGather) // until no process gathers
				t.Logf("%.0f/s, %d grants, %d snoozes", rate, m.grants, len(s.snoozed))
				assert.Greater(t, rate, 0.6*min(c.project, float64(c.apps)*c.app), "little is lost")
				assert.Less(t, m.grants, 3*each/2, "a grant has several turns")
				assert.LessOrEqual(t, float64(m.grants), 3*took/grantGather.Seconds(), "few are needed, however many jobs there are")
			})
		})
	}
}

func TestJobsOfAHigherPriorityAreFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newMemoryPace().process(20, 0)
		var s sends
		var jobs sync.WaitGroup
		for i := range 40 {
			jobs.Go(func() { s.send(t.Context(), p, "a", 4, 0, false) })
			if i == 20 {
				synctest.Wait()
			}
		}
		synctest.Wait()
		for range 10 {
			jobs.Go(func() { s.send(t.Context(), p, "a", 1, 0, false) })
		}
		jobs.Wait()
		assert.InDelta(t, 40, len(s.order), 3, "the last ones of the lower priority are snoozed")
		assert.Len(t, s.snoozed, 50-len(s.order))
		assert.NotContains(t, s.order[:2], 1, "they had their turns")
		assert.NotContains(t, s.order[15:], 1)
	})
}

func TestManyJobsOfAnAppAreSnoozedUntilTheirTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemoryPace()
		p := m.process(20, 0)
		var s sends
		var jobs sync.WaitGroup
		for range 3000 {
			jobs.Go(func() { s.send(t.Context(), p, "a", 1, 0, false) })
		}
		synctest.Wait()
		started := time.Now()
		require.NoError(t, func() error { _, err := p.take(t.Context(), "b", 1); return err }(), "other apps are not blocked")
		assert.Less(t, time.Since(started), time.Second)
		jobs.Wait()
		assert.InDelta(t, 40, len(s.left["a"]), 3)
		backs := make([]time.Time, len(s.snoozed))
		for i, after := range s.snoozed {
			backs[i] = started.Add(after)
		}
		assert.LessOrEqual(t, most(backs), 20, "they are not back all at the same time")
		assert.Less(t, time.Since(started), takeWait)
	})
}

func TestA429StopsTheAppInAllProcesses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemoryPace()
		one, two := m.process(20, 0), m.process(20, 0)
		var s sends
		var jobs sync.WaitGroup
		for _, p := range []*pacer{one, two} {
			for range 200 {
				jobs.Go(func() { s.send(t.Context(), p, "a", 1, 0, true) })
			}
		}
		time.Sleep(3 * time.Second)
		throttled := time.Now()
		one.throttled("a", 30*time.Second)
		time.Sleep(5 * time.Second)
		for range 5 {
			jobs.Go(func() { s.send(t.Context(), two, "b", 1, 0, false) })
		}
		jobs.Wait()
		for _, at := range s.left["a"] {
			since := at.Sub(throttled)
			assert.False(t, since > time.Second+takeEarly && since < 30*time.Second, since)
		}
		assert.Len(t, s.left["a"], 400)
		assert.Len(t, s.left["b"], 5)
		for _, at := range s.left["b"] {
			assert.Less(t, at.Sub(throttled), 8*time.Second, "another app goes on")
		}
		assert.LessOrEqual(t, most(s.left["a"]), 20)
	})
}

func TestAJobThatHasItsTurnWhenA429ArrivesSendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newMemoryPace().process(20, 0)
		a, err := p.take(t.Context(), "a", 1)
		require.NoError(t, err)
		b, err := p.take(t.Context(), "b", 1)
		require.NoError(t, err)
		p.throttled("a", time.Second)
		require.ErrorIs(t, p.gate(t.Context(), &a), errNoTurn)
		require.NoError(t, p.gate(t.Context(), &b))
	})
}

func TestARequestThatMissedItsTurnTakesAnotherOrNone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemoryPace()
		fast := m.process(20, 0)
		got, err := fast.take(t.Context(), "a", 1)
		require.NoError(t, err)
		first := got
		time.Sleep(time.Second)
		require.NoError(t, fast.gate(t.Context(), &got))
		assert.True(t, got.from.After(first.until))
		assert.WithinRange(t, time.Now(), got.from, got.from.Add(paceGrace))
		sent := time.Now()
		require.NoError(t, fast.gate(t.Context(), &got))
		assert.GreaterOrEqual(t, time.Since(sent), spacing(20), "a second request of the job, after a 401, has a turn of its own")

		slow := m.process(0.6, 0)
		one, err := slow.take(t.Context(), "b", 1)
		require.NoError(t, err)
		require.NoError(t, slow.gate(t.Context(), &one))
		time.Sleep(paceGrace)
		require.ErrorIs(t, slow.gate(t.Context(), &one), errNoTurn, "the next turn is too far away")
	})
}

func TestNothingIsGrantedWhileTheDatabaseIsAwayOrSlow(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*memoryPace){
		"away": func(m *memoryPace) { m.broken = errors.New("connection refused") },
		"slow": func(m *memoryPace) { m.slow = 30 * time.Second },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := newMemoryPace()
				set(m)
				var s sends
				var jobs sync.WaitGroup
				p := m.process(20, 0)
				for range 30 {
					jobs.Go(func() { s.send(t.Context(), p, "a", 1, 0, false) })
				}
				jobs.Wait()
				time.Sleep(2 * time.Minute) // a slow grant ends
				synctest.Wait()
				assert.Empty(t, s.left)
				assert.Len(t, s.snoozed, 30)
				<-m.lock
				m.broken, m.slow = nil, 0
				m.lock <- struct{}{}
				s.send(t.Context(), p, "a", 1, 0, false)
				assert.Len(t, s.left["a"], 1)
				time.Sleep(grantGather) // until no process gathers
			})
		})
	}
}

func TestSettingTheClockOfTheServerDoesNotExceedTheRate(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]time.Duration{
		"an hour forward": time.Hour, "an hour back": -time.Hour, "half a second forward": time.Second / 2, "half a second back": -time.Second / 2,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := newMemoryPace()
				var s sends
				var jobs sync.WaitGroup
				for range 2 {
					p := m.process(20, 0)
					for range 100 {
						jobs.Go(func() { s.send(t.Context(), p, "a", 1, 0, true) })
					}
				}
				started := time.Now()
				time.Sleep(3 * time.Second)
				<-m.lock
				m.ahead += step
				m.lock <- struct{}{}
				jobs.Wait()
				assert.LessOrEqual(t, most(s.left["a"]), 20)
				assert.Less(t, time.Since(started), 40*time.Second)
				time.Sleep(grantGather) // until no process gathers
			})
		})
	}
}

func TestAJobThatIsToStopDoesNotWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newMemoryPace().process(0.6, 0)
		_, err := p.take(t.Context(), "a", 1)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		started := time.Now()
		_, err = p.take(ctx, "a", 1)
		snooze, ok := errors.AsType[*snoozeError](err)
		require.True(t, ok, "it uses up no attempt")
		assert.Equal(t, againAfter, snooze.after)
		assert.Equal(t, 100*time.Millisecond, time.Since(started))
		time.Sleep(time.Minute)
	})
}
