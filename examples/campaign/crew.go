package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync/atomic"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// Variables for the worker processes.
const (
	workerFolder = "CAMPAIGN_FOLDER" // the queue's
	workerFake   = "CAMPAIGN_FAKE"   // set when they talk to the fake
)

// work is what a worker process does: it sends from the queue until its input ends, which it also does when the program
// dies that started it.
func work() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	if err := sendQueued(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "campaign: worker: %v\n", err)
		return 1
	}
	return 0
}

func sendQueued(ctx context.Context) error {
	client, err := conversation.NewClientFromEnv()
	if err != nil {
		return err
	}
	queue, err := relay.Open(ctx, embedded.Attach(os.Getenv(workerFolder)))
	if err != nil {
		return err
	}
	defer queue.Close()
	return queue.Outbox().Run(ctx, client, runOptions(os.Getenv(workerFake) != "")...)
}

// runOptions are none on Sinch: an app may make as many requests as it publishes, and all apps of a project 800 a second.
// The fake holds no limit, and at that of Sinch the 10,000 messages would take eight minutes. The short lease has the attempts of
// the worker that is killed found after two seconds, in place of a minute.
func runOptions(fake bool) []relay.OutboxOption {
	if !fake {
		return nil
	}
	return []relay.OutboxOption{relay.WithRates(5000, 5000), relay.WithSendLease(2 * time.Second)}
}

// crew starts workers.
type crew struct {
	folder string
	fake   *conversationtest.Server // nil on Sinch
}

// worker is a process that sends.
type worker struct {
	process *exec.Cmd
	input   io.Closer
	leaving atomic.Bool // it is to end
	ended   chan struct{}
}

// start runs this program once more, as a worker. If it ends before it is stopped, it cancels all.
func (c crew) start(cancel context.CancelCauseFunc) (*worker, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	w := &worker{process: exec.Command(program), ended: make(chan struct{})} //nolint:gosec,noctx // It is this program; stop ends it.
	w.process.Env = append(os.Environ(), c.variables()...)
	w.process.Stderr = os.Stderr
	if w.input, err = w.process.StdinPipe(); err != nil {
		return nil, err
	}
	if err := w.process.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(w.ended)
		if err := w.process.Wait(); !w.leaving.Load() {
			cancel(errors.Join(errors.New("a worker ended"), err))
		}
	}()
	return w, nil
}

// variables has the workers use the queue, and the fake if there is one.
func (c crew) variables() []string {
	set := []string{workerFolder + "=" + c.folder}
	if c.fake == nil {
		return set
	}
	return append(set, workerFake+"=1", "SINCH_PROJECT_ID="+c.fake.ProjectID(), "SINCH_KEY_ID="+c.fake.KeyID(),
		"SINCH_KEY_SECRET="+c.fake.KeySecret(), "SINCH_CONVERSATION_BASE_URL="+c.fake.BaseURL(), "SINCH_TOKEN_URL="+c.fake.TokenURL())
}

// stop lets a worker finish what it is sending.
func (w *worker) stop() {
	w.leaving.Store(true)
	_ = w.input.Close()
	<-w.ended
}

// kill ends a worker at once, with whatever it is doing: SIGKILL on Unix.
func (w *worker) kill() {
	w.leaving.Store(true)
	_ = w.process.Process.Kill()
	<-w.ended
}
