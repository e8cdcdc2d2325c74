//go:build crash && linux

package crashtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/webhook"
)

// envJob is the variable with the job of a child process, as JSON.
const envJob = "CRASHTEST_JOB"

// The roles of a child process.
const (
	roleWork = "work" // sends and handles
	roleHost = "host" // runs an embedded engine for others
	roleNode = "node" // runs a NATS server
	roleTime = "time" // prints the time
)

// producers is the number of goroutines that enqueue and receive.
const producers = 4

// job is what a child process does.
type job struct {
	Role  string `json:"role"`
	Place place  `json:"place"`
	Node  node   `json:"node"` // of roleNode

	Name    string `json:"name"`    // begins the IDs of what it produces
	Produce bool   `json:"produce"` // enqueues and receives until its standard input is closed
	Stall   bool   `json:"stall"`   // its handlers do not return
	Project string `json:"project"`
	Key     string `json:"key"`
	Secret  string `json:"secret"`
	Base    string `json:"base"`
}

// TestMain runs the tests, or a child process.
func TestMain(m *testing.M) {
	content := os.Getenv(envJob)
	if content == "" {
		code := m.Run()
		removeClockBuild()
		os.Exit(code)
	}
	var j job
	err := json.Unmarshal([]byte(content), &j)
	if err == nil {
		err = j.run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, j.Role+":", err)
		os.Exit(1)
	}
}

// run works until the process gets SIGTERM, or is killed.
func (j job) run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	switch j.Role {
	case roleNode:
		return j.Node.serve(ctx)
	case roleHost:
		return j.host(ctx)
	case roleTime:
		fmt.Println("time", time.Now().Format(time.RFC3339))
		return nil
	}
	return j.work(ctx)
}

func (j job) host(ctx context.Context) error {
	_, closeRelay, err := j.Place.open(ctx)
	if err != nil {
		return err
	}
	defer closeRelay()
	fmt.Println("ready")
	<-ctx.Done()
	return nil
}

// work enqueues, sends, stores callbacks and handles them. It prints what was acknowledged.
func (j job) work(ctx context.Context) error {
	client, err := conversation.NewClient(j.Project, conversation.WithBasicAuth(j.Key, j.Secret), conversation.WithBaseURL(j.Base),
		conversation.WithInsecureHTTP())
	if err != nil {
		return err
	}
	r, closeRelay, err := j.Place.open(ctx)
	if err != nil {
		return err
	}
	defer closeRelay()
	fmt.Println("ready")
	receiver := newReceiver(func(ctx context.Context, id string) {
		fmt.Println("handling", id)
		if j.Stall {
			<-ctx.Done()
		}
		fmt.Println("handled", id)
	})
	ctx, cancel := context.WithCancelCause(ctx)
	var group sync.WaitGroup
	group.Go(func() { cancel(send(ctx, r, client)) })
	group.Go(func() { cancel(handle(ctx, r, receiver)) })
	if j.Produce {
		producing, stop := context.WithCancel(ctx)
		go func() { _, _ = io.Copy(io.Discard, os.Stdin); stop() }()
		for n := range producers {
			group.Go(func() { j.produce(producing, r, receiver, n) })
		}
	}
	group.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// produce prints each entry that was enqueued, and each callback that was answered with 200.
func (j job) produce(ctx context.Context, r *relay.Relay, receiver *webhook.Receiver, producer int) {
	handler := r.Inbox().Handler(receiver)
	for n := 0; ctx.Err() == nil; n++ {
		id := fmt.Sprintf("%s%d-%d", j.Name, producer, n)
		if err := enqueue(context.WithoutCancel(ctx), r, id); err == nil {
			fmt.Println("enqueued", id)
		}
		if callback(handler, id) == http.StatusOK { //nolint:contextcheck // A callback in progress is to be answered.
			fmt.Println("stored", id)
		}
		select {
		case <-ctx.Done():
		case <-time.After(8 * time.Millisecond):
		}
	}
}
