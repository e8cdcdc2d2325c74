package webhook

import (
	"context"
	"fmt"
	"time"
)

// State is the state of a nonce in a [Deduper]. The zero State is not valid.
type State int

const (
	// StateNew means that the nonce has not been seen, or that its handler failed. The nonce is now in flight.
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

// Deduper stores the nonces of callbacks, so that the handler does not run again for a duplicate. [NonceMemory] does it
// for one process. Processes that share the callbacks of an app need a shared Deduper, such as a table whose key is the
// nonce. Its methods are called concurrently.
type Deduper interface {
	// Begin looks up a nonce and marks a new one as in flight, in one atomic step. The nonce must be kept until the given
	// time, after which its callback is too old to be accepted; where clocks differ, somewhat longer. If Begin returns an
	// error, the callback is answered with 503, and a nonce that was marked as in flight stays so.
	Begin(ctx context.Context, nonce string, until time.Time) (State, error)
	// Done is called when the handler has run for a nonce that was new to Begin. If committed is true, the nonce becomes
	// committed, otherwise it is forgotten. ctx is never canceled and has no deadline, so Done must not block for long.
	// If Done returns an error, the response is that of the handler all the same.
	Done(ctx context.Context, nonce string, committed bool) error
}
