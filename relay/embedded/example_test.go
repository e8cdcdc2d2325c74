package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// A damaged store without a backup is opened once, by hand.
func ExampleWithDamagedStore() {
	path, err := os.MkdirTemp("", "relay")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(path) }()
	first, err := relay.Open(context.Background(), embedded.Dir(path))
	if err != nil {
		panic(err)
	}
	first.Close()
	description := filepath.Join(path, "jetstream", "$G", "streams", "SINCH_DEAD", "meta.inf")
	if err := os.WriteFile(description, []byte("damage"), 0o600); err != nil {
		panic(err)
	}

	_, err = relay.Open(context.Background(), embedded.Dir(path))
	fmt.Println(errors.Is(err, embedded.ErrDamaged)) // it names the file

	r, err := relay.Open(context.Background(), embedded.Dir(path, embedded.WithDamagedStore()))
	if err != nil {
		panic(err)
	}
	r.Close()
	// Output: true
}

// exampleFolder returns a new folder, and the function that removes it.
func exampleFolder() (folder string, remove func()) {
	folder, err := os.MkdirTemp("", "relay")
	if err != nil {
		panic(err)
	}
	return folder, func() { _ = os.RemoveAll(folder) }
}

// One process has a folder open at a time.
func ExampleDir() {
	folder, remove := exampleFolder()
	defer remove()
	r, err := relay.Open(context.Background(), embedded.Dir(folder))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()

	_, err = relay.Open(context.Background(), embedded.Dir(folder))
	fmt.Println(errors.Is(err, embedded.ErrInUse))
	// Output: true
}

// A second process of the machine uses the relay of the first.
func ExampleAttach() {
	folder, remove := exampleFolder()
	defer remove()
	ctx := context.Background()
	first, err := relay.Open(ctx, embedded.Dir(folder, embedded.WithListen("127.0.0.1:0")))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer first.Close()

	second, err := relay.Open(ctx, embedded.Attach(folder)) // in the second process
	if err != nil {
		fmt.Println(err)
		return
	}
	defer second.Close()
	counts, err := second.Outbox().Counts(ctx)
	fmt.Println(counts, err)
	// Output: map[] <nil>
}

// Without a listener, no other process can attach.
func ExampleWithListen() {
	folder, remove := exampleFolder()
	defer remove()
	ctx := context.Background()
	for _, opts := range [][]embedded.Option{nil, {embedded.WithListen("127.0.0.1:0")}} {
		host, err := relay.Open(ctx, embedded.Dir(folder, opts...))
		if err != nil {
			fmt.Println(err)
			return
		}
		attached, err := relay.Open(ctx, embedded.Attach(folder))
		fmt.Println(err == nil)
		if err == nil {
			attached.Close()
		}
		host.Close()
	}
	// Output:
	// false
	// true
}

// A power cut may cost what was enqueued in the last second or more, which is accepted by name.
func ExampleWithSyncEvery() {
	folder, remove := exampleFolder()
	defer remove()
	r, err := relay.Open(context.Background(), embedded.Dir(folder, embedded.WithSyncEvery(time.Second)), relay.WithWeakDurability())
	if err != nil {
		fmt.Println(err)
		return
	}
	r.Close()
	// Output:
}

// The relay may use 10 GB of the disk.
func ExampleWithMaxBytes() {
	folder, remove := exampleFolder()
	defer remove()
	r, err := relay.Open(context.Background(), embedded.Dir(folder, embedded.WithMaxBytes(10<<30)))
	if err != nil {
		fmt.Println(err)
		return
	}
	r.Close()
	// Output:
}

// What the engine reports, such as a full disk, is in the log of the program.
func ExampleWithLogger() {
	folder, remove := exampleFolder()
	defer remove()
	logger := slog.New(slog.NewTextHandler(os.Stdout, nil))
	r, err := relay.Open(context.Background(), embedded.Dir(folder, embedded.WithLogger(logger)))
	if err != nil {
		fmt.Println(err)
		return
	}
	r.Close()
	// Output:
}
