package webhook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// State is the state of a key in a [Deduper]. The zero State is not valid.
type State int

const (
	// StateNew means that the key has not been seen, or that its handler failed. The key is now in flight.
	StateNew State = iota + 1
	// StateInFlight means that the handler is running for a duplicate of the callback.
	StateInFlight
	// StateCommitted means that the handler has run and returned nil.
	StateCommitted
)

// String returns the name of the state.
func (s State) String() string {
	switch s {
	case StateNew:
		return "new"
	case StateInFlight:
		return "in flight"
	case StateCommitted:
		return "committed"
	default:
		return fmt.Sprintf("State(%d)", int(s))
	}
}

// Deduper stores the keys of callbacks, so that the handler does not run again for a duplicate. [MemoryDeduper] does it
// for one process. Processes that share the callbacks of an app need a shared Deduper, such as a table whose primary key
// is the key. Receivers with the same Deduper handle a callback once between them: if their handlers
// differ, each needs a separate Deduper. Its methods are called concurrently.
//
// The key of a callback is its [DeduperKey]: duplicates have the same body, whether they were signed anew or not.
type Deduper interface {
	// Begin looks up a key and marks a new one as in flight, in one atomic step. The key must be kept until the given time,
	// after which this delivery is too old to be accepted, or until the latest such time if it is looked up again. Where
	// clocks differ, it must be kept somewhat longer. If Begin returns an error, the callback is answered with 503, and a
	// key that was marked as in flight stays so.
	Begin(ctx context.Context, key string, until time.Time) (State, error)
	// Done is called when the handler has run for a key that was new to Begin. If committed is true, the key becomes
	// committed, otherwise it is forgotten. ctx is never canceled and has no deadline, so Done must not block for long.
	// If Done returns an error, the response is that of the handler all the same.
	Done(ctx context.Context, key string, committed bool) error
}

// DeduperKey returns the key that the duplicates of a callback share in a [Deduper]: the SHA-256 of the body as it was
// received, in 64 lower-case hexadecimal digits. Neither the signature nor its nonce and timestamp are part of it, because
// a callback may be signed anew when it is redelivered. The bodies of different callbacks differ in their ids and times.
func DeduperKey(body []byte) string {
	sum := sha256.Sum256(body)
	var digits [2 * sha256.Size]byte
	hex.Encode(digits[:], sum[:])
	return string(digits[:])
}
