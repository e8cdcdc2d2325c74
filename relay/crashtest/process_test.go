//go:build crash && linux

package crashtest

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// child is a process that was started.
type child struct {
	t       *testing.T
	command *exec.Cmd
	input   io.Closer
	printed *lines
	ended   chan struct{}
}

// start starts a child process. What it prints is added to printed.
func start(t *testing.T, platform *conversationtest.Server, j job, printed *lines) *child {
	t.Helper()
	return startProgram(t, os.Args[0], platform, j, printed)
}

func startProgram(t *testing.T, program string, platform *conversationtest.Server, j job, printed *lines, env ...string) *child {
	t.Helper()
	if platform != nil {
		project := platform.Projects()[0]
		j.Project, j.Key, j.Secret, j.Base = platform.ProjectID(), project.KeyID, project.KeySecret, platform.BaseURL()
	}
	content, err := json.Marshal(j)
	require.NoError(t, err)
	c := &child{t: t, command: exec.CommandContext(context.WithoutCancel(t.Context()), program), printed: printed, ended: make(chan struct{})}
	c.command.Env = append(append(os.Environ(), envJob+"="+string(content)), env...)
	c.command.Stderr = os.Stderr
	c.input, err = c.command.StdinPipe()
	require.NoError(t, err)
	output, err := c.command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.command.Start())
	go func() {
		defer close(c.ended)
		scanner := bufio.NewScanner(output)
		for scanner.Scan() {
			printed.add(scanner.Text())
		}
		_ = c.command.Wait() // after the output was read
	}()
	t.Cleanup(c.kill)
	return c
}

// await waits until the child has printed a line that begins with a word count times.
func (c *child) await(word string, count int) {
	c.t.Helper()
	printed := func() bool { return len(c.printed.of(word)) >= count }
	require.Eventually(c.t, func() bool { return printed() || c.hasEnded() }, startTime, 2*time.Millisecond, "the child does not print %q", word)
	require.True(c.t, printed(), "the child ended before it printed %q: %v", word, c.command.ProcessState)
}

func (c *child) hasEnded() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// kill kills the process, and waits for its end.
func (c *child) kill() {
	_ = c.command.Process.Kill() // it may have ended
	<-c.ended
}

// stop ends the process with SIGTERM: it closes the relay.
func (c *child) stop() {
	c.t.Helper()
	require.NoError(c.t, c.command.Process.Signal(syscall.SIGTERM))
	<-c.ended
	require.True(c.t, c.command.ProcessState.Success(), "the child ended with %v", c.command.ProcessState)
}

// stopProducing ends what the child produces.
func (c *child) stopProducing() { _ = c.input.Close() }

// lines are the lines that children have printed.
type lines struct {
	mu  sync.Mutex
	all []line
}

type line struct {
	word, id string
	at       time.Time
}

func (l *lines) add(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	word, id, _ := strings.Cut(text, " ")
	l.all = append(l.all, line{word, id, time.Now()})
}

// of returns the IDs of the lines that begin with a word.
func (l *lines) of(word string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ids []string
	for _, one := range l.all {
		if one.word == word {
			ids = append(ids, one.id)
		}
	}
	return ids
}

// times returns when the lines that begin with a word were read, by ID.
func (l *lines) times(word string) map[string]time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := make(map[string]time.Time)
	for _, one := range l.all {
		if one.word == word {
			at[one.id] = one.at
		}
	}
	return at
}

// wait waits for d: the moment is what a round is about.
func wait(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}
