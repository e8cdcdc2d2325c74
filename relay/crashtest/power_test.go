//go:build crash && linux

package crashtest

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// mode is one way to cut the power.
type mode struct {
	every     time.Duration // 0 to sync always
	killFirst bool          // otherwise the process lives on for a moment, on the dead disk
	older     bool          // the store is synced once before the cut
}

func TestSyncedBeforeEachAnswerAndKilledFirst(t *testing.T) { cutPower(t, mode{killFirst: true}) }

func TestSyncedBeforeEachAnswerAndAliveOnTheDeadDisk(t *testing.T) { cutPower(t, mode{}) }

func TestSyncedEverySecond(t *testing.T) { cutPower(t, mode{every: time.Second}) }

func TestSyncedEverySecondWithAnOlderStore(t *testing.T) {
	cutPower(t, mode{every: time.Second, older: true})
}

// cutPower cuts the power again and again, each time at another moment.
func cutPower(t *testing.T, m mode) {
	t.Helper()
	rounds, first := number(t, "CONVERSATION_CRASH_ROUNDS", 2), number(t, "CONVERSATION_CRASH_SEED", 1)
	var total verdict
	for seed := first; seed < first+rounds; seed++ {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			found := cutOnce(t, m, rand.New(rand.NewPCG(uint64(seed), 0)))
			t.Log(found)
			total.add(found)
			assert.Empty(t, found.stuck, "neither settled nor unknown a minute after the restart")
			assert.Empty(t, found.unhandled, "callbacks that the store has and nobody handled")
			if m.every == 0 {
				assert.Empty(t, found.lostEntries)
				assert.Empty(t, found.lostCallbacks)
				assert.Empty(t, found.twice)
			}
		})
	}
	t.Logf("%d rounds: %v", rounds, total)
}

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	n, err := strconv.Atoi(cmp.Or(os.Getenv(name), strconv.Itoa(otherwise)))
	require.NoError(t, err)
	return n
}

// cutOnce runs one round.
func cutOnce(t *testing.T, m mode, random *rand.Rand) verdict {
	t.Helper()
	d := newDisk(t, 200)
	platform := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(platform.Close)
	folder := filepath.Join(d.at, "relay")
	process, printed := startChild(t, platform, folder, m.every)
	require.Eventually(t, func() bool { return printed.len() > 0 }, 20*time.Second, time.Millisecond, "the child does not start")
	wait(t, time.Duration(500+random.IntN(2500))*time.Millisecond)
	if m.older {
		d.sync()
		wait(t, time.Duration(500+random.IntN(1500))*time.Millisecond)
	}
	if m.killFirst {
		require.NoError(t, process.Process.Kill())
	}
	d.cut()
	if !m.killFirst {
		wait(t, time.Duration(20+random.IntN(200))*time.Millisecond)
		_ = process.Process.Kill()
	}
	_ = process.Wait()
	d.remount()
	return recoverAndJudge(t, platform, folder, m.every, printed)
}

// wait waits for d: the moment of the cut is what a round is about.
func wait(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}

func startChild(t *testing.T, platform *conversationtest.Server, folder string, every time.Duration) (*exec.Cmd, *lines) {
	t.Helper()
	project := platform.Projects()[0]
	process := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0])
	process.Env = append(os.Environ(), envFolder+"="+folder, envEvery+"="+every.String(), envProject+"="+platform.ProjectID(),
		envKey+"="+project.KeyID, envSecret+"="+project.KeySecret, envBase+"="+platform.BaseURL(), envApp+"="+platform.AppID())
	process.Stderr = os.Stderr
	printed := &lines{}
	read, write := io.Pipe()
	process.Stdout = write
	go func() {
		scanner := bufio.NewScanner(read)
		for scanner.Scan() {
			printed.add(scanner.Text())
		}
	}()
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		_ = process.Process.Kill()
		_ = write.Close()
	})
	return process, printed
}

// lines are the lines that the child has printed.
type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, line)
}

func (l *lines) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.all)
}

// of returns the IDs of the lines that begin with a word.
func (l *lines) of(word string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ids []string
	for _, line := range l.all {
		if kind, id, _ := strings.Cut(line, " "); kind == word {
			ids = append(ids, id)
		}
	}
	return ids
}
