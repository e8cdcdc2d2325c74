package outbox

import (
	"fmt"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
)

// PanicError is a panic during a request, such as of middleware of the client.
type PanicError struct {
	Stack   string // for the log
	value   any
	calls   string // the nearest calls
	notSent bool   // it is proven that nothing was sent
}

// Error returns the value of the panic and the nearest calls.
func (p *PanicError) Error() string { return Redact(fmt.Sprintf("panic in %s: %v", p.calls, p.value)) }

// panicked returns the error of a panic. It must be called by the deferred function that recovered value.
func (r *reach) panicked(value any) error {
	return &PanicError{value: value, calls: nearestCalls(), Stack: string(debug.Stack()), notSent: r.asked.Load() && !r.got.Load()}
}

// nearestCalls returns the calls that led to a panic, innermost first.
func nearestCalls() string {
	const most = 3
	var callers [64]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers[:])])
	var calls []string
	panicked := false
	for more := true; more && len(calls) < most; {
		var frame runtime.Frame
		frame, more = frames.Next()
		inRuntime := strings.HasPrefix(frame.Function, "runtime.")
		if panicked && !inRuntime {
			calls = append(calls, fmt.Sprintf("%s %s:%d", path.Base(frame.Function), path.Base(frame.File), frame.Line))
		}
		panicked = panicked || frame.Function == "runtime.gopanic"
	}
	return strings.Join(calls, ", ")
}
