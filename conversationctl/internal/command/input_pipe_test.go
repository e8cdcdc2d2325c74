//go:build unix

package command

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAnInterruptEndsTheReadingOfAnInput(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	pipe := newPipe(t)
	for _, args := range [][]string{
		{"send", "--to=SMS:" + testNumber, "--file=" + pipe},
		{"call", "POST", "/v1/x", "--data=" + pipe},
		{"apps", "list", "--key-secret-file=" + pipe},
		{"replay", pipe, "--to=http://127.0.0.1:1"},
	} {
		running := ctlFor(srv).start(t, args...)
		writer, err := os.OpenFile(pipe, os.O_WRONLY, 0) // It waits until the program reads.
		require.NoError(t, err)
		got := running.interrupt(t)
		require.NoError(t, writer.Close())
		assert.Equal(t, exitFailed, got.code, args)
		assert.Contains(t, got.stderr, "interrupted", args)
	}
	assert.Empty(t, srv.Requests())
}

func TestAnInputThatIsNoRequestIsRejected(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	pipe := newPipe(t)
	for want, args := range map[string][]string{
		"larger than 64 MiB":        {"call", "POST", "/v1/x", "--data=/dev/zero"},
		"is not a regular file":     {"contacts", "import", pipe},
		"is a directory":            {"contacts", "create", "--file=" + t.TempDir()},
		"is not the text of a":      {"apps", "list", "--key-secret-file=" + writeFile(t, "a\x00b")},
		"no such file or directory": {"apps", "list", "--key-secret-file=/missing"},
	} {
		got := ctlFor(srv).run(t, args...)
		assert.Equal(t, exitUsage, got.code, got.stderr)
		assert.Contains(t, got.stderr, want)
	}
	assert.Empty(t, srv.Requests())
}

func newPipe(t *testing.T) string {
	t.Helper()
	pipe := filepath.Join(t.TempDir(), "pipe.csv")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	return pipe
}

func TestAReaderOfStdoutThatIsGoneDoesNotHideAChange(t *testing.T) {
	t.Parallel()
	s := newStored(t, conversation.ProcessingModeConversation)
	for name, args := range map[string][]string{
		"send":   {"send", "--to=SMS:" + testNumber, "--text=" + testText},
		"call":   {"call", "PATCH", "/v1/projects/{project_id}/apps/" + s.AppID(), "--data=" + writeFile(t, `{"display_name":"Shop"}`)},
		"update": {"apps", "update", s.AppID(), "--file=" + writeFile(t, `{"display_name":"Shop"}`)},
		"delete": {"contacts", "delete", "--yes", s.other},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := withoutReader(t, ctlFor(s.Server), args...)
			assert.Equal(t, exitUnknown, got.code, got.stderr)
			assert.Contains(t, got.stderr, "broken pipe")
			assertDiscreet(t, got.stderr)
		})
	}
}

func TestAReaderOfTheLogThatIsGoneDoesNotEndASend(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	cmd := ctlFor(srv).command(t, "send", "--to=SMS:"+testNumber, "--text=x", "-v")
	var stdout bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, brokenPipe(t)
	require.NoError(t, cmd.Run())
	require.Len(t, srv.Sent(), 1)
	assert.Contains(t, stdout.String(), srv.Sent()[0].MessageID)
}

// withoutReader runs the program with a stdout that nobody reads.
func withoutReader(t *testing.T, c ctl, args ...string) result {
	t.Helper()
	var stderr bytes.Buffer
	cmd := c.command(t, args...)
	cmd.Stdout, cmd.Stderr = brokenPipe(t), &stderr
	_ = cmd.Run() // The exit code is that of the process.
	return result{"", stderr.String(), cmd.ProcessState.ExitCode()}
}

func brokenPipe(t *testing.T) *os.File {
	t.Helper()
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	t.Cleanup(func() { _ = writer.Close() })
	return writer
}
