//go:build crash && linux

package crashtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
)

const (
	day  = 24 * time.Hour
	year = 365 * day
)

// clockCase is one step of a clock.
type clockCase struct {
	step    time.Duration
	atStart bool
	who     string // whose clock it is
}

// Whose clock steps.
const (
	both       = "engine and worker" // in one process
	onlyEngine = "engine"
	onlyWorker = "worker"
)

func (c clockCase) String() string {
	moment := "while running"
	if c.atStart {
		moment = "at start"
	}
	return fmt.Sprintf("%s, %s, %s", c.who, c.step, moment)
}

// clockCases returns all steps. Neighbours differ much, so that few rounds have much of all.
func clockCases() []clockCase {
	var all []clockCase
	for _, size := range []time.Duration{time.Second, time.Hour, 8 * day, 31 * day, 10 * year} {
		for _, step := range []time.Duration{size, -size} {
			for _, atStart := range []bool{true, false} {
				for _, who := range []string{both, onlyEngine, onlyWorker} {
					all = append(all, clockCase{step, atStart, who})
				}
			}
		}
	}
	mixed := make([]clockCase, len(all))
	for i := range all {
		mixed[i] = all[i*37%len(all)]
	}
	return mixed
}

func TestClockSteps(t *testing.T) {
	t.Parallel()
	cases := clockCases()
	var total verdict
	round := number(t, "CONVERSATION_CRASH_SEED", 1)
	rounds := eachRound(t, func(t *testing.T, random *rand.Rand) {
		t.Helper()
		one := cases[round%len(cases)]
		round++
		found := stepClock(t, one, random)
		t.Logf("%v: %v", one, found)
		total = total.plus(found)
		found.assertNothingLost(t)
		assert.Empty(t, found.handledTwice, "handled twice")
	})
	t.Logf("%d rounds: %v", rounds, total)
}

// stepClock sets the clock, at the start of a process or while it runs, and sets it back later.
func stepClock(t *testing.T, c clockCase, random *rand.Rand) verdict {
	t.Helper()
	wall, platform, printed := newClock(t), newPlatform(t), &lines{}
	folder := filepath.Join(t.TempDir(), "relay")
	runForAWhile(t, place{Folder: folder}, platform, printed)
	if c.atStart {
		wall.set(c.step)
	}
	startClocks(t, wall, c.who, folder, platform, printed)
	if !c.atStart {
		wait(t, time.Duration(500+random.IntN(1500))*time.Millisecond)
		wall.set(c.step)
	}
	r, closeRelay, err := place{Folder: folder, Attach: true}.open(t.Context())
	require.NoError(t, err)
	defer closeRelay()
	produceInto(t, r, printed, "stepped-", 40)
	wait(t, time.Duration(500+random.IntN(1500))*time.Millisecond)
	v := awaitEnd(t, r, printed)
	if len(v.stuck)+len(v.lostCallbacks) > 0 {
		t.Error("while the clock was wrong:", v)
	}
	wall.set(0)
	produceInto(t, r, printed, "back-", 40)
	v.ended = max(v.ended, awaitEnd(t, r, printed).ended)
	for _, id := range printed.of("enqueued") { // all are remembered
		require.NoError(t, enqueue(t.Context(), r, id))
	}
	handler := r.Inbox().Handler(newReceiver(func(context.Context, string) {}))
	for _, id := range printed.of("stored") {
		require.Equal(t, 200, callback(handler, id))
	}
	again := &lines{}
	produceInto(t, r, again, "last-", 20)
	require.Eventually(t, func() bool {
		_, open, _ := states(t, r, again.of("enqueued"))
		old, _ := missing(again.of("stored"), newTally(printed).copy())
		return len(open)+len(old) == 0
	}, endTime, 50*time.Millisecond)
	wait(t, 2*lease)
	ended := v.ended
	v = awaitEnd(t, r, printed)
	v.ended = ended
	v.twice, v.handledTwice = sentTwice(platform), moreThanOnce(newTally(printed).copy())
	return v
}

// startClocks starts an engine and a worker, whose clocks can be set.
func startClocks(t *testing.T, wall *clock, who, folder string, platform *conversationtest.Server, printed *lines) {
	t.Helper()
	env := envClock + "=" + wall.file
	if who == both {
		worker := startProgram(t, wall.program, platform, job{Role: roleWork, Place: place{Folder: folder, Listen: true}}, printed, env)
		worker.await("ready", 1)
		return
	}
	host, worker := job{Role: roleHost, Place: place{Folder: folder, Listen: true}}, job{Role: roleWork, Place: place{Folder: folder, Attach: true}}
	if who == onlyEngine {
		startProgram(t, wall.program, nil, host, printed, env).await("ready", 1)
		start(t, platform, worker, printed).await("ready", 2)
		return
	}
	start(t, nil, host, printed).await("ready", 1)
	startProgram(t, wall.program, platform, worker, printed, env).await("ready", 2)
}

// runForAWhile sends entries and handles callbacks under the right clock, and leaves others.
func runForAWhile(t *testing.T, at place, platform *conversationtest.Server, printed *lines) {
	t.Helper()
	r, closeRelay, err := at.open(t.Context())
	require.NoError(t, err)
	defer closeRelay()
	produceInto(t, r, printed, "before-", 40)
	receiver := newReceiver(func(_ context.Context, id string) { printed.add("handled " + id) })
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { assert.NoError(t, handle(ctx, r, receiver)) })
	group.Go(func() { assert.NoError(t, send(ctx, r, platform.NewClient(t))) })
	awaitEnd(t, r, printed)
	stop()
	group.Wait()
	produceInto(t, r, printed, "waiting-", 40)
}

// awaitEnd waits until all entries and callbacks have ended, or endTime is over.
func awaitEnd(t *testing.T, r *relay.Relay, printed *lines) verdict {
	t.Helper()
	entries, callbacks := printed.of("enqueued"), printed.of("stored")
	v := verdict{enqueued: len(entries), stored: len(callbacks)}
	for started := time.Now(); time.Since(started) < endTime; wait(t, 50*time.Millisecond) {
		v.lostEntries, v.stuck, v.unknown = states(t, r, entries)
		v.lostCallbacks, _ = missing(callbacks, newTally(printed).copy())
		v.ended = time.Since(started)
		if len(v.stuck)+len(v.lostCallbacks) == 0 {
			break
		}
	}
	v.stuck = describe(t, r, v.stuck)
	return v
}
