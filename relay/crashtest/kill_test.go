//go:build crash && linux

package crashtest

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	var total verdict
	rounds := eachRound(t, func(t *testing.T, random *rand.Rand) {
		t.Helper()
		found := killOften(t, random)
		t.Log(found)
		total = total.plus(found)
		found.assertNothingLost(t)
	})
	t.Logf("%d rounds: %v", rounds, total)
}

// killOften kills a process up to 5 times, also while it starts.
func killOften(t *testing.T, random *rand.Rand) verdict {
	t.Helper()
	platform, printed := newPlatform(t), &lines{}
	at := place{Folder: filepath.Join(t.TempDir(), "relay"), Every: time.Duration(random.IntN(2)) * time.Second}
	at.Weak = at.Every > 0 // a kill loses nothing nevertheless
	for n := range 1 + random.IntN(5) {
		process := start(t, platform, job{Role: roleWork, Place: at, Produce: true, Name: fmt.Sprintf("run%d-", n)}, printed)
		wait(t, time.Duration(random.IntN(2500))*time.Millisecond)
		process.kill()
	}
	at.Weak, at.Every = false, 0
	return judge(t, platform, at, printed, 100)
}

// TestAServerIsKilledAtAnyMoment kills the server of a worker that goes on.
func TestAServerIsKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	var total verdict
	rounds := eachRound(t, func(t *testing.T, random *rand.Rand) {
		t.Helper()
		platform, printed := newPlatform(t), &lines{}
		all, address := nodes(t, 1, false)
		all[0].Folder = t.TempDir()
		at := place{URL: address, Weak: true}
		server := job{Role: roleNode, Node: all[0]}
		running := start(t, nil, server, &lines{})
		running.await("ready", 1)
		worker := start(t, platform, job{Role: roleWork, Place: at, Produce: true}, printed)
		worker.await("ready", 1)
		for range 1 + random.IntN(4) {
			wait(t, time.Duration(random.IntN(1500))*time.Millisecond)
			running.kill()
			running = start(t, nil, server, &lines{})
			running.await("ready", 1)
		}
		wait(t, time.Duration(random.IntN(1500))*time.Millisecond)
		worker.kill()
		found := judge(t, platform, at, printed, 100)
		t.Log(found)
		total = total.plus(found)
		found.assertNothingLost(t)
	})
	t.Logf("%d rounds: %v", rounds, total)
	require.NotZero(t, total.enqueued)
}
