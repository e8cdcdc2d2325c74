//go:build crash && linux

package crashtest

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// envClock is the variable with the name of the file that sets the wall clock of a child process.
const envClock = "CRASHTEST_CLOCK"

// clockSource is added to package time. The file has the seconds to add to the wall clock, in the order of bytes of the
// machine. It is mapped into memory, so that writing it sets the clock. The monotonic clock stays.
const clockSource = `package time

import (
	"syscall"
	"unsafe"
)

var clockStep *int64

func init() {
	name, ok := syscall.Getenv("` + envClock + `")
	if !ok {
		return
	}
	file, err := syscall.Open(name, syscall.O_RDONLY, 0)
	if err != nil {
		panic(err)
	}
	memory, err := syscall.Mmap(file, 0, 8, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	clockStep = (*int64)(unsafe.Pointer(&memory[0]))
}

func stepped(sec int64) int64 {
	if clockStep == nil {
		return sec
	}
	return sec + *clockStep
}
`

// clockBuild is the folder of the build with another clock, if there is one.
var clockBuild string

func removeClockBuild() {
	if clockBuild != "" {
		_ = os.RemoveAll(clockBuild)
	}
}

// buildWithClock returns a build of these tests in which package time reads the step of the clock. It is built once.
var buildWithClock = sync.OnceValues(func() (string, error) {
	root, err := exec.CommandContext(context.Background(), "go", "env", "GOROOT").Output()
	if err != nil {
		return "", err
	}
	original := filepath.Join(strings.TrimSpace(string(root)), "src", "time", "time.go")
	content, err := os.ReadFile(original)
	if err != nil {
		return "", err
	}
	const reading = "sec, nsec, mono := runtimeNow()\n"
	folder, err := os.MkdirTemp("", "crashtest")
	if err != nil {
		return "", err
	}
	clockBuild = folder
	files := map[string]string{original: "time.go", filepath.Join(filepath.Dir(original), "crashtest.go"): "crashtest.go"}
	for target, name := range files {
		files[target] = filepath.Join(folder, name)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": files})
	if err != nil {
		return "", err
	}
	now := strings.Replace(string(content), reading, reading+"\tsec = stepped(sec)\n", 1)
	for name, text := range map[string]string{"time.go": now, "crashtest.go": clockSource, "overlay.json": string(overlay)} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	program := filepath.Join(folder, "crashtest.test")
	return program, run([]string{"go", "test", "-c", "-tags", "crash", "-overlay", filepath.Join(folder, "overlay.json"), "-o", program, "."})
})

// clock is the wall clock of child processes.
type clock struct {
	t       *testing.T
	program string // the build whose processes follow the clock
	file    string
}

func newClock(t *testing.T) *clock {
	t.Helper()
	program, err := buildWithClock()
	require.NoError(t, err, "the standard library is built with another clock")
	c := &clock{t, program, filepath.Join(t.TempDir(), "clock")}
	c.set(0)
	return c
}

// set sets the clock to the time of the machine plus a step.
func (c *clock) set(step time.Duration) {
	c.t.Helper()
	seconds := binary.NativeEndian.AppendUint64(nil, uint64(step/time.Second))
	file, err := os.OpenFile(c.file, os.O_WRONLY|os.O_CREATE, 0o600)
	require.NoError(c.t, err)
	defer func() { require.NoError(c.t, file.Close()) }()
	_, err = file.WriteAt(seconds, 0)
	require.NoError(c.t, err)
}

// TestTheClockOfAChildIsSet proves that the other tests of clocks test something.
func TestTheClockOfAChildIsSet(t *testing.T) {
	t.Parallel()
	c := newClock(t)
	c.set(-10 * 365 * 24 * time.Hour)
	printed := &lines{}
	startProgram(t, c.program, nil, job{Role: roleTime}, printed, envClock+"="+c.file).await("time", 1)
	at, err := time.Parse(time.RFC3339, printed.of("time")[0])
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(-10*365*24*time.Hour), at, time.Minute)
}
