package conversation

import (
	"errors"
	"net/http"
)

// ErrMaybeSent matches, by [errors.Is], every error of this package after which the API may have processed the request.
// Retrying a send could then send the message twice. For read-only calls it carries no meaning.
var ErrMaybeSent = errors.New("conversation: the API may have processed the request")

// Outcome is the outcome of a call that changes something, such as sending a message.
type Outcome int

// The outcomes of a call.
const (
	OutcomeUnknown  Outcome = iota // the API may or may not have processed the request: do not retry blindly
	OutcomeAccepted                // the API accepted the request
	OutcomeRejected                // the API rejected the request: an unchanged retry would be rejected too
	OutcomeNotSent                 // the API did not process the request: a retry is safe
)

// String returns the name of the outcome.
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

// OutcomeOf returns the outcome of the call that returned err. For read-only calls it carries no meaning.
//
//   - OutcomeAccepted: nil, or a 2xx whose body was cut short or cannot be decoded
//   - OutcomeNotSent: [*ArgumentError], [*AuthError], a connection that was never established, a final 429 or 401
//   - OutcomeRejected: any other 3xx or 4xx, and 501
//   - OutcomeUnknown: 408, any other 5xx, a timeout or broken connection after the connection was established, a 2xx that
//     something other than the API appears to have sent (HTML, an error, or a reply without the id that the call returns),
//     and every error of another package
//
// If an earlier attempt of the call had an unknown outcome, a failed call is OutcomeUnknown.
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

// outermost returns the outermost error of this package in the chain of err. Errors that it wraps do not count.
func outermost(err error) error {
	switch err.(type) { //nolint:errorlint // It walks the chain.
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

// outcomeOfStatus returns the outcome of a call by its HTTP status alone.
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
