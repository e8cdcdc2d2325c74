//go:build crash && linux

package crashtest

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// backTime is how long what a killed worker held may take under a clock that was set back: a minute, and a lease.
const backTime = time.Minute + lease

// anyStepBack returns a step backwards.
func anyStepBack(random *rand.Rand) time.Duration {
	return []time.Duration{-time.Hour, -8 * day, -10 * year}[random.IntN(3)]
}

// TestAWorkerIsKilledInAnAttemptAndTheClockSetBack restarts with a clock that is behind: the entry becomes unknown soon.
func TestAWorkerIsKilledInAnAttemptAndTheClockSetBack(t *testing.T) {
	t.Parallel()
	eachRound(t, func(t *testing.T, random *rand.Rand) {
		t.Helper()
		wall, platform, printed := newClock(t), newPlatform(t), &lines{}
		folder := filepath.Join(t.TempDir(), "relay")
		platform.Fault(conversationtest.Fault{Kind: conversationtest.FaultHangAfterAccept, Operation: "Messages.Send"})
		worker := startKilled(t, wall, folder, platform, printed, false)
		require.Eventually(t, func() bool { return len(platform.Sent()) > 0 }, startTime, 2*time.Millisecond)
		wait(t, time.Duration(random.IntN(1000))*time.Millisecond)
		worker.stopProducing()
		worker.kill()
		platform.ClearFaults()

		step := anyStepBack(random)
		wall.set(step)
		startClocks(t, wall, both, folder, platform, &lines{})
		r, closeRelay, err := place{Folder: folder, Attach: true}.open(t.Context())
		require.NoError(t, err)
		defer closeRelay()
		restarted := time.Now()
		open, unknown := printed.of("enqueued"), 0
		for time.Since(restarted) < backTime && len(open) > 0 {
			var now int
			_, open, now = states(t, r, open)
			unknown += now
			wait(t, 50*time.Millisecond)
		}
		require.Empty(t, describe(t, r, open), "clock set back by %s", step)
		require.NotZero(t, unknown)
		require.Empty(t, sentTwice(platform))
		t.Logf("clock set back by %s: %d unknown after %s", step, unknown, time.Since(restarted))
	})
}

// TestAHandlerIsKilledAndTheClockSetBack restarts with a clock that is behind: the callback is handled again soon.
func TestAHandlerIsKilledAndTheClockSetBack(t *testing.T) {
	t.Parallel()
	eachRound(t, func(t *testing.T, random *rand.Rand) {
		t.Helper()
		wall, platform, printed := newClock(t), newPlatform(t), &lines{}
		folder := filepath.Join(t.TempDir(), "relay")
		worker := startKilled(t, wall, folder, platform, printed, true)
		worker.await("handling", 1)
		wait(t, time.Duration(random.IntN(1000))*time.Millisecond)
		worker.kill()

		step := anyStepBack(random)
		wall.set(step)
		again := &lines{}
		startClocks(t, wall, both, folder, platform, again)
		restarted := time.Now()
		require.Eventually(t, func() bool {
			old, _ := missing(printed.of("stored"), newTally(again).copy())
			return len(old) == 0
		}, backTime, 20*time.Millisecond, "clock set back by %s: of %d callbacks, %d were handled", step, len(printed.of("stored")), len(again.of("handled")))
		t.Logf("clock set back by %s: %s", step, fmt.Sprintf("%d callbacks handled after %s", len(again.of("handled")), time.Since(restarted)))
	})
}

// startKilled starts the process that is killed.
func startKilled(t *testing.T, wall *clock, folder string, platform *conversationtest.Server, printed *lines, stall bool) *child {
	t.Helper()
	j := job{Role: roleWork, Place: place{Folder: folder}, Produce: true, Stall: stall}
	worker := startProgram(t, wall.program, platform, j, printed, envClock+"="+wall.file)
	worker.await("ready", 1)
	return worker
}
