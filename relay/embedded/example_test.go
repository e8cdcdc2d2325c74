package embedded_test

import (
	"context"
	"errors"
	"log"

	"github.com/sinchgo/conversation/relay"
	"github.com/sinchgo/conversation/relay/embedded"
)

// A damaged store is opened once, by hand, when there is no backup.
func ExampleWithDamagedStore() {
	const path = "/var/lib/backend/relay"
	r, err := relay.Open(context.Background(), embedded.Dir(path))
	if errors.Is(err, embedded.ErrDamaged) {
		log.Print(err) // it names the files
		r, err = relay.Open(context.Background(), embedded.Dir(path, embedded.WithDamagedStore()))
	}
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
}
