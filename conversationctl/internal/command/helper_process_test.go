package command

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// result is what a process printed, and its exit code.
type result struct {
	stdout, stderr string
	code           int
}

// ctl is how tests run the program.
type ctl struct {
	env   []string // beside PATH, HOME and TMPDIR
	stdin io.Reader
	dir   string
	raced bool // with the race detector, if the tests have it
}

// ctlFor returns the environment in which the program calls a fake.
func ctlFor(srv *conversationtest.Server) ctl {
	return ctl{env: []string{
		"SINCH_PROJECT_ID=" + srv.ProjectID(),
		"SINCH_KEY_ID=" + srv.KeyID(),
		"SINCH_KEY_SECRET=" + srv.KeySecret(),
		"SINCH_CONVERSATION_BASE_URL=" + srv.BaseURL(),
		"SINCH_BATCH_BASE_URL=" + srv.BatchURL(),
		"SINCH_TOKEN_URL=" + srv.TokenURL(),
		"SINCH_APP_ID=" + srv.AppID(),
	}}
}

// with returns c with further variables. A later one overrides an earlier one.
func (c ctl) with(env ...string) ctl {
	c.env = append(append([]string{}, c.env...), env...)
	return c
}

// in returns c with content on stdin.
func (c ctl) in(content string) ctl {
	c.stdin = strings.NewReader(content)
	return c
}

// command returns the process, not started. It is killed when the test ends.
func (c ctl) command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	program, env := os.Args[0], []string{envMain + "=1"}
	if !c.raced {
		var err error
		program, err = builtProgram()
		require.NoError(t, err)
		env = nil
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = slices.Concat(env, []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir(), "GORACE=atexit_sleep_ms=0",
	}, c.env)
	cmd.Stdin = c.stdin
	cmd.Dir = c.dir
	return cmd
}

// run runs the program to its end.
func (c ctl) run(t *testing.T, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := c.command(t, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// terminal is a process in a pseudo-terminal.
type terminal struct {
	cmd    *exec.Cmd
	pty    *os.File
	output *bytes.Buffer
	chunks chan []byte
}

// terminal starts the program in a pseudo-terminal: stdin, stdout and stderr are one screen.
func (c ctl) terminal(t *testing.T, args ...string) *terminal {
	t.Helper()
	started := &terminal{cmd: c.with("TERM=xterm-256color").command(t, args...), output: new(bytes.Buffer), chunks: make(chan []byte, 1024)}
	var err error
	started.pty, err = pty.StartWithSize(started.cmd, &pty.Winsize{Rows: 40, Cols: 120})
	require.NoError(t, err)
	t.Cleanup(func() { _ = started.pty.Close() })
	go func() {
		defer close(started.chunks)
		for {
			chunk := make([]byte, 4096)
			n, err := started.pty.Read(chunk)
			if err != nil {
				return // EIO: the program has ended
			}
			started.chunks <- chunk[:n]
		}
	}()
	return started
}

// expect waits until the screen has shown text.
func (s *terminal) expect(t *testing.T, text string) {
	t.Helper()
	limit := time.After(30 * time.Second)
	for !strings.Contains(s.output.String(), text) {
		select {
		case chunk, open := <-s.chunks:
			if !open {
				require.Fail(t, "the program ended", "without %q on the screen:\n%s", text, s.output)
			}
			s.output.Write(chunk)
		case <-limit:
			require.Fail(t, "timeout", "no %q on the screen:\n%s", text, s.output)
		}
	}
}

// enter types a line.
func (s *terminal) enter(t *testing.T, line string) {
	t.Helper()
	_, err := io.WriteString(s.pty, line+"\n")
	require.NoError(t, err)
}

// end waits for the end of the program, and returns the screen and the exit code.
func (s *terminal) end(t *testing.T) (screen string, code int) {
	t.Helper()
	for chunk := range s.chunks {
		s.output.Write(chunk)
	}
	err := s.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		assert.NoError(t, err)
	}
	return s.output.String(), s.cmd.ProcessState.ExitCode()
}
