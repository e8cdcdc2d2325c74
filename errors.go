package conversation

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/sinchgo/conversation/internal/auth"
	"github.com/sinchgo/conversation/internal/redact"
)

// Sentinels for [errors.Is]. An [*Error] matches the one of its status.
var (
	ErrBadRequest   = errors.New("conversation: bad request")         // 400
	ErrUnauthorized = errors.New("conversation: unauthorized")        // 401
	ErrForbidden    = errors.New("conversation: forbidden")           // 403; with BILLING_CREDIT_LIMIT_BREACHED, the account needs credit
	ErrNotFound     = errors.New("conversation: not found")           // 404
	ErrConflict     = errors.New("conversation: conflict")            // 409
	ErrRateLimited  = errors.New("conversation: rate limited")        // 429
	ErrUnavailable  = errors.New("conversation: service unavailable") // 502, 503, 504, 520 to 530
)

// Error is an unsuccessful response of the API: a status other than 2xx, or a 2xx whose body cannot be decoded, is an error
// or lacks the id that the call returns.
//
// It never prints Details, Header and Body, which may hold personal data. In the server's own words it masks the
// credentials and secrets of the request, phone numbers with a plus sign, and runs of 7 or more digits. It escapes control
// characters, invisible ones, and those that change the direction of text.
type Error struct { //nolint:recvcheck // Format and MarshalJSON are for values too, see errors.go.
	StatusCode int               // HTTP status
	Code       int               // error.code in the body; 0 without one
	Status     string            // error.status in the body, such as "NOT_FOUND", or the slug of a registry error, such as "not-found"
	Message    string            // error.message in the body, or the title, detail and fields of a registry error; unmasked
	Details    []json.RawMessage // error.details in the body, or errors of a registry error
	RequestID  string            // X-Request-Id of the response, else its X-Correlation-Id
	Operation  string            // the method called, such as "Messages.Send"
	Attempts   int               // number of requests that the call sent
	RetryAfter time.Duration     // wait that the response asks for, in whole seconds; 0 if it asks for none
	Header     http.Header       // headers of the response
	Body       []byte            // body of the response, cut at 1 MiB

	hidden    redact.Hidden // secrets of the request, which the response may echo
	problem   string        // what is wrong with a body that cannot be decoded
	advice    string        // which host was asked, and why it may have answered so
	cause     error         // the network error that cut the body short, if any
	maybeSent bool          // the API may have processed the call, whatever the status
}

// Error implements error.
func (e *Error) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "conversation: %s: HTTP %d", orCall(e.Operation), e.StatusCode)
	for _, part := range []string{e.said(e.Status), e.said(e.Message), redact.Line(e.problem)} {
		if part != "" {
			text.WriteString(": " + part)
		}
	}
	var facts []string
	if e.RequestID != "" {
		facts = append(facts, "request id "+e.said(e.RequestID))
	}
	if e.Attempts > 1 {
		facts = append(facts, strconv.Itoa(e.Attempts)+" attempts")
	}
	if e.RetryAfter > 0 {
		facts = append(facts, "retry after "+e.RetryAfter.String())
	}
	if e.advice != "" {
		facts = append(facts, e.advice)
	}
	if len(facts) > 0 {
		text.WriteString(" (" + strings.Join(facts, ", ") + ")")
	}
	return text.String()
}

// said returns the server's words as they may be printed.
func (e *Error) said(text string) string { return redact.OneLine(redact.Hide(text, e.hidden)) }

// Is reports whether target is the sentinel of the HTTP status, or [ErrMaybeSent] if the API may have processed the
// request. If the HTTP status has no sentinel, an error of Sinch's registry matches that of its type.
func (e *Error) Is(target error) bool {
	if e.Status != "" && e.isOfRegistry(target) {
		return true
	}
	switch target {
	case ErrBadRequest:
		return e.StatusCode == http.StatusBadRequest
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized
	case ErrForbidden:
		return e.StatusCode == http.StatusForbidden
	case ErrNotFound:
		return e.StatusCode == http.StatusNotFound
	case ErrConflict:
		return e.StatusCode == http.StatusConflict
	case ErrRateLimited:
		return e.StatusCode == http.StatusTooManyRequests
	case ErrUnavailable:
		return e.StatusCode >= http.StatusBadGateway && e.StatusCode <= http.StatusGatewayTimeout || isFromCDN(e.StatusCode)
	case ErrMaybeSent:
		return e.maybeSent || outcomeOfStatus(e.StatusCode) == OutcomeUnknown
	}
	return false
}

// Unwrap returns the network error that cut the body short, if any.
func (e *Error) Unwrap() error { return e.cause }

// LogValue implements [slog.LogValuer].
func (e Error) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("operation", e.Operation),
		slog.Int("status_code", e.StatusCode),
		slog.String("status", e.said(e.Status)),
		slog.String("message", e.said(e.Message)+redact.Line(e.problem)),
		slog.String("request_id", e.said(e.RequestID)),
		slog.Int("attempts", e.Attempts),
		slog.String("advice", e.advice),
	)
}

// ArgumentError reports an invalid argument, field or option. Nothing was sent. It shows what the caller wrote, except
// secrets and the identities of people.
type ArgumentError struct { //nolint:recvcheck // Format and MarshalJSON are for values too, see errors.go.
	Operation string // the method called, such as "Messages.Send" or "NewClient"
	Field     string // the invalid argument or field, as a JSON path where it has one
	Reason    string // what is wrong with it and what to do, as the rest of a sentence that begins with Field
}

// Error implements error.
func (e *ArgumentError) Error() string {
	return fmt.Sprintf("conversation: %s: %s %s", orCall(e.Operation), redact.Line(e.Field), redact.Line(e.Reason))
}

// AuthError reports that no access token could be obtained, so the call was not sent. It never holds the response of the
// token endpoint, which may echo credentials.
type AuthError struct { //nolint:recvcheck // Format and MarshalJSON are for values too, see errors.go.
	Operation  string // the method called, such as "Messages.Send"
	StatusCode int    // HTTP status of the token endpoint; 0 without a readable response
	Code       string // OAuth2 error code, such as "invalid_client"
	Reason     string // what went wrong
	Attempts   int    // number of token requests sent; 0 if the credential was refused some seconds before
	Err        error  // the network or context error, if any

	hidden    redact.Hidden // secrets that were sent
	host      string        // of the token endpoint
	maybeSent bool          // the API may have processed an earlier attempt of the call
}

// Error implements error.
func (e *AuthError) Error() string {
	failure := auth.Failure{StatusCode: e.StatusCode, Code: e.Code, Reason: e.Reason, Err: e.Err, Hidden: e.hidden, Host: e.host}
	return fmt.Sprintf("conversation: %s: %s", orCall(e.Operation), failure.Error())
}

// Is reports whether target is [ErrMaybeSent] and the API may have processed an earlier attempt of the call.
func (e *AuthError) Is(target error) bool { return target == ErrMaybeSent && e.maybeSent }

// Unwrap returns the network or context error.
func (e *AuthError) Unwrap() error { return e.Err }

// TransportError reports that the API did not respond: the connection failed, it broke, or a timeout or the context's
// deadline expired. [OutcomeOf] reports whether the API may have processed the request.
type TransportError struct { //nolint:recvcheck // Format and MarshalJSON are for values too, see errors.go.
	Operation string // the method called, such as "Messages.Send"
	Attempts  int    // number of requests that the call sent
	Err       error  // the network or context error
	Last      error  // failure of the attempt before, if the context ended during the wait for a retry

	hidden  redact.Hidden // secrets that were sent
	host    string        // that was called
	notSent bool          // proven: the API has not processed any attempt of the call
}

// Error implements error.
func (e *TransportError) Error() string {
	text := fmt.Sprintf("conversation: %s: no response", orCall(e.Operation))
	if e.Err != nil {
		text += ": " + redact.OneLine(redact.Hide(e.Err.Error(), e.hidden), e.host)
	}
	if e.Last != nil {
		text = fmt.Sprintf("%s (while waiting to retry after: %s)", text, redact.OneLine(innerText(e.Last), e.host))
	}
	if !e.notSent {
		text += " (the API may have processed the request)"
	}
	return text
}

// Is reports whether target is [ErrMaybeSent] and the API may have processed the request.
func (e *TransportError) Is(target error) bool { return target == ErrMaybeSent && !e.notSent }

// Unwrap returns Err, and Last if there is one.
func (e *TransportError) Unwrap() []error {
	if e.Last == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.Last}
}

// orCall returns the operation, or "call" for an error that a caller built without one.
func orCall(operation string) string {
	if operation == "" {
		return "call"
	}
	return operation
}

// Every verb prints an error of this package as Error does, so that %#v and %d do not reach its fields, and
// encoding/json encodes it as that string. The receivers are values, so that this holds for a dereferenced error too;
// for that reason the types silence recvcheck.

// innerText returns the string of an error that another error of this package wraps, without a second prefix.
func innerText(err error) string { return strings.TrimPrefix(err.Error(), "conversation: ") }

// Format implements [fmt.Formatter].
func (e Error) Format(state fmt.State, verb rune) { redact.Print(state, verb, e.Error()) }

// Format implements [fmt.Formatter].
func (e ArgumentError) Format(state fmt.State, verb rune) { redact.Print(state, verb, e.Error()) }

// Format implements [fmt.Formatter].
func (e AuthError) Format(state fmt.State, verb rune) { redact.Print(state, verb, e.Error()) }

// Format implements [fmt.Formatter].
func (e TransportError) Format(state fmt.State, verb rune) { redact.Print(state, verb, e.Error()) }

// Format implements [fmt.Formatter].
func (e PageError) Format(state fmt.State, verb rune) { redact.Print(state, verb, e.Error()) }

// MarshalJSON implements [json.Marshaler]. It encodes the error as the string that Error returns.
func (e Error) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// MarshalJSON implements [json.Marshaler]. It encodes the error as the string that Error returns.
func (e ArgumentError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// MarshalJSON implements [json.Marshaler]. It encodes the error as the string that Error returns.
func (e AuthError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// MarshalJSON implements [json.Marshaler]. It encodes the error as the string that Error returns.
func (e TransportError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// MarshalJSON implements [json.Marshaler]. It encodes the error as the string that Error returns.
func (e PageError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }
