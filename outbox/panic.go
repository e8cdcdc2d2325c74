package outbox

import (
	"fmt"
	"runtime/debug"

	"github.com/sinchgo/conversation/internal/transport"
)

// PanicError is the error of [Send] for a panic during the request, such as of middleware of the client.
type PanicError struct {
	// Stack is the whole stack, as [debug.Stack] returns it, for the log.
	Stack string

	value   any
	calls   string // the nearest calls
	notSent bool   // it is proven that nothing was sent
}

// Error returns the value of the panic and the nearest calls, as [Redact] returns text.
func (p *PanicError) Error() string { return Redact(fmt.Sprintf("panic in %s: %v", p.calls, p.value)) }

// panicked returns the error of a panic. It must be called by the deferred function that recovered value.
func (r *reach) panicked(value any) error {
	const calls = 3
	return &PanicError{
		Stack: string(debug.Stack()), value: value, calls: transport.NearestCalls(calls), notSent: r.asked.Load() && !r.got.Load(),
	}
}
