package webhook

import (
	"context"
	"fmt"
	"time"
)

// State is what a [Deduper] knows of a nonce. The zero State means nothing.
type State int

const (
	// StateNew says that the nonce was not seen, or that its function failed. It is in flight from now on.
	StateNew State = iota + 1
	// StateInFlight says that the function of another copy is running.
	StateInFlight
	// StateCommitted says that the function was run and gave no error.
	StateCommitted
)

// String gives the name of the state.
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

// Deduper remembers the nonces of callbacks, so that a copy does not run its function again. [NonceMemory] does it for
// one process; several that share the callbacks of an app need one that they share too, such as a table with the nonce
// for its key. Its methods are called by many goroutines at once.
type Deduper interface {
	// Begin looks a nonce up and puts a new one in flight, as one step. The nonce must be kept until the given time,
	// after which its callback is too old to be taken; where clocks differ, somewhat longer. What an error leaves in
	// flight stays so: the callback is answered 503.
	Begin(ctx context.Context, nonce string, until time.Time) (State, error)
	// Done ends the flight of a nonce that was new to Begin: it becomes committed, or is forgotten. The context is
	// never cancelled, since the function has been run by then, and has no deadline: Done must not block for long. When
	// it fails the function counts as run all the same, and copies are answered as Begin says.
	Done(ctx context.Context, nonce string, committed bool) error
}
