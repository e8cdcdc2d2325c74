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

// The questions that callers ask of an [*Error], for [errors.Is].
var (
	ErrBadRequest   = errors.New("conversation: bad request")         // 400
	ErrUnauthorized = errors.New("conversation: unauthorized")        // 401
	ErrForbidden    = errors.New("conversation: forbidden")           // 403
	ErrNotFound     = errors.New("conversation: not found")           // 404
	ErrConflict     = errors.New("conversation: conflict")            // 409
	ErrRateLimited  = errors.New("conversation: rate limited")        // 429
	ErrUnavailable  = errors.New("conversation: service unavailable") // 502, 503, 504
)

// Error is an answer of the API that is not the one asked for: a status other than 2xx, or a 2xx whose body could not
// be read. What it prints leaves out Details, Header and Body, which may hold personal data, and hides, in what the server
// said, the credentials and secrets that were sent, phone numbers with a plus sign and runs of 7 and more digits.
type Error struct { //nolint:recvcheck // See errors_format.go.
	StatusCode int               // HTTP status
	Code       int               // error.code in the body; 0 without one
	Status     string            // error.status in the body, such as "NOT_FOUND"
	Message    string            // error.message in the body, as it came
	Details    []json.RawMessage // error.details in the body
	RequestID  string            // X-Request-Id of the reply, else its X-Correlation-Id
	Operation  string            // the method called, such as "Messages.Send"
	Attempts   int               // how many requests the call made
	RetryAfter time.Duration     // how long the reply asks to wait; 0 when it does not say
	Header     http.Header       // headers of the reply
	Body       []byte            // the reply as it came, at most 1 MiB of it

	hidden    redact.Hidden // what was sent and must not be shown, though the reply may repeat it
	problem   string        // what is wrong with a body that could not be read
	cause     error         // why it could not be read, if that was the network
	maybeSent bool          // an earlier attempt of the same call may have been acted on
}

// Error implements error.
func (e *Error) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "conversation: %s: HTTP %d", orCall(e.Operation), e.StatusCode)
	for _, part := range []string{e.Status, e.Message, e.problem} {
		if part != "" {
			text.WriteString(": " + redact.OneLine(redact.Hide(part, e.hidden)))
		}
	}
	var facts []string
	if e.RequestID != "" {
		facts = append(facts, "request id "+redact.OneLine(redact.Hide(e.RequestID, e.hidden)))
	}
	if e.Attempts > 1 {
		facts = append(facts, strconv.Itoa(e.Attempts)+" attempts")
	}
	if e.RetryAfter > 0 {
		facts = append(facts, "retry after "+e.RetryAfter.String())
	}
	if len(facts) > 0 {
		text.WriteString(" (" + strings.Join(facts, ", ") + ")")
	}
	return text.String()
}

// Is matches the sentinel of the status, and [ErrMaybeSent] when the call may have been acted on.
func (e *Error) Is(target error) bool {
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
		return e.StatusCode >= http.StatusBadGateway && e.StatusCode <= http.StatusGatewayTimeout
	case ErrMaybeSent:
		return e.maybeSent || outcomeOfStatus(e.StatusCode) == OutcomeUnknown
	}
	return false
}

// Unwrap gives the network error that cut the reply short, if one did.
func (e *Error) Unwrap() error { return e.cause }

// LogValue implements [slog.LogValuer].
func (e Error) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("operation", e.Operation),
		slog.Int("status_code", e.StatusCode),
		slog.String("status", redact.OneLine(redact.Hide(e.Status, e.hidden))),
		slog.String("message", redact.OneLine(redact.Hide(e.Message+e.problem, e.hidden))),
		slog.String("request_id", redact.OneLine(redact.Hide(e.RequestID, e.hidden))),
		slog.Int("attempts", e.Attempts),
	)
}

// ArgumentError says that a call or an option was refused before any request was sent.
type ArgumentError struct { //nolint:recvcheck // See errors_format.go.
	Operation string // the method called, such as "Messages.Send" or "NewClient"
	Field     string // the argument or field at fault, by its JSON path where it has one
	Reason    string // what is wrong with it and what to do, as the rest of a sentence that begins with Field
}

// Error implements error.
func (e *ArgumentError) Error() string {
	return fmt.Sprintf("conversation: %s: %s %s", orCall(e.Operation), redact.OneLine(e.Field), redact.OneLine(e.Reason))
}

// AuthError says that no access token could be had, so the call was not sent. It never holds what the token endpoint
// answered, since that may repeat credentials.
type AuthError struct { //nolint:recvcheck // See errors_format.go.
	Operation  string // the method called, such as "Messages.Send"
	StatusCode int    // HTTP status of the token endpoint; 0 when it did not answer, or in no readable way
	Code       string // OAuth2 error code, such as "invalid_client"
	Reason     string // what went wrong
	Attempts   int    // how many token requests were made
	Err        error  // the network or context error, if that was it

	hidden    redact.Hidden // what was sent and must not be shown
	maybeSent bool          // an earlier attempt of the call may have been acted on
}

// Error implements error.
func (e *AuthError) Error() string {
	failure := auth.Failure{StatusCode: e.StatusCode, Code: e.Code, Reason: e.Reason, Err: e.Err, Hidden: e.hidden}
	return fmt.Sprintf("conversation: %s: %s", orCall(e.Operation), failure.Error())
}

// Is matches [ErrMaybeSent] when an earlier attempt of the call may have been acted on.
func (e *AuthError) Is(target error) bool { return target == ErrMaybeSent && e.maybeSent }

// Unwrap gives the network or context error.
func (e *AuthError) Unwrap() error { return e.Err }

// TransportError says that no answer of the API came: the connection could not be made, it broke, or time ran out.
// [OutcomeOf] tells whether the request can have been acted on.
type TransportError struct { //nolint:recvcheck // See errors_format.go.
	Operation string // the method called, such as "Messages.Send"
	Attempts  int    // how many requests the call made
	Err       error  // the network or context error
	Last      error  // the failure that the call was waiting to repeat when its context ended; usually nil

	hidden  redact.Hidden // what was sent and must not be shown
	notSent bool          // it is proven that no attempt of the call was acted on
}

// Error implements error.
func (e *TransportError) Error() string {
	text := fmt.Sprintf("conversation: %s: no answer", orCall(e.Operation))
	if e.Err != nil {
		text += ": " + redact.OneLine(redact.Hide(e.Err.Error(), e.hidden))
	}
	if e.Last != nil {
		text = fmt.Sprintf("%s (while waiting to repeat after: %s)", text, redact.OneLine(e.Last.Error()))
	}
	if !e.notSent {
		text += " (the request may have been acted on)"
	}
	return text
}

// Is matches [ErrMaybeSent] when the request can have been acted on.
func (e *TransportError) Is(target error) bool { return target == ErrMaybeSent && !e.notSent }

// Unwrap gives the network or context error, and the failure before it.
func (e *TransportError) Unwrap() []error {
	if e.Last == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.Last}
}

// orCall names the operation of an error that a caller made by hand.
func orCall(operation string) string {
	if operation == "" {
		return "call"
	}
	return operation
}
