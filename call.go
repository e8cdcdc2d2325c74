package conversation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"time"
)

// call is one call of an operation.
type call struct {
	operation
	path  string // escaped, below the base URL
	query string // encoded
	in    any    // the request body; nil for none
	out   any    // what the reply is decoded into; nil when none is expected
	url   string // made from path and query
}

// progress is what a call has been through so far.
type progress struct {
	call      *call
	cfg       *requestConfig
	attempts  int   // requests made
	last      error // what the last one failed with
	maybeSent bool  // a failed one may have been acted on
}

// do makes the call: it encodes, authorizes, sends, repeats where that is safe, and decodes. Every error it returns is
// one of this package's.
func (c *Client) do(ctx context.Context, call *call, opts []RequestOption) error {
	if ctx == nil {
		return &ArgumentError{Operation: call.name, Field: "ctx", Reason: "is nil: pass context.Background()"}
	}
	cfg, err := c.requestConfig(call.operation, opts)
	if err != nil {
		return err
	}
	body, err := encode(call.operation, call.in)
	if err != nil {
		return err
	}
	call.url = c.baseURL.String() + call.path
	if call.query != "" {
		call.url += "?" + call.query
	}

	run := &progress{call: call, cfg: cfg}
	known := c.auth.issued()
	for attempt := 1; ; attempt++ {
		token, err := c.auth.token(ctx)
		if err != nil {
			return run.refused(err)
		}
		if ctx.Err() != nil {
			return run.interrupted(ctx, nil)
		}
		err = c.attempt(ctx, run, token, body)
		if err == nil {
			c.budget.refund()
			return nil
		}
		if isUnauthorized(err) {
			differs, authErr := c.auth.renew(ctx, token, known)
			if authErr != nil {
				return run.refused(authErr)
			}
			if differs {
				attempt--
				continue
			}
		}
		delay, again := c.again(ctx, run, attempt, err)
		if !again {
			return err
		}
		c.logRepeat(ctx, run, delay)
		if wait(ctx, delay) != nil {
			return run.interrupted(ctx, err)
		}
	}
}

// attempt makes one request of the call and judges its reply.
func (c *Client) attempt(ctx context.Context, run *progress, token *accessToken, body []byte) error {
	run.attempts++
	if run.cfg.response != nil {
		run.cfg.response.Attempts = run.attempts
	}
	started := time.Now()
	got, err := c.exchange(ctx, run.call, body, c.header(run.cfg, token, body), run.cfg)
	if err != nil {
		err = run.unanswered(err)
	} else {
		run.fill(got)
		err = run.judge(got)
	}
	run.last = err
	c.logAttempt(ctx, run, got, time.Since(started), err)
	return err
}

// header makes the headers of one attempt.
func (c *Client) header(cfg *requestConfig, token *accessToken, body []byte) http.Header {
	header := make(http.Header, 4+len(cfg.header))
	header["Accept"] = []string{"application/json"}
	header["User-Agent"] = []string{c.userAgent}
	if body != nil {
		header["Content-Type"] = []string{"application/json"}
	}
	maps.Copy(header, cfg.header)
	header["Authorization"] = []string{token.header()}
	return header
}

// again decides whether to repeat a failed call, and after what wait.
func (c *Client) again(ctx context.Context, run *progress, attempt int, failed error) (time.Duration, bool) {
	policy := run.cfg.retry
	if attempt >= policy.MaxAttempts || ctx.Err() != nil || !run.call.repeatable(failed, policy) {
		return 0, false
	}
	var asked time.Duration
	if answer, ok := errors.AsType[*Error](failed); ok {
		asked = answer.RetryAfter
	}
	delay, worthIt := retryDelay(ctx, policy, attempt, asked)
	return delay, worthIt && c.budget.take()
}

// encode makes the JSON of a request body, without the escapes that only HTML needs.
func encode(op operation, in any) ([]byte, error) {
	if in == nil {
		return nil, nil
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(in); err != nil {
		return nil, &ArgumentError{Operation: op.name, Field: "request", Reason: "cannot be written as JSON: " + oneLine(err.Error())}
	}
	return bytes.TrimSuffix(body.Bytes(), []byte("\n")), nil
}

// judge turns a reply into success, with the body decoded, or an *Error.
func (run *progress) judge(got *reply) error {
	if outcomeOfStatus(got.status) != OutcomeAccepted {
		return run.answered(got)
	}
	if got.problem != "" {
		return run.unreadable(got, got.problem, got.cause)
	}
	blank := len(bytes.TrimSpace(got.body)) == 0
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
		return run.unreadable(got, decodeProblem(err), cutShort(got.body))
	}
	return nil
}

// answered makes the error of a reply that is not a 2xx. A DELETE that is repeated after an attempt that may have
// worked, and then finds nothing, has done its work.
func (run *progress) answered(got *reply) error {
	if got.status == http.StatusNotFound && run.maybeSent && run.call.method == http.MethodDelete {
		return nil
	}
	failed := run.newError(got)
	parseErrorBody(failed, got.body)
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
		Header:     got.header,
		Body:       got.body[:min(len(got.body), maxErrorBytes)],
		maybeSent:  run.maybeSent,
	}
}

// unanswered makes the error of a request that got no reply.
func (run *progress) unanswered(err error) error {
	failed := &TransportError{Operation: run.call.name, Attempts: run.attempts, Err: err, notSent: !run.maybeSent}
	if sent, ok := errors.AsType[*sendError](err); ok {
		failed.Err = sent.err
		failed.notSent = failed.notSent && sent.notSent
	}
	run.note(failed)
	return failed
}

// refused completes the error of a token that could not be had.
func (run *progress) refused(err error) error {
	failed, ok := errors.AsType[*AuthError](err)
	if !ok {
		return run.unanswered(err)
	}
	own := *failed // goroutines that waited for the same token share the error
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

func isUnauthorized(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	return ok && failed.StatusCode == http.StatusUnauthorized
}

// looksLikeHTML tells a page of a proxy or portal from an answer of the API.
func looksLikeHTML(got *reply) bool {
	return strings.HasPrefix(got.header.Get("Content-Type"), "text/html") || bytes.HasPrefix(bytes.TrimSpace(got.body), []byte("<"))
}

// logAttempt records one request and its end.
func (c *Client) logAttempt(ctx context.Context, run *progress, got *reply, took time.Duration, err error) {
	if !c.logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := run.attrs(slog.Duration("took", took))
	if got != nil {
		attrs = append(attrs, slog.Int("status_code", got.status), slog.String("request_id", oneLine(requestID(got.header))))
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	c.logger.LogAttrs(ctx, slog.LevelDebug, "conversation: request", attrs...)
}

// logRepeat records that a call is about to be repeated.
func (c *Client) logRepeat(ctx context.Context, run *progress, delay time.Duration) {
	if !c.logger.Enabled(ctx, slog.LevelWarn) {
		return
	}
	c.logger.LogAttrs(ctx, slog.LevelWarn, "conversation: repeating",
		run.attrs(slog.Duration("delay", delay), slog.String("error", run.last.Error()))...)
}

func (run *progress) attrs(more ...slog.Attr) []slog.Attr {
	return append([]slog.Attr{
		slog.String("operation", run.call.name),
		slog.String("method", run.call.method),
		slog.String("route", run.call.route),
		slog.Int("attempt", run.attempts),
	}, more...)
}
