package transport

import (
	"context"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
)

// net/http retries some requests by itself, within one attempt of a call. Most of these retries are safe: the connection
// broke before a byte was written, or an HTTP/2 server reported that it did not process the request. But before Go 1.27,
// a stream that an HTTP/2 server resets with PROTOCOL_ERROR is retried too, and a server or proxy may reset a stream after
// it acted. A request with a body is only retried if it has a GetBody.

// refusedUnread reports whether an HTTP/2 server did not process a request (RFC 9113, section 8.7), and net/http did not
// retry it only because it has no GetBody. The error message is the only sign of it. A message that is not recognized
// proves nothing.
func refusedUnread(err error) bool {
	cause, found := strings.CutPrefix(WithoutURL(err).Error(), "http2: Transport: cannot retry err [")
	if !found {
		return false
	}
	cause, _, _ = strings.Cut(cause, "]")
	return strings.HasSuffix(cause, "; REFUSED_STREAM; received from peer") ||
		cause == "http2: Transport received Server's graceful shutdown GOAWAY"
}

// Attempt describes a request to code that has only its context, such as middleware.
type Attempt struct {
	Call   any // of the caller of Exchange: a pointer, so that it costs no allocation
	Number int // from 1
}

// AttemptOf returns the attempt whose request has the context, and whether there is one.
func AttemptOf(ctx context.Context) (Attempt, bool) {
	trace, ok := ctx.Value(traceKey{}).(*connTrace)
	if !ok {
		return Attempt{}, false
	}
	return trace.attempt, true
}

type traceKey struct{}

// connTrace records whether a request can have left this machine, and how often. A transport that does not support httptrace
// proves nothing.
type connTrace struct {
	attempt Attempt
	hooks   httptrace.ClientTrace
	wanted  atomic.Bool          // a connection was requested
	tries   atomic.Int32         // connections obtained: one, unless net/http retries
	gate    atomic.Pointer[gate] // that it has entered and not left; nil without one
}

// follow returns a context whose requests report to the trace.
func (t *connTrace) follow(ctx context.Context, attempt Attempt) context.Context {
	t.attempt = attempt
	t.hooks.GetConn = func(string) { t.wanted.Store(true) }
	t.hooks.GotConn = func(info httptrace.GotConnInfo) {
		t.tries.Add(1)
		if t.gate.Load() != nil {
			t.leave(isHTTP1(info.Conn))
		}
	}
	return httptrace.WithClientTrace(ctx, &t.hooks)
}

// notSent reports whether it is proven that nothing was sent: a connection was requested and never obtained.
func (t *connTrace) notSent() bool { return t.wanted.Load() && t.tries.Load() == 0 }
