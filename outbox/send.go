package outbox

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	"github.com/sinchgo/conversation"
)

// ErrTokenRejected is the error of [Send] if the API answered the access token with 401, and the gate held back the request with another one.
var ErrTokenRejected = errors.New("outbox: the API answered the access token with 401, and the request with another one missed its turn: " +
	"check the key, the project and the app")

// Send sends a message in one attempt. It calls gate once the token and the connection of a request are there, immediately before the request
// leaves. If gate returns an error, nothing leaves, and Send returns that error. A panic, such as of middleware of the client, becomes a
// [PanicError]. See [OutcomeOf] for what an error means.
func Send(ctx context.Context, client *conversation.Client, req *conversation.SendMessageRequest, gate func() error) (_ *conversation.SendMessageResponse, failed error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var sent reach
	defer func() {
		if value := recover(); value != nil {
			failed = sent.panicked(value)
		}
	}()
	ctx = httptrace.WithClientTrace(ctx, sent.trace(gate, cancel))
	resp, err := client.Messages.Send(ctx, req, conversation.WithRequestRetry(conversation.NoRetry))
	if stopped := sent.stopped.Load(); err != nil && stopped != nil {
		if sent.answered.Load() {
			return nil, ErrTokenRejected
		}
		return nil, *stopped
	}
	return resp, err
}

// OutcomeOf returns the outcome of [Send] for one of its errors, except for those of its gate: after these nothing was sent. A message
// that the client itself rejects is rejected, since it always will be.
func OutcomeOf(failure error) conversation.Outcome {
	if errors.Is(failure, ErrTokenRejected) {
		return conversation.OutcomeNotSent
	}
	if _, wrong := errors.AsType[*conversation.ArgumentError](failure); wrong {
		return conversation.OutcomeRejected
	}
	if panicked, ok := errors.AsType[*PanicError](failure); ok {
		if panicked.notSent {
			return conversation.OutcomeNotSent
		}
		return conversation.OutcomeUnknown
	}
	return conversation.OutcomeOf(failure)
}

// Works reports whether an outcome shows that Sinch can be reached and works, even if it rejects the request.
func Works(outcome conversation.Outcome, failure error) bool {
	switch outcome {
	case conversation.OutcomeAccepted, conversation.OutcomeRejected:
		return true
	case conversation.OutcomeNotSent:
		return IsThrottled(failure) || errors.Is(failure, ErrTokenRejected)
	default:
		return false
	}
}

// IsThrottled reports whether Sinch answered with 429.
func IsThrottled(failure error) bool {
	answer, ok := errors.AsType[*conversation.Error](failure)
	return ok && answer.StatusCode == http.StatusTooManyRequests
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
