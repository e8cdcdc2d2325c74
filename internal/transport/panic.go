package transport

import (
	"fmt"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
)

// panicError is a panic in code of the caller, such as middleware, that was recovered.
type panicError struct {
	value any
	calls string // the nearest calls, on one line
	stack []byte
}

// Recovered returns the error of a panic. It must be called by the deferred function that recovered value.
func Recovered(value any) error {
	return &panicError{value: value, calls: NearestCalls(8), stack: debug.Stack()}
}

// RecoveredHidden is like Recovered, but does not keep the value, which may hold a secret, unless it is of the Go runtime.
func RecoveredHidden(value any) error {
	if _, ok := value.(runtime.Error); !ok {
		value = "its value is not shown"
	}
	return Recovered(value)
}

// Error returns the value of the panic and the nearest calls.
func (p *panicError) Error() string {
	const limit = 200
	text := fmt.Sprint(p.value)
	if len(text) > limit {
		text = strings.ToValidUTF8(text[:limit], "") + "..."
	}
	return fmt.Sprintf("panic: %s (in %s)", text, p.calls)
}

// Stack returns the whole stack, as [debug.Stack] does.
func (p *panicError) Stack() []byte { return p.stack }

// Unwrap returns the value of the panic, if it is an error.
func (p *panicError) Unwrap() error {
	err, _ := p.value.(error)
	return err
}

// NearestCalls returns at most most of the calls that led to a panic, innermost first, on one line. It must be called below the deferred
// function that recovered it.
func NearestCalls(most int) string {
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
