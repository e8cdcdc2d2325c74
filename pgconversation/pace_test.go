package pgconversation_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/pgconversation"
)

// left are the times at which requests left, by app.
type left struct {
	mu    sync.Mutex
	times map[string][]time.Time
}

func (l *left) note(app string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.times == nil {
		l.times = make(map[string][]time.Time)
	}
	l.times[app] = append(l.times[app], time.Now())
}

// most returns the maximum number in any window of a second, of one app and of all.
func (l *left) most() (ofApp, ofAll int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []time.Time
	for _, times := range l.times {
		ofApp = max(ofApp, mostIn(times))
		all = append(all, times...)
	}
	return ofApp, mostIn(all)
}

// mostIn returns the maximum number of times in any window of a second.
func mostIn(times []time.Time) int {
	sorted := slices.SortedFunc(slices.Values(times), time.Time.Compare)
	most, first := 0, 0
	for i, last := range sorted {
		for last.Sub(sorted[first]) >= time.Second {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

// processes returns pacers that share nothing but the database.
func processes(t *testing.T, pool *pgxpool.Pool, n int, app, project float64) []*pgconversation.Pacer {
	t.Helper()
	var all []*pgconversation.Pacer
	for range n {
		own, err := pgxpool.New(t.Context(), pool.Config().ConnString())
		require.NoError(t, err)
		t.Cleanup(own.Close)
		all = append(all, pgconversation.NewPacer(own, app, project))
	}
	return all
}

// TestProcessesWithADatabaseKeepTheRates looks at when requests leave. A process that the machine has stopped in between is not tested here.
func TestProcessesWithADatabaseKeepTheRates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		apps, each   int
		app, project float64
	}{{1, 40, 20, 800}, {2, 300, 200, 800}, {8, 300, 100, 300}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			t.Parallel()
			var l left
			var jobs sync.WaitGroup
			pacers := processes(t, newDatabase(t), 3, c.app, c.project)
			started := time.Now()
			for _, p := range pacers {
				for i := range c.each {
					app := fmt.Sprint("app-", i%c.apps)
					jobs.Go(func() {
						assert.NoError(t, p.Send(t.Context(), app))
						l.note(app)
					})
				}
			}
			jobs.Wait()
			ofApp, ofAll := l.most()
			grants := pacers[0].Grants.Load() + pacers[1].Grants.Load() + pacers[2].Grants.Load()
			t.Logf("%d sends in %v, most in a second: %d of an app, %d in all; %d grants", 3*c.each, time.Since(started), ofApp, ofAll, grants)
			assert.LessOrEqual(t, float64(ofApp), c.app)
			assert.LessOrEqual(t, float64(ofAll), c.project)
			if c.app > 20 {
				assert.Less(t, grants, int64(3*c.each/5), "a grant has several turns")
			}
		})
	}
}

func TestA429StopsItsAppInAllProcesses(t *testing.T) {
	t.Parallel()
	pacers := processes(t, newDatabase(t), 2, 20, 800)
	for _, p := range pacers {
		require.NoError(t, p.Send(t.Context(), "a"))
	}
	pacers[0].Throttled("a", 3*time.Second)
	throttled := time.Now()
	var jobs sync.WaitGroup
	for _, p := range pacers {
		jobs.Go(func() {
			assert.NoError(t, p.Send(t.Context(), "a"))
			assert.GreaterOrEqual(t, time.Since(throttled), 2900*time.Millisecond)
		})
		jobs.Go(func() {
			assert.NoError(t, p.Send(t.Context(), "b"))
			assert.Less(t, time.Since(throttled), 2*time.Second)
		})
	}
	jobs.Wait()
}

func TestNothingLeavesWithoutADatabase(t *testing.T) {
	t.Parallel()
	pool := newDatabase(t)
	p := pgconversation.NewPacer(pool, 20, 800)
	require.NoError(t, p.Send(t.Context(), "a"))
	pool.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	require.Error(t, p.Send(ctx, "a"))
}

func TestAProcessThatStopsDuringAGrantDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	pool := newDatabase(t)
	p := pgconversation.NewPacer(pool, 20, 800)
	require.NoError(t, p.Send(t.Context(), "a"))
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, pgconversation.HoldPace(ctx, pool, "a"))
	defer cancel()
	started := time.Now()
	require.NoError(t, p.Send(t.Context(), "a"))
	assert.Less(t, time.Since(started), 10*time.Second)
}

// TestTheRateOfTheClientIsWithinThatOfTheWorkers has requests wait in the client until their turns are over.
func TestTheRateOfTheClientIsWithinThatOfTheWorkers(t *testing.T) {
	t.Parallel()
	var l left
	srv := conversationtest.NewServer(conversationtest.Config{OnRequest: func(request conversationtest.Request, _ time.Duration) {
		if strings.HasSuffix(request.Path, "messages:send") {
			l.note("app")
		}
	}})
	t.Cleanup(srv.Close)
	o := newOutbox(t)
	o.srv = srv
	o.insertMany(40)
	o.run(o.newWorker(srv.NewClient(t, conversation.WithRateLimit(10)), pgconversation.WithRates(100, 0)), 1)
	require.Eventually(t, func() bool { return o.states()[pgconversation.StateAccepted] == 40 }, time.Minute, 20*time.Millisecond)
	assert.Equal(t, 40, o.sentOnce())
	ofApp, _ := l.most()
	assert.LessOrEqual(t, ofApp, 20, "it is the client's, with what waits for its turn")
}
