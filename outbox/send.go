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

// ErrTokenRejected is returned by [Send] if the API answered the access token with 401, and the gate held back the second request, with
// another token. The first request was sent, and the message was not accepted.
var ErrTokenRejected = errors.New("outbox: the API answered the access token with 401, and the request with another one missed its turn: " +
	"check the key, the project and the app")

// Send sends a message by Messages.Send of the client, without its retries. [OutcomeOf] reports what an error means.
//
// Send calls gate when the access token and the connection of the request are there, which may take long, immediately before the request
// leaves. If gate returns an error, the request does not leave, and Send returns that error. If the API answers the token with 401, the
// client sends the request again, with another token: gate is called again. A transport that does not support [httptrace] never calls it.
//
// A panic, such as of middleware of the client, becomes a [PanicError]. With an error the response is nil, even if the message was accepted.
func Send(
	ctx context.Context, client *conversation.Client, req *conversation.SendMessageRequest, gate func() error,
) (_ *conversation.SendMessageResponse, failed error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
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

// OutcomeOf returns the outcome of the call of [Send] that returned failure. It is that of [conversation.OutcomeOf], with three exceptions:
//
//   - OutcomeRejected: a [conversation.ArgumentError], since the client would reject the message every time
//   - OutcomeNotSent: [ErrTokenRejected], and a [PanicError] before a connection was established
//   - OutcomeUnknown: any other [PanicError]
//
// OutcomeOf does not know the errors of the gate. After them nothing was sent: the caller compares them first.
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

// Works reports whether the result of [Send] shows that Sinch is reachable and works, even if it rejects the message. A circuit breaker
// counts the other results. Do not call it for an error of the gate, which shows nothing.
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

// IsThrottled reports whether Sinch answered with 429. The app waits for the RetryAfter of the [conversation.Error].
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
// is canceled, without that reason as the cause: an error of a request that leaves later must not match it. Canceling alone
// stops a request over HTTP/2, which looks at its context before it writes. Over HTTP/1, where the connection is of this request
// alone, it is closed, so that nothing can be written.
func (r *reach) trace(gate func() error, cancel context.CancelFunc) *httptrace.ClientTrace {
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
			cancel()
			if info.Conn != nil && !isHTTP2(info.Conn) {
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
