package relay_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// processPatience is the time limit for a process to start, and to stop.
const processPatience = 30 * time.Second

// process is a worker process.
type process struct {
	address string // what it printed when it was ready
	command *exec.Cmd
	input   io.Closer
	errors  *lockedBuffer
	ended   chan struct{}
	err     error // valid after ended is closed
}

// launch starts a worker process and waits until it is ready. It is killed when the context ends.
func launch(ctx context.Context, j job) (*process, error) {
	text, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{command: exec.CommandContext(ctx, self), errors: &lockedBuffer{}, ended: make(chan struct{})}
	p.command.Env = append(os.Environ(), jobVariable+"="+string(text))
	p.command.Stderr = p.errors
	if p.input, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	ready := make(chan string, 1)
	go func() {
		defer close(p.ended)
		lines := bufio.NewScanner(output)
		for lines.Scan() {
			if address, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
				ready <- address
			}
		}
		p.err = p.command.Wait() // after the output was read
	}()
	return p, p.await(ready)
}

func (p *process) await(ready <-chan string) error {
	select {
	case p.address = <-ready:
		return nil
	case <-p.ended:
		return fmt.Errorf("the process ended before it was ready: %w\n%s", p.err, p.errors)
	case <-time.After(processPatience):
		p.kill()
		return fmt.Errorf("the process was not ready in time\n%s", p.errors)
	}
}

// kill kills the process and waits for its end.
func (p *process) kill() {
	_ = p.command.Process.Kill() // it may have ended already
	<-p.ended
}

// stop ends the process, which must not fail.
func (p *process) stop(t *testing.T) {
	t.Helper()
	_ = p.input.Close() // it may have ended already
	select {
	case <-p.ended:
	case <-time.After(2 * processPatience):
		p.kill()
	}
	assert.NoError(t, p.err, "a process: %s", p.errors)
}

// startProcess runs a worker process, which is killed when the test ends.
func startProcess(t *testing.T, j job) *process {
	t.Helper()
	p, err := launch(t.Context(), j)
	require.NoError(t, err)
	t.Cleanup(p.kill)
	return p
}
