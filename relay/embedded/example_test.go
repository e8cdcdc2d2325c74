package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

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
