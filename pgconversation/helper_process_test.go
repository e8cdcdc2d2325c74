package pgconversation_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
)

const (
	// jobVariable holds the job as JSON if this binary is a process that a test starts, to kill it.
	jobVariable = "PGCONVERSATION_TEST_JOB"
	// processPatience is the time limit for a process to start, and to stop.
	processPatience = 30 * time.Second
)

// TestMain runs the tests, or the job that this process was started for.
func TestMain(m *testing.M) {
	if job := os.Getenv(jobVariable); job != "" {
		os.Exit(runJob(job))
	}
	flag.Parse()
	if parallel := flag.Lookup("test.parallel"); parallel.Value.String() == parallel.DefValue {
		_ = parallel.Value.Set("8") // most tests wait
	}
	code := m.Run()
	postgres.stop()
	os.Exit(code)
}

// job describes what a process does.
type job struct {
	Role string `json:"role"` // a key of roles
	Name string `json:"name"` // of the process, unique in a test
	DSN  string `json:"dsn"`

	ProjectID string `json:"project_id"` // of the fake, like the fields after it
	KeyID     string `json:"key_id"`
	KeySecret string `json:"key_secret"`
	BaseURL   string `json:"base_url"`
	TokenURL  string `json:"token_url"`

	AppRate     float64 `json:"app_rate"`
	ProjectRate float64 `json:"project_rate"`
}

// roles are the kinds of processes. Each calls ready when it is ready, and works until the context ends.
var roles = map[string]func(ctx context.Context, j job, ready func()) error{"send": runSender, "abandon": runAbandoner}

// runJob is the main function of a process. It ends when its standard input does, and so whenever the process that started it ends.
func runJob(text string) int {
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		fmt.Fprintln(os.Stderr, "the job:", err)
		return 2
	}
	signal.Ignore(os.Interrupt) // the parent gets it too, and then closes the input
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
		time.AfterFunc(processPatience, func() {
			fmt.Fprintln(os.Stderr, "the process did not end with its context")
			os.Exit(3) //nolint:revive // A process that hangs must not outlive its test.
		})
	}()
	ready := func() { fmt.Println("ready") } //nolint:forbidigo // Its parent reads it.
	if err := roles[j.Role](ctx, j, ready); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintf(os.Stderr, "%s: %v\n", j.Role, err)
		return 1
	}
	return 0
}

// client returns a client of the fake.
func (j job) client() (*conversation.Client, error) {
	return conversation.NewClient(j.ProjectID, conversation.WithOAuth2(j.KeyID, j.KeySecret),
		conversation.WithBaseURL(j.BaseURL), conversation.WithTokenURL(j.TokenURL))
}

// process is a process that does a job.
type process struct {
	job     job
	command *exec.Cmd
	input   io.Closer
	errors  bytes.Buffer // valid after ended is closed, like err
	err     error
	ended   chan struct{}
}

// launch starts a process and waits until it is ready. It is killed when the context ends.
func launch(ctx context.Context, j job) (*process, error) {
	text, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{job: j, command: exec.CommandContext(ctx, self), ended: make(chan struct{})}
	p.command.Env = append(os.Environ(), jobVariable+"="+string(text))
	p.command.Stderr = &p.errors
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
	ready := make(chan struct{})
	go func() {
		defer close(p.ended)
		lines := bufio.NewScanner(output)
		for lines.Scan() {
			if lines.Text() == "ready" {
				close(ready)
			}
		}
		p.err = p.command.Wait() // after the output was read
	}()
	select {
	case <-ready:
		return p, nil
	case <-p.ended:
	case <-time.After(processPatience):
		p.kill()
	}
	return nil, fmt.Errorf("the process was not ready: %w\n%s", p.err, &p.errors)
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
	assert.NoError(t, p.err, "a process: %s", &p.errors)
}
