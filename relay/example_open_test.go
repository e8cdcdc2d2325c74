package relay_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// One process keeps the queue in a folder. Several use a cluster: see Conn.
func ExampleOpen() {
	folder, err := os.MkdirTemp("", "relay") // yours is a folder that stays
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	ctx := context.Background()

	r, err := relay.Open(ctx, embedded.Dir(folder))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	fmt.Println(r.Outbox().Enqueue(ctx, greeting(), relay.Entry{ID: "reservation-4711"}))
	// Output: <nil>
}

// A cluster of three servers, on which each stream has three replicas.
func ExampleConn() {
	nc, err := nats.Connect("nats://127.0.0.1:1", nats.MaxReconnects(-1)) // yours: nats://a,nats://b,nats://c
	if err != nil {
		fmt.Println("no engine:", errors.Is(err, nats.ErrNoServers))
		return
	}
	defer nc.Close()
	r, err := relay.Open(context.Background(), relay.Conn(nc), relay.WithReplicas(3))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	// Output: no engine: true
}

// Two projects share an engine. Each has its own streams.
func ExampleWithPrefix() {
	first, end := exampleRelay(relay.WithPrefix("brand-a"))
	defer end()

	ctx := context.Background()
	if err := first.Outbox().Enqueue(ctx, greeting(), relay.Entry{ID: "reservation-4711"}); err != nil {
		fmt.Println(err)
		return
	}
	status, err := first.Outbox().Get(ctx, "reservation-4711")
	fmt.Println(status.State, err)
	// Output: queued <nil>
}

func ExampleWithReplicas() {
	folder, err := os.MkdirTemp("", "relay")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	_, err = relay.Open(context.Background(), embedded.Dir(folder), relay.WithReplicas(7))
	wrong, _ := errors.AsType[*conversation.ArgumentError](err)
	fmt.Println(wrong.Field, wrong.Reason)
	// Output: WithReplicas is not 1 to 5
}

// An ID is used again after a year, not earlier.
func ExampleWithRetention() {
	r, end := exampleRelay(relay.WithRetention(365 * 24 * time.Hour))
	defer end()

	ctx := context.Background()
	for range 2 {
		fmt.Println(r.Outbox().Enqueue(ctx, greeting(), relay.Entry{ID: "reservation-4711"}))
	}
	counts, err := r.Outbox().Counts(ctx)
	fmt.Println(counts, err)
	// Output:
	// <nil>
	// <nil>
	// map[queued:1] <nil>
}

// A handler had an error for two weeks: what arrived in that time is handled again with Inbox.Replay.
func ExampleWithCallbackRetention() {
	r, end := exampleRelay(relay.WithCallbackRetention(14 * 24 * time.Hour))
	defer end()

	receive(r.Inbox().Handler(exampleReceiver(nil)), "Hello")
	overview, err := r.Overview(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(overview.Inbox.Waiting, overview.Inbox.Kept)
	// Output: 1 1
}

// A caller that enqueues faster than the app sends waits, or gives up.
func ExampleWithMaxDepth() {
	r, end := exampleRelay(relay.WithMaxDepth(1))
	defer end()

	var err error
	for n := range 100 {
		ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		err = errors.Join(err, r.Outbox().Enqueue(ctx, greeting(), relay.Entry{ID: fmt.Sprint("reservation-", n)}))
		cancel()
		if err != nil {
			break
		}
	}
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output: true
}

// What fails in the background is logged, such as an engine that cannot be reached.
func ExampleWithLogger() {
	_, end := exampleRelay(relay.WithLogger(slog.New(slog.NewTextHandler(os.Stdout, nil))))
	defer end()
	// Output:
}

// The workers send to a server built from openapi.yaml, which has no limits.
func ExampleWithoutRequestChecks() {
	long := greeting()
	long.MessageMetadata = string(make([]byte, 2000))
	ctx := context.Background()

	r, end := exampleRelay()
	fmt.Println(r.Outbox().Enqueue(ctx, long, relay.Entry{ID: "reservation-4711"}) == nil)
	end()
	r, end = exampleRelay(relay.WithoutRequestChecks())
	defer end()
	fmt.Println(r.Outbox().Enqueue(ctx, long, relay.Entry{ID: "reservation-4711"}) == nil)
	// Output:
	// false
	// true
}

// A tool of the operators reads the relay of a program, and changes nothing about it.
func ExampleWithExisting() {
	folder, err := os.MkdirTemp("", "relay")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()

	_, err = relay.Open(context.Background(), embedded.Dir(folder), relay.WithExisting())
	fmt.Println(err != nil) // the folder has no relay yet
	// Output: true
}

// A shorter retention is stored only if it is asked for by name. Otherwise the longer one stays, with a warning.
func ExampleWithLowerSettings() {
	folder, err := os.MkdirTemp("", "relay")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	for _, opts := range [][]relay.Option{
		nil, // 30 days
		{relay.WithRetention(24 * time.Hour)},
		{relay.WithRetention(24 * time.Hour), relay.WithLowerSettings()},
	} {
		var log bytes.Buffer
		r, err := relay.Open(context.Background(), embedded.Dir(folder),
			append(opts, relay.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))...)
		if err != nil {
			fmt.Println(err)
			return
		}
		r.Close()
		fmt.Println("kept the longer one:", strings.Contains(log.String(), "WithLowerSettings lowers it"))
	}
	// Output:
	// kept the longer one: false
	// kept the longer one: true
	// kept the longer one: false
}
