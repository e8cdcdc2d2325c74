package fakeprogram

import (
	"bufio"
	"bytes"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

// TestTheProgramServesUntilASignal builds the program and runs it in a process.
func TestTheProgramServesUntilASignal(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), programName)
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../cmd/"+programName).CombinedOutput()
	require.NoError(t, err, string(out))

	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			program := startProgram(t, binary, "-addr", "127.0.0.1:0")
			_, err := program.client(t).Apps.Get(t.Context(), program.info.AppID)
			require.NoError(t, err)
			hanging := program.hang(t)

			began := time.Now()
			require.NoError(t, program.cmd.Process.Signal(signal))
			require.NoError(t, program.cmd.Wait(), "it exits with 0")
			assert.Less(t, time.Since(began), time.Second)
			<-hanging

			assert.Contains(t, program.stderr.String(), "path=/v1/projects/"+program.info.ProjectID+"/apps/"+program.info.AppID)
			assert.NotContains(t, program.stderr.String(), program.info.KeySecret)
		})
	}
}

type program struct {
	cmd    *exec.Cmd
	info   ready
	stderr *bytes.Buffer
}

func startProgram(t *testing.T, binary string, args ...string) program {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	require.NoError(t, err)
	started := program{cmd: cmd, stderr: &stderr}
	decodeStrictly(t, line, &started.info)
	return started
}

func (p *program) client(t *testing.T) *conversation.Client {
	t.Helper()
	return clientOf(t, p.info)
}

// hang sends a request that never ends. It must not delay the end of the program. The channel is closed when the request
// has failed.
func (p *program) hang(t *testing.T) <-chan struct{} {
	t.Helper()
	started, done := make(chan struct{}), make(chan struct{})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.info.BaseURL, &endless{started: started})
	require.NoError(t, err)
	go func() {
		defer close(done)
		client := http.Client{Transport: &http.Transport{}}
		if resp, err := client.Do(r); err == nil {
			_ = resp.Body.Close()
		}
	}()
	<-started
	return done
}

// endless is a body that never ends.
type endless struct {
	started chan struct{}
	reads   int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.reads++; e.reads == 2 {
		close(e.started)
	}
	time.Sleep(10 * time.Millisecond)
	return copy(p, strings.Repeat(" ", 8)), nil
}
