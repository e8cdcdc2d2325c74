package relay_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// commits holds when the engine recorded each callback as handled.
type commits struct {
	mu   sync.Mutex
	at   map[string][]time.Time // by the ID of the callback and the clock of the engine
	ids  map[string]string      // by the key of the callback
	told *meter
}

// watchCommits follows the bucket of handled callbacks from now on. ids has their IDs by their keys.
func watchCommits(t *testing.T, address string, ids map[string]string) *commits {
	t.Helper()
	js, err := jetstream.New(connectTo(t, address))
	require.NoError(t, err)
	bucket, err := js.KeyValue(t.Context(), "sinch_seen")
	require.NoError(t, err)
	watcher, err := bucket.WatchAll(t.Context(), jetstream.UpdatesOnly())
	require.NoError(t, err)
	c := &commits{at: map[string][]time.Time{}, ids: ids, told: newMeter()}
	go func() {
		for update := range watcher.Updates() {
			if update != nil && bytes.Contains(update.Value(), []byte(`"committed"`)) {
				c.add(update)
			}
		}
	}()
	t.Cleanup(func() { _ = watcher.Stop() })
	return c
}

// add records a commit.
func (c *commits) add(update jetstream.KeyValueEntry) {
	id := c.ids[update.Key()]
	c.mu.Lock()
	c.at[id] = append(c.at[id], update.Created())
	c.mu.Unlock()
	c.told.add()
}

// count returns the number of committed callbacks.
func (c *commits) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.at)
}

// handlerRun is a call of a worker's handler.
type handlerRun struct {
	process int
	began   time.Time
	done    bool
}

// readRuns reads the workers' logs, by the ID of the callback.
func readRuns(t *testing.T, folder string) map[string][]handlerRun {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.log"))
	require.NoError(t, err)
	runs := map[string][]handlerRun{}
	for _, file := range files {
		process, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(file), ".log"))
		require.NoError(t, err)
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range strings.Lines(string(content)) {
			var (
				what, id string
				at       int64
			)
			_, err := fmt.Sscan(line, &what, &id, &at)
			require.NoError(t, err)
			if what == "begin" {
				runs[id] = append(runs[id], handlerRun{process: process, began: time.Unix(0, at)})
				continue
			}
			finish(runs[id], process)
		}
	}
	return runs
}

// finish marks the last run of a process as done.
func finish(runs []handlerRun, process int) {
	for i := len(runs) - 1; i >= 0; i-- {
		if runs[i].process == process {
			runs[i].done = true
			return
		}
	}
}

// inboxProblems returns what must not happen: a callback that is lost or committed twice, or whose handler ran again
// after the commit, or succeeded twice although no process was killed in between, nor a server of the engine.
func inboxProblems(
	ids []string, runs map[string][]handlerRun, commits map[string][]time.Time, killed map[int]bool, servers ...time.Time,
) []string {
	var found []string
	add := func(id, format string, args ...any) { found = append(found, id+" "+fmt.Sprintf(format, args...)) }
	for _, id := range ids {
		effects, lasting := 0, 0
		for _, run := range runs[id] {
			if len(commits[id]) > 0 && run.began.After(commits[id][0]) {
				add(id, "was handled again %v after it was committed", run.began.Sub(commits[id][0]))
			}
			if run.done {
				effects++
			}
			if run.done && !killed[run.process] && !away(servers, run, commits[id]) {
				lasting++
			}
		}
		switch {
		case effects == 0:
			add(id, "is lost: its handler never succeeded")
		case lasting > 1:
			add(id, "was handled %d times by processes that lived", lasting)
		}
		if len(commits[id]) != 1 {
			add(id, "was committed %d times", len(commits[id]))
		}
	}
	return found
}

// election is how long a cluster may take to answer after one of its servers was killed.
const election = 5 * time.Second

// away reports whether the engine may have been away for longer than the lease between a handler's success and the commit.
func away(servers []time.Time, run handlerRun, commits []time.Time) bool {
	return slices.ContainsFunc(servers, func(at time.Time) bool {
		return at.After(run.began.Add(-election)) && len(commits) > 0 && at.Before(commits[0])
	})
}

func (s *inboxSoak) judge(t *testing.T) {
	t.Helper()
	killed := map[int]bool{}
	for _, p := range s.workers.dead {
		killed[p.command.Process.Pid] = true
	}
	var ids []string
	for i := range s.callbacks {
		ids = append(ids, fmt.Sprintf("c-%06d", i))
	}
	runs := readRuns(t, s.job.Log)
	began, twice := 0, 0
	for _, of := range runs {
		began += len(of)
		effects := 0
		for _, run := range of {
			if run.done {
				effects++
			}
		}
		if effects > 1 {
			twice++
		}
	}
	s.committed.mu.Lock()
	defer s.committed.mu.Unlock()
	problems := inboxProblems(ids, runs, s.committed.at, killed, s.servers...)
	if s.inOrder {
		problems = append(problems, orderProblems(conversationsOf(ids), runs, s.committed.at)...)
	}
	t.Logf("%d handler calls, %d callbacks were handled again after a kill between effect and commit; %d problems", began, twice, len(problems))
	require.Empty(t, problems[:min(len(problems), 10)])
	assert.Greater(t, began, s.callbacks, "no handler failed, so nothing was tested")
}
