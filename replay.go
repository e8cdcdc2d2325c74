package conversation

import (
	"context"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
)

// net/http repeats some requests by itself, within one attempt of a call. Most of these repeats are safe: the connection
// broke before a byte was written, or an HTTP/2 server said that it did not look at the request. But a stream that an
// HTTP/2 server resets with PROTOCOL_ERROR is repeated too, before Go 1.27, and a server or proxy may reset after it acted. A
// request with a body is only repeated if it has a GetBody.

// replayable reports whether net/http may repeat a request of the operation by itself.
func (op operation) replayable(policy RetryPolicy) bool {
	return op.class != classNotIdempotent || policy.AcceptDuplicates
}

// refusedUnread reports whether net/http would have repeated a request because an HTTP/2 server did not look at it
// (RFC 9113, section 8.7), and could not for want of a GetBody. Only the text says so; a text that is not recognized
// proves nothing.
func refusedUnread(err error) bool {
	cause, found := strings.CutPrefix(withoutURL(err).Error(), "http2: Transport: cannot retry err [")
	if !found {
		return false
	}
	cause, _, _ = strings.Cut(cause, "]")
	return strings.HasSuffix(cause, "; REFUSED_STREAM; received from peer") ||
		cause == "http2: Transport received Server's graceful shutdown GOAWAY"
}

// connTrace learns from net/http whether a request can have left this machine, and how often. A transport that reports
// nothing proves nothing.
type connTrace struct {
	hooks  httptrace.ClientTrace
	wanted atomic.Bool  // a connection was asked for
	tries  atomic.Int32 // connections had: one, if net/http repeats nothing
}

// follow gives a context in which net/http reports to the trace.
func (t *connTrace) follow(ctx context.Context) context.Context {
	t.hooks.GetConn = func(string) { t.wanted.Store(true) }
	t.hooks.GotConn = func(httptrace.GotConnInfo) { t.tries.Add(1) }
	return httptrace.WithClientTrace(ctx, &t.hooks)
}

// notSent reports whether it is proven that nothing was sent: a connection was asked for and never had.
func (t *connTrace) notSent() bool { return t.wanted.Load() && t.tries.Load() == 0 }
