package pgconversation

import (
	"fmt"
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
	sorted := slices.SortedFunc(slices.Values(times), time.Time.Compare)
	found, first := 0, 0
	for i, last := range sorted {
		for last.Sub(sorted[first]) >= time.Second {
			first++
		}
		found = max(found, i-first+1)
	}
	return found
}

// seeded returns a random generator whose seed is logged.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	t.Log("seed", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// spent grants turns to apps at random for a while, and returns when their requests arrive: some are late.
func spent(random *rand.Rand, r *paceRecord, apps int, app, project float64, from time.Time, d time.Duration) map[string][]time.Time {
	g := newGrid(project)
	arrived := make(map[string][]time.Time)
	for now := from; now.Before(from.Add(d)); now = now.Add(time.Duration(random.IntN(40_000)) * time.Microsecond) {
		r.begin(g, now, false)
		for range 3 {
			want := paceWant{strconv.Itoa(random.IntN(apps)), max(spacing(app), spacing(project)), 1 + random.IntN(200), leadLeast}
			times, _ := r.grant(g, want, now)
			for _, at := range times {
				arrived[want.app] = append(arrived[want.app], at.Add(rand.N(paceSlack)))
			}
		}
	}
	return arrived
}

func newRecord(apps int) *paceRecord {
	r := &paceRecord{project: projectPace{next: time.Unix(0, 0), until: time.Unix(0, 0)}, apps: make(map[string]*appPace)}
	for i := range apps {
		r.apps[strconv.Itoa(i)] = &appPace{}
	}
	return r
}

func TestNoWindowOfASecondExceedsTheRates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		apps         int
		app, project float64
	}{{1, 20, 800}, {60, 20, 800}, {3, 0.6, 800}, {1, 7.5, 800}, {2, 500, 700}, {5, 7.5, 20}, {5, 100, 60}, {3, 1, 1}, {9, 0.6, 0.6}, {2, 3000, 2000}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			t.Parallel()
			const lasts = 40 * time.Second
			arrived := spent(seeded(t), newRecord(c.apps), c.apps, c.app, c.project, time.Unix(1_700_000_000, 0), lasts)
			var all []time.Time
			for app, times := range arrived {
				assert.LessOrEqual(t, float64(most(times)), max(1, c.app), app)
				all = append(all, times...)
			}
			assert.LessOrEqual(t, float64(most(all)), max(1, c.project))
			possible := min(c.project, float64(c.apps)*c.app) * lasts.Seconds()
			assert.Greater(t, float64(len(all)), 0.88*possible, "little is lost")
		})
	}
}

func TestARecordFromTheFutureStartsOverAfterAGuard(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		back time.Duration
		set  bool
	}{"hours back": {5 * time.Hour, false}, "half a second back": {time.Second / 2, true}, "forward": {-time.Hour, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, r, now := newGrid(20), newRecord(1), time.Unix(1_700_000_000, 0)
			r.begin(g, now, false)
			_, _ = r.grant(g, paceWant{"0", spacing(20), 100, 0}, now)
			now = now.Add(-c.back)
			r.apps["0"].until = now.Add(10 * time.Hour)
			r.begin(g, now, c.set)
			assert.Equal(t, now.Add(maxPause), r.apps["0"].until, "no wait is longer than an hour")
			r.apps["0"].until = time.Time{}
			times, free := r.grant(g, paceWant{"0", spacing(20), 100, 0}, now)
			assert.Empty(t, times)
			assert.WithinRange(t, free, now.Add(paceGuard), now.Add(paceGuard+time.Second))
			r.begin(g, free, false)
			times, _ = r.grant(g, paceWant{"0", spacing(20), 100, 0}, free)
			assert.NotEmpty(t, times)
		})
	}
}

func TestWorkersWithOtherRatesDoNotShareWhatWasGranted(t *testing.T) {
	t.Parallel()
	r, now := newRecord(1), time.Unix(1_700_000_000, 0)
	r.apps["1"] = &appPace{}
	r.begin(newGrid(100), now, false)
	before, _ := r.grant(newGrid(100), paceWant{"0", spacing(100), 30, 0}, now)
	r.begin(newGrid(77), now, false)
	after, _ := r.grant(newGrid(77), paceWant{"1", spacing(77), 200, 0}, now)
	require.NotEmpty(t, after, "they go on")
	assert.True(t, after[0].After(before[29]))
}

func TestCellsAreStoredExactly(t *testing.T) {
	t.Parallel()
	cells := []uint16{0, 1, 5000, 65535, 0}
	assert.Equal(t, cells, decodeCells(encodeCells(cells)))
	assert.Empty(t, decodeCells(nil))
}
