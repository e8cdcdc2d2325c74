package command

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// manyContacts returns how many contacts the tests of kills and of memory have.
func manyContacts() int {
	if os.Getenv("CONVERSATION_SOAK") != "" {
		return 100_000
	}
	return 2_000
}

// TestExportAndImportSurviveKills moves all contacts to a file and to another project. The processes are killed at random
// moments and run again.
func TestExportAndImportSurviveKills(t *testing.T) {
	t.Parallel()
	for format, total := range map[contactFormat]int{formatCSV: manyContacts(), formatJSONL: max(2_000, manyContacts()/10)} {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			from, to := newKillingFake(t), newKillingFake(t)
			seedContacts(t, from.srv, total)
			want := storedContacts(t, from.srv)
			require.Len(t, want, total)
			file := filepath.Join(t.TempDir(), "contacts."+string(format))

			from.runUntilDone(t, total/contactsPage, "contacts", "export", "--out", file, "--resume")
			assert.Equal(t, want, contactsOfFile(t, file, format))
			assert.NoFileExists(t, statePath(file))

			to.runUntilDone(t, total, "contacts", "import", file, "--rate", "1000000")
			assert.Equal(t, want, storedContacts(t, to.srv))
			assert.NoFileExists(t, file+".journal")
			assert.NoFileExists(t, file+".failed.jsonl")
		})
	}
}

// killingFake is a fake that kills the program that calls it.
type killingFake struct {
	srv  *conversationtest.Server
	ctl  ctl
	left atomic.Int64 // requests until the kill
	kill atomic.Pointer[os.Process]
}

func newKillingFake(t *testing.T) *killingFake {
	t.Helper()
	fake := &killingFake{}
	fake.srv, fake.ctl = newContactsFake(t, func() {
		if process := fake.kill.Load(); process != nil && fake.left.Add(-1) == 0 {
			_ = process.Kill() // It may have ended.
		}
	})
	fake.ctl.raced = true
	return fake
}

// runUntilDone runs the program and kills it, 5 times, each after at most a sixth of the requests that all the work needs.
// Then it runs the program to its end.
func (f *killingFake) runUntilDone(t *testing.T, requests int, args ...string) {
	t.Helper()
	for range 5 {
		cmd := f.ctl.command(t, args...)
		f.left.Store(1 + rand.Int64N(int64(requests/6)))
		require.NoError(t, cmd.Start())
		f.kill.Store(cmd.Process)
		require.Error(t, cmd.Wait())
		require.Equal(t, -1, cmd.ProcessState.ExitCode(), "it was killed")
		f.kill.Store(nil)
	}
	got := f.ctl.run(t, args...)
	require.Zero(t, got.code, got.stderr)
}

// TestExportAndImportNeedTheSameMemoryForAnyNumberOfContacts compares 10 times as many contacts.
func TestExportAndImportNeedTheSameMemoryForAnyNumberOfContacts(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		return // There is no /proc.
	}
	few := memoryOf(t, manyContacts()/10)
	many := memoryOf(t, manyContacts())
	for i, command := range []string{"export", "import"} {
		t.Logf("%s: %d KiB for %d contacts, %d KiB for %d", command, few[i], manyContacts()/10, many[i], manyContacts())
		assert.Less(t, many[i], 100<<10, command)
		assert.Less(t, float64(many[i]), 1.5*float64(few[i]), command)
	}
}

// memoryOf returns the largest resident set of an export and of an import of n contacts, in KiB.
func memoryOf(t *testing.T, n int) [2]int {
	t.Helper()
	from, to := newWatchingFake(t), newWatchingFake(t)
	seedContacts(t, from.srv, n)
	file := filepath.Join(t.TempDir(), "contacts.csv")
	return [2]int{
		from.peakMemory(t, "contacts", "export", "--out", file),
		to.peakMemory(t, "contacts", "import", file, "--rate", "1000000"),
	}
}

// watchingFake is a fake that reads the memory of the program that calls it.
type watchingFake struct {
	srv      *conversationtest.Server
	ctl      ctl
	pid      atomic.Int64
	requests atomic.Int64
	status   atomic.Pointer[string]
}

func newWatchingFake(t *testing.T) *watchingFake {
	t.Helper()
	fake := &watchingFake{}
	fake.srv, fake.ctl = newContactsFake(t, func() {
		if pid := fake.pid.Load(); pid != 0 && fake.requests.Add(1)%10 == 0 {
			status, err := os.ReadFile("/proc/" + strconv.FormatInt(pid, 10) + "/status")
			if err == nil { // The program may have ended.
				text := string(status)
				fake.status.Store(&text)
			}
		}
	})
	return fake
}

// peakMemory runs the program, and returns the largest resident set that was seen.
func (f *watchingFake) peakMemory(t *testing.T, args ...string) int {
	t.Helper()
	cmd := f.ctl.command(t, args...)
	require.NoError(t, cmd.Start())
	f.pid.Store(int64(cmd.Process.Pid))
	require.NoError(t, cmd.Wait())
	status := f.status.Load()
	require.NotNil(t, status)
	_, peak, found := strings.Cut(*status, "VmHWM:")
	require.True(t, found, *status)
	kib, err := strconv.Atoi(strings.Fields(peak)[0])
	require.NoError(t, err)
	return kib
}
