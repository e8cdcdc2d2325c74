package relay

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// most returns the maximum number of times in any window of a second.
func most(times []time.Time) int {
	slices.SortFunc(times, time.Time.Compare)
	found, first := 0, 0
	for last := range times {
		for times[last].Sub(times[first]) >= time.Second {
			first++
		}
		found = max(found, last-first+1)
	}
	return found
}

func TestNoWindowOfASecondExceedsTheRates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		apps         int
		app, project float64
	}{{1, 20, 800}, {60, 20, 800}, {3, 0.6, 800}, {2, 500, 700}, {5, 7.5, 20}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			t.Parallel()
			seed := rand.Uint64()
			t.Log("seed", seed)
			random := rand.New(rand.NewPCG(seed, 0))
			var rec paceRecord
			now := time.Unix(1_700_000_000, 0)
			workers := []*queues{fullQueues(c.apps, c.app, 0), fullQueues(c.apps, c.app, 1)}
			sent := make(map[string][]time.Time)
			var all []time.Time
			for end := now.Add(30 * time.Second); now.Before(end); now = now.Add(time.Duration(random.IntN(20)) * time.Millisecond) {
				q := workers[random.IntN(len(workers))]
				times, again := rec.grant(c.project, now, q.demand(now, now.Add(paceAhead), 1+random.IntN(50)))
				require.True(t, len(times) > 0 || again.After(now.Add(-time.Minute)))
				for _, at := range times {
					require.False(t, at.Before(now))
					p := q.take(at)
					if p == nil {
						continue
					}
					q.take(at) // what is left of the slot
					a := p.queue
					a.doing = 0
					late := at.Add(time.Duration(random.Int64N(int64(paceSlack))))
					sent[a.app], all = append(sent[a.app], late), append(all, late)
				}
			}
			for app, times := range sent {
				assert.LessOrEqual(t, float64(most(times)), max(1, c.app), app)
			}
			assert.LessOrEqual(t, float64(most(all)), c.project)
		})
	}
}

// fullQueues returns the queues of a worker that owns every second app, each with more entries than can be sent.
func fullQueues(apps int, rate float64, odd int) *queues {
	q := newQueues(rate, 1000)
	own := make(map[int]time.Time)
	for shard := range shards {
		own[shard] = time.Time{}
	}
	q.loaded(q.own(own))
	for i := range apps {
		for seq := range 15_000 {
			if i%2 == odd {
				q.follow(ref{app: strconv.Itoa(i)}, uint64(i*15_000+seq+1))
			}
		}
	}
	return q
}

func TestA429SlowsItsAppAlone(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	a := appPace{Limit: 20}
	a.throttled(now, 7*time.Second)
	a.throttled(now.Add(time.Millisecond), 0) // it was already in progress
	assert.Equal(t, now.Add(7*time.Second), a.Until)
	assert.InDelta(t, 14, a.rate(now.Add(7*time.Second)), 0.01)
	assert.InDelta(t, 20, a.rate(now.Add(20*time.Second)), 0.01, "it grows back")
	assert.Equal(t, 1, a.Strikes)

	q := fullQueues(2, 20, 0)
	q.follow(ref{app: "other"}, 1<<40)
	first := q.take(time.Now().Add(time.Second))
	require.NotNil(t, first)
	q.throttled(q.apps["0"], 7*time.Second)
	second := q.take(time.Now().Add(5 * time.Second))
	if first.queue.app == "0" {
		require.NotNil(t, second)
		assert.Equal(t, "other", second.queue.app)
	}
	none := q.take(time.Now().Add(5 * time.Second))
	assert.Nil(t, none, "the app is paused, and the other has no entries")
}

func TestARetryAfterIsLimited(t *testing.T) {
	t.Parallel()
	var a appPace
	now := time.Unix(1_700_000_000, 0)
	a.throttled(now, 100*time.Hour)
	assert.Equal(t, now.Add(maxPause), a.Until)
}

func TestAppsThatSendNothingAreForgotten(t *testing.T) {
	t.Parallel()
	q := fullQueues(1, 20, 1)
	q.follow(ref{app: "a"}, 1)
	p := q.take(time.Now())
	require.NotNil(t, p)
	q.forgetIdle(time.Now().Add(2 * idleLife))
	assert.Contains(t, q.apps, "a", "an entry is in progress")
	q.done(p, false, 0)
	q.forgetIdle(time.Now())
	assert.Contains(t, q.apps, "a")
	q.forgetIdle(time.Now().Add(2 * idleLife))
	assert.Empty(t, q.apps)
	assert.Empty(t, q.busy)
}

// clocks are the clocks of the engine and of this process.
type clocks struct{ here, engine time.Time }

func (c *clocks) pass(d time.Duration) { c.here, c.engine = c.here.Add(d), c.engine.Add(d) }

// setClocks returns a pace whose clocks a test sets. A call to the engine takes 2 ms.
func setClocks(t *testing.T) (*pace, *clocks) {
	t.Helper()
	r, err := Open(t.Context(), inProcess{t}, WithWeakDurability())
	require.NoError(t, err)
	t.Cleanup(r.Close)
	c := &clocks{here: time.Unix(5, 0), engine: time.Unix(1_700_000_000, 0)}
	p := newPace(r.outbox, 20)
	p.clock.now = func() time.Time { return c.here }
	p.clock.look = func(context.Context) (time.Time, error) {
		c.pass(time.Millisecond)
		answer := c.engine
		c.pass(time.Millisecond)
		return answer, nil
	}
	return p, c
}

// spent returns the local times of all that is granted during d.
func spent(t *testing.T, p *pace, c *clocks, d time.Duration) []time.Time {
	t.Helper()
	var gone []time.Time
	for end := c.here.Add(d); c.here.Before(end); c.pass(5 * time.Millisecond) {
		slots, _, err := p.reserve(t.Context(), 1)
		require.NoError(t, err)
		for _, s := range slots {
			require.False(t, s.until.Before(s.from))
			gone = append(gone, s.from)
		}
	}
	return gone
}

func TestSettingAClockDoesNotExceedTheRate(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]time.Duration{
		"an hour forward": time.Hour, "an hour back": -time.Hour, "half a second forward": time.Second / 2, "half a second back": -time.Second / 2,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, c := setClocks(t)
			times := spent(t, p, c, 3*time.Second)
			c.engine = c.engine.Add(step)
			times = append(times, spent(t, p, c, 9*time.Second)...)
			assert.LessOrEqual(t, most(times), 20)
			assert.Greater(t, len(times), 160, "it goes on, and not only after the hour")
		})
	}
}

func TestAProcessThatStartsAfterTheClockWasSetBackGoesOn(t *testing.T) {
	t.Parallel()
	p, c := setClocks(t)
	times := spent(t, p, c, time.Second)
	other := &pace{bucket: p.bucket, project: p.project, clock: &paceClock{now: p.clock.now, look: p.clock.look}}
	c.engine = c.engine.Add(-time.Hour)
	times = append(times, spent(t, other, c, 5*time.Second)...)
	assert.LessOrEqual(t, most(times), 20)
	assert.Greater(t, len(times), 70)
}

func TestTheTimeOfTheEngineFollowsTheLocalClock(t *testing.T) {
	t.Parallel()
	p, c := setClocks(t)
	require.NoError(t, p.clock.sync(t.Context(), true))
	before, _ := p.clock.least()
	s := p.clock.slot(before.Add(time.Second))
	assert.InDelta(t, time.Second, s.from.Sub(c.here), float64(2*time.Millisecond))
	assert.Less(t, s.until.Sub(s.from), paceGrace)
}

func TestPausesOfTheSameRetryAfterAreSpread(t *testing.T) {
	t.Parallel()
	for asked, most := range map[time.Duration]time.Duration{
		0: 0, time.Second: 100 * time.Millisecond, 5 * time.Second: 500 * time.Millisecond, time.Minute: time.Second,
	} {
		longest, shortest := asked, 2*asked
		for range 2000 {
			longest, shortest = max(longest, spread(asked)), min(shortest, spread(asked))
		}
		assert.GreaterOrEqual(t, shortest, asked, "never before the time asked for")
		assert.LessOrEqual(t, longest, asked+most)
		assert.GreaterOrEqual(t, longest, asked+most*9/10)
	}
	assert.Positive(t, spread(math.MaxInt64), "no overflow")
}
