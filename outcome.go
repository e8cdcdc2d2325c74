package conversation

import (
	"errors"
	"net/http"
)

// ErrMaybeSent matches, with [errors.Is], every error of this package after which the API may have acted on the call:
// repeating a send can then send a message twice. It matches the same errors of a read, where it means nothing.
var ErrMaybeSent = errors.New("conversation: the call may have been acted on")

// Outcome says what became of a call that changes something, such as sending a message.
type Outcome int

// What can become of a call.
const (
	OutcomeUnknown  Outcome = iota // the API may or may not have acted: do not blindly repeat
	OutcomeAccepted                // the API took it
	OutcomeRejected                // the API refused it: repeating it unchanged is refused again
	OutcomeNotSent                 // the API did not see it, or turned it away unread: repeating it is safe
)

// String names the outcome.
func (o Outcome) String() string {
	switch o {
	case OutcomeAccepted:
		return "accepted"
	case OutcomeRejected:
		return "rejected"
	case OutcomeNotSent:
		return "not sent"
	default:
		return "unknown"
	}
}

// OutcomeOf says what became of the call that returned err. It is meant for calls that change something; of a read it
// says nothing that matters.
//
//   - accepted: nil, or a 2xx whose body could not be read;
//   - not sent: [*ArgumentError], [*AuthError], a connection that was never made, a final 429 or 401;
//   - rejected: any other 3xx or 4xx, and 501;
//   - unknown: 408, any other 5xx, a timeout or broken connection after a connection was had, and every error that
//     is not of this package.
//
// A call that was repeated after an attempt with an unknown outcome, and then failed, stays unknown.
func OutcomeOf(err error) Outcome {
	if err == nil {
		return OutcomeAccepted
	}
	switch own := outermost(err).(type) { //nolint:errorlint // outermost has walked the chain.
	case *ArgumentError:
		return OutcomeNotSent
	case *AuthError:
		return unless(own.maybeSent, OutcomeNotSent)
	case *TransportError:
		return unless(!own.notSent, OutcomeNotSent)
	case *Error:
		return unless(own.maybeSent, outcomeOfStatus(own.StatusCode))
	default:
		return OutcomeUnknown
	}
}

func unless(maybeSent bool, outcome Outcome) Outcome {
	if maybeSent {
		return OutcomeUnknown
	}
	return outcome
}

// outermost finds the error of this package that tells of a call. What that one wraps tells of something else.
func outermost(err error) error {
	switch err.(type) { //nolint:errorlint // It walks the chain itself.
	case *ArgumentError, *AuthError, *TransportError, *Error:
		return err
	}
	switch wrapper := err.(type) { //nolint:errorlint // See above.
	case interface{ Unwrap() error }:
		return outermost(wrapper.Unwrap())
	case interface{ Unwrap() []error }:
		for _, part := range wrapper.Unwrap() {
			if own := outermost(part); own != nil {
				return own
			}
		}
	}
	return nil
}

// outcomeOfStatus is the outcome that an HTTP status alone stands for.
func outcomeOfStatus(status int) Outcome {
	switch {
	case status >= 200 && status < 300:
		return OutcomeAccepted
	case status == http.StatusUnauthorized, status == http.StatusTooManyRequests:
		return OutcomeNotSent
	case status == http.StatusRequestTimeout:
		return OutcomeUnknown
	case status >= 300 && status < 500, status == http.StatusNotImplemented:
		return OutcomeRejected
	default:
		return OutcomeUnknown
	}
}
