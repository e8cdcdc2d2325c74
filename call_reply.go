package conversation

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sinchgo/conversation/internal/auth"
	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/retry"
	"github.com/sinchgo/conversation/internal/transport"
	"github.com/sinchgo/conversation/internal/wire"
)

// callState is the state of a call between its attempts.
type callState struct {
	call         call
	info         CallInfo
	cfg          requestConfig
	began        time.Time
	url          string           // with path and query
	otherDialect string           // advice if the server does not know the route
	token        *auth.Token      // of the last request; nil before
	attempts     int              // requests made
	last         error            // error of the last request
	took         time.Duration    // by the last request
	reply        *transport.Reply // to the last request; nil without one
	waited       time.Duration    // between requests
	maybeSent    bool             // the API may have acted on a failed request
	mistyped     []string         // paths of fields of the reply that have an unexpected type
}

// evaluate decodes the body of a 2xx reply, and returns an *Error for every other reply.
func (state *callState) evaluate(got *transport.Reply) error {
	if !got.OK() {
		return state.answered(got)
	}
	body := wire.TrimBody(got.Body)
	blank := len(body) == 0 || string(body) == "null"
	switch {
	case !blank && isPage(got.Header, body):
		return state.foreign(got, "the reply is HTML, not JSON")
	case got.Problem != "":
		return state.unreadable(got, got.Problem, got.Cause)
	case state.call.out == nil && blank:
		return nil
	case blank:
		return state.foreign(got, "the reply has no body, but one was expected")
	case !state.call.isFree() && isErrorBody(body):
		return state.foreign(got, "the reply is an error")
	case state.call.out == nil:
		return nil
	}
	mistyped, err := wire.Decode(body, state.call.out)
	if problem := state.call.foreignReply(body, mistyped, err); problem != "" {
		return state.foreign(got, problem)
	}
	if err != nil {
		return state.unreadable(got, decodeProblem(err, state.call.out), cutShort(body))
	}
	state.mistyped = mistyped
	return nil
}

// answered returns the error of a reply that is not a 2xx. It returns nil if a DELETE was retried, by this package or by
// net/http, after an attempt that may have succeeded, and the answer is 404.
func (state *callState) answered(got *transport.Reply) error {
	if got.Status == http.StatusNotFound && state.call.method == http.MethodDelete && (state.maybeSent || got.Replayed) {
		return nil
	}
	failed := state.newError(got)
	parseErrorBody(failed, got.Body)
	if got.Cause != nil && failed.problem != "" {
		failed.problem, failed.cause = got.Problem, got.Cause
	}
	if state.call.dialectRoute && (got.Status == http.StatusNotFound || got.Status == http.StatusNotImplemented) {
		failed.problem = strings.TrimPrefix(failed.problem+"; "+state.otherDialect, "; ")
	}
	failed.RetryAfter = cmp.Or(retry.After(got.Header, time.Now()), retryInfo(failed.Details))
	state.note(failed)
	return failed
}

// unreadable returns the error of a 2xx with an unexpected body.
func (state *callState) unreadable(got *transport.Reply, problem string, cause error) error {
	failed := state.newError(got)
	failed.problem = problem
	failed.cause = cause
	failed.maybeSent = false // the API accepted the call, whatever the outcome of earlier attempts
	state.maybeSent = state.call.class != classReadOnly
	return failed
}

// foreign returns the error of a 2xx that is not a reply of the API to this call, so something between may have answered.
func (state *callState) foreign(got *transport.Reply, problem string) error {
	failed := state.newError(got)
	if isErrorBody(got.Body) {
		parseErrorBody(failed, got.Body)
	}
	failed.problem = problem + ": something between this client and the API may have answered"
	failed.cause = got.Cause
	failed.maybeSent = true
	state.note(failed)
	return failed
}

func (state *callState) newError(got *transport.Reply) *Error {
	return &Error{
		StatusCode: got.Status,
		RequestID:  got.RequestID(),
		Operation:  state.call.name,
		Attempts:   state.attempts,
		hidden:     state.hidden(),
		advice:     hostAdvice(got, state.url),
		Header:     got.Header,
		Body:       got.Body[:min(len(got.Body), transport.MaxErrorBytes)],
		maybeSent:  state.maybeSent,
	}
}

// unanswered returns the error of a request without a reply.
func (state *callState) unanswered(failure *transport.Failure) error {
	failed := &TransportError{
		Operation: state.call.name, Attempts: state.attempts, Err: failure.Err,
		hidden: state.hidden(), host: transport.HostOf(state.url), notSent: failure.NotSent && !state.maybeSent,
	}
	state.note(failed)
	return failed
}

// unauthorized returns the error of a call for which no token is available.
func (state *callState) unauthorized(failure *auth.Failure) error {
	failed := newAuthError(state.call.name, failure)
	failed.maybeSent = state.maybeSent
	return failed
}

func newAuthError(operation string, failure *auth.Failure) *AuthError {
	return &AuthError{
		Operation: operation, StatusCode: failure.StatusCode, Code: failure.Code, Reason: failure.Reason,
		Attempts: failure.Attempts, Err: failure.Err, hidden: failure.Hidden, host: failure.Host,
	}
}

// interrupted returns the error of a call whose context ended between attempts.
func (state *callState) interrupted(ctx context.Context, last error) error {
	return &TransportError{
		Operation: state.call.name, Attempts: state.attempts, Err: transport.ContextError(ctx), Last: last,
		host: transport.HostOf(state.url), notSent: !state.maybeSent,
	}
}

// limited returns the error of a call whose context ends before its turn by WithRateLimit.
func (state *callState) limited(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return state.interrupted(ctx, state.last)
	}
	return &TransportError{
		Operation: state.call.name, Attempts: state.attempts, Last: state.last, notSent: !state.maybeSent,
		Err: fmt.Errorf("its turn by WithRateLimit comes after the deadline of the context: %w", err),
	}
}

// panicked returns the error of a call that panicked, such as in a logger or an observer.
func (state *callState) panicked(err error) error {
	return &TransportError{
		Operation: state.call.name, Attempts: state.attempts, Err: err, hidden: state.hidden(), notSent: state.attempts == 0,
	}
}

// note records whether the API may have acted on a failed attempt. Reads change nothing, so they are not recorded.
func (state *callState) note(failed error) {
	if state.call.class != classReadOnly && errors.Is(failed, ErrMaybeSent) {
		state.maybeSent = true
	}
}

// hidden returns what the last request carried and no error or log line may show.
func (state *callState) hidden() redact.Hidden {
	token, secrets := state.token, secretsIn(state.call.in)
	if token == nil { // nothing was sent
		return func() []string { return secrets }
	}
	return func() []string { return slices.Concat(token.Hidden(), secrets) }
}

// fill copies the last reply to the Response of WithResponse, if there is one.
func (state *callState) fill(got *transport.Reply) {
	if state.cfg.response == nil {
		return
	}
	*state.cfg.response = Response{
		StatusCode: got.Status, Header: got.Header, RequestID: got.RequestID(), Attempts: state.attempts, Body: got.Body,
	}
}

// answerIn returns err if it is an *Error, else nil. It does not unwrap: a foreign error may wrap the answer to some other
// call.
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

// creditLimit is what a 403 says if an account has run out of credit.
const creditLimit = "BILLING_CREDIT_LIMIT_BREACHED"

// hostAdvice returns which host answered with 403 or 404, and what to check, or "". Asking the wrong region is the most
// frequent reason for either.
func hostAdvice(got *transport.Reply, address string) string {
	if got.Status != http.StatusForbidden && got.Status != http.StatusNotFound {
		return ""
	}
	asked, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if got.Status == http.StatusForbidden && bytes.Contains(got.Body, []byte(creditLimit)) {
		return "asked " + asked.Host + ": the account has reached its credit limit, so add credit"
	}
	return "asked " + asked.Host + ": an app lives in one region, so check the region"
}
