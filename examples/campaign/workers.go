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
	workerFolder = "CAMPAIGN_FOLDER" // of the queue
	workerFake   = "CAMPAIGN_FAKE"   // set when they talk to the fake
)

// work runs a worker process: it sends from the queue until its standard input ends, which also happens when the program
// that started it dies.
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
	queue, err := relay.Open(ctx, embedded.Attach(os.Getenv(workerFolder)), relayOptions(os.Getenv(workerFake) == "")...)
	if err != nil {
		return err
	}
	defer queue.Close()
	return queue.Outbox().Run(ctx, client, runOptions(os.Getenv(workerFake) != "")...)
}

// runOptions returns no options on Sinch: the defaults are the published rate of the app, and 800 a second for all apps of
// a project. The fake enforces no rate, and at the rate of Sinch the 10,000 messages would take eight minutes. With the
// short lease, the attempts of the killed worker are found after two seconds rather than a minute.
func runOptions(fake bool) []relay.OutboxOption {
	if !fake {
		return nil
	}
	return []relay.OutboxOption{relay.WithRates(5000, 5000), relay.WithSendLease(2 * time.Second)}
}

// workers starts worker processes.
type workers struct {
	folder string
	fake   *conversationtest.Server // nil on Sinch
}

// worker is a process that sends.
type worker struct {
	process *exec.Cmd
	input   io.Closer
	leaving atomic.Bool // it was stopped or killed
	ended   chan struct{}
}

// start runs this program as a worker. If the worker ends before it is stopped, everything is canceled.
func (c workers) start(cancel context.CancelCauseFunc) (*worker, error) {
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

// variables returns the environment of a worker: the queue, and the fake if there is one.
func (c workers) variables() []string {
	set := []string{workerFolder + "=" + c.folder}
	if c.fake == nil {
		return set
	}
	return append(set, workerFake+"=1", "SINCH_PROJECT_ID="+c.fake.ProjectID(), "SINCH_KEY_ID="+c.fake.KeyID(),
		"SINCH_KEY_SECRET="+c.fake.KeySecret(), "SINCH_CONVERSATION_BASE_URL="+c.fake.BaseURL(), "SINCH_TOKEN_URL="+c.fake.TokenURL())
}

// stop ends a worker after the sends in flight.
func (w *worker) stop() {
	w.leaving.Store(true)
	_ = w.input.Close()
	<-w.ended
}

// kill ends a worker immediately: SIGKILL on Unix.
func (w *worker) kill() {
	w.leaving.Store(true)
	_ = w.process.Process.Kill()
	<-w.ended
}
