package conversation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/sinchgo/conversation/internal/redact"
)

// progress is what a call has been through so far.
type progress struct {
	call         call
	cfg          requestConfig
	url          string        // made from path and query
	otherDialect string        // what to try when a route is unknown to the server
	token        redact.Secret // the Authorization header of the last one
	attempts     int           // requests made
	last         error         // what the last one failed with
	maybeSent    bool          // a failed one may have been acted on
}

// judge turns a reply into success, with the body decoded, or an *Error.
func (run *progress) judge(got *reply) error {
	if outcomeOfStatus(got.status) != OutcomeAccepted {
		return run.answered(got)
	}
	if got.problem != "" {
		return run.unreadable(got, got.problem, got.cause)
	}
	body := bytes.TrimSpace(got.body)
	blank := len(body) == 0 || string(body) == "null"
	switch {
	case run.call.out == nil && blank:
		return nil
	case looksLikeHTML(got):
		return run.unreadable(got, "the reply is HTML, not JSON: something between this client and the API answered", nil)
	case run.call.out == nil:
		return nil
	case blank:
		return run.unreadable(got, "the reply has no body, where one was due", nil)
	}
	if err := json.Unmarshal(got.body, run.call.out); err != nil {
		return run.unreadable(got, decodeProblem(err, run.call.out), cutShort(got.body))
	}
	return nil
}

// answered makes the error of a reply that is not a 2xx. A DELETE that is repeated after an attempt that may have
// worked, by this package or by net/http, and then finds nothing, has done its work.
func (run *progress) answered(got *reply) error {
	if got.status == http.StatusNotFound && run.call.method == http.MethodDelete && (run.maybeSent || got.replayed) {
		return nil
	}
	failed := run.newError(got)
	parseErrorBody(failed, got.body)
	if run.call.dialectRoute && (got.status == http.StatusNotFound || got.status == http.StatusNotImplemented) {
		failed.problem = strings.TrimPrefix(failed.problem+"; "+run.otherDialect, "; ")
	}
	failed.RetryAfter = retryAfter(got.header, time.Now())
	run.note(failed)
	return failed
}

// unreadable makes the error of a 2xx whose body is not what was asked for.
func (run *progress) unreadable(got *reply, problem string, cause error) error {
	failed := run.newError(got)
	failed.problem = problem
	failed.cause = cause
	failed.maybeSent = false // the API took the call, whatever became of earlier attempts
	run.maybeSent = run.call.class != classReadOnly
	return failed
}

func (run *progress) newError(got *reply) *Error {
	return &Error{
		StatusCode: got.status,
		RequestID:  requestID(got.header),
		Operation:  run.call.name,
		Attempts:   run.attempts,
		hidden:     run.hidden(),
		Header:     got.header,
		Body:       got.body[:min(len(got.body), maxErrorBytes)],
		maybeSent:  run.maybeSent,
	}
}

// unanswered makes the error of a request that got no reply.
func (run *progress) unanswered(failure *sendError) error {
	failed := &TransportError{
		Operation: run.call.name, Attempts: run.attempts, Err: failure.err, hidden: run.hidden(), notSent: failure.notSent && !run.maybeSent,
	}
	run.note(failed)
	return failed
}

// refused completes the error of a token that could not be had, in a copy: goroutines that waited for it share it.
func (run *progress) refused(failure *AuthError) error {
	own := *failure
	own.Operation = run.call.name
	own.maybeSent = run.maybeSent
	return &own
}

// interrupted makes the error of a call whose context ended between attempts.
func (run *progress) interrupted(ctx context.Context, last error) error {
	return &TransportError{
		Operation: run.call.name, Attempts: run.attempts, Err: contextError(ctx), Last: last, notSent: !run.maybeSent,
	}
}

// note remembers that a failed attempt may have been acted on. Reads change nothing, so nothing is remembered of them.
func (run *progress) note(failed error) {
	if run.call.class != classReadOnly && errors.Is(failed, ErrMaybeSent) {
		run.maybeSent = true
	}
}

// hidden gives what the last request carried and no text about it must show.
func (run *progress) hidden() redact.Hidden {
	header, secrets := run.token, secretsIn(run.call.in)
	return func() []string { return append(redact.CredentialsIn(header()), secrets...) }
}

// fill tells the caller of the last reply, if the caller asked.
func (run *progress) fill(got *reply) {
	if run.cfg.response == nil {
		return
	}
	*run.cfg.response = Response{
		StatusCode: got.status, Header: got.header, RequestID: requestID(got.header), Attempts: run.attempts, Body: got.body,
	}
}

// requestID is the reply's own name for the request.
func requestID(header http.Header) string {
	if id := header.Get("X-Request-Id"); id != "" {
		return id
	}
	return header.Get("X-Correlation-Id")
}

// answerIn gives the API's answer that an error of an attempt is, or nil. It does not look inside: a foreign error may
// wrap the answer to some other call.
func answerIn(err error) *Error {
	answer, _ := err.(*Error) //nolint:errorlint // On purpose, see above.
	return answer
}

func isUnauthorized(err error) bool {
	answer := answerIn(err)
	return answer != nil && answer.StatusCode == http.StatusUnauthorized
}

func isThrottled(err error) bool {
	answer := answerIn(err)
	return answer != nil && answer.StatusCode == http.StatusTooManyRequests
}

// looksLikeHTML tells a page of a proxy or portal from an answer of the API.
func looksLikeHTML(got *reply) bool {
	return strings.HasPrefix(got.header.Get("Content-Type"), "text/html") || bytes.HasPrefix(bytes.TrimSpace(got.body), []byte("<"))
}
