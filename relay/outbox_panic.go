package relay

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http/httptrace"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"

	"github.com/sinchgo/conversation"
)

// panicError is a panic during a request, such as of middleware of the client.
type panicError struct {
	value   any
	calls   string // the nearest calls
	stack   string
	notSent bool // it is proven that nothing was sent
}

// Error returns the value of the panic and the nearest calls.
func (p *panicError) Error() string { return redact(fmt.Sprintf("panic in %s: %v", p.calls, p.value)) }

// outcomeOf returns the outcome of a request, which may have panicked.
func outcomeOf(failure error) conversation.Outcome {
	if heldBack(failure) || errors.Is(failure, errRefused) {
		return conversation.OutcomeNotSent
	}
	if panicked, ok := errors.AsType[*panicError](failure); ok {
		if panicked.notSent {
			return conversation.OutcomeNotSent
		}
		return conversation.OutcomeUnknown
	}
	return conversation.OutcomeOf(failure)
}

// reach records whether a request asked for a connection, got one, and why it was stopped before anything left. A call makes a second
// request if the first was answered with 401.
type reach struct {
	asked, got, answered atomic.Bool
	stopped              atomic.Pointer[error]
}

// trace returns hooks that record. gate returns why a request must not leave on the connection that it got. Then the request
// is canceled. That alone stops a request over HTTP/2, which looks at its context before it writes. Over HTTP/1, where the
// connection is of this request alone, it is closed, so that nothing can be written.
func (r *reach) trace(gate func() error, cancel context.CancelCauseFunc) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { r.asked.Store(true) },
		GotConn: func(info httptrace.GotConnInfo) {
			r.got.Store(true)
			stopped := gate()
			if stopped == nil {
				r.stopped.Store(nil)
				return
			}
			r.stopped.Store(&stopped)
			cancel(stopped)
			if !isHTTP2(info.Conn) {
				_ = info.Conn.Close() // the write after it fails
			}
		},
		GotFirstResponseByte: func() { r.answered.Store(true) },
	}
}

// isHTTP2 reports whether a connection is shared by requests.
func isHTTP2(conn net.Conn) bool {
	secure, ok := conn.(interface{ ConnectionState() tls.ConnectionState })
	return ok && secure.ConnectionState().NegotiatedProtocol == "h2"
}

// panicked returns the error of a panic. It must be called by the deferred function that recovered value.
func (r *reach) panicked(value any) error {
	return &panicError{value: value, calls: nearestCalls(), stack: string(debug.Stack()), notSent: r.asked.Load() && !r.got.Load()}
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
