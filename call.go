package conversation

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"net/http"
	"time"

	"github.com/sinchgo/conversation/internal/auth"
	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/retry"
	"github.com/sinchgo/conversation/internal/transport"
	"github.com/sinchgo/conversation/internal/wire"
)

// call is one call of an operation.
type call struct {
	operation
	ids   ids    // fill the placeholders of the route
	path  string // escaped, below the base URL; made from route and ids when empty
	query string // encoded
	in    any    // request body; nil for none
	out   any    // pointer that the reply is decoded into; nil if none is expected

	baseURL      string // overrides the client's base URL
	dialectRoute bool   // its path depends on the dialect
	takesSource  bool   // accepts WithMessageSource
}

// do makes the call: it encodes, authorizes, sends, retries if that is safe, and decodes. Every error it returns is an error
// of this package.
func (c *Client) do(ctx context.Context, call *call, opts []RequestOption) (failed error) {
	if ctx == nil {
		return nilContext(call.operation)
	}
	path := call.path
	if path == "" {
		filled, err := c.path(call.operation, call.ids)
		if err != nil {
			return err
		}
		path = filled
	}
	state := &callState{call: *call, otherDialect: c.dialect.advice()}
	if err := c.configure(&state.cfg, call.operation, opts); err != nil {
		return err
	}
	if state.cfg.recoverPanics {
		defer func() {
			if value := recover(); value != nil {
				failed = state.panicked(value)
			}
		}()
	}
	if err := call.setSource(state.cfg.messageSource); err != nil {
		return err
	}
	if err := checkQuery(call.operation, call.query); err != nil {
		return err
	}
	body, err := encode(call.operation, call.in)
	if err != nil {
		return err
	}
	if state.cfg.response != nil {
		*state.cfg.response = Response{}
	}
	state.url = cmp.Or(call.baseURL, c.baseURL) + path
	if call.query != "" {
		state.url += "?" + call.query
	}

	known := c.auth.Issued()
	for attempt := 1; ; attempt++ {
		if ctx.Err() != nil {
			return state.interrupted(ctx, nil)
		}
		if c.limiter != nil {
			if err := c.limiter.Wait(ctx); err != nil {
				return state.limited(ctx, err)
			}
		}
		token, failure := c.auth.Token(ctx)
		if failure != nil {
			return state.unauthorized(failure)
		}
		if ctx.Err() != nil {
			return state.interrupted(ctx, nil)
		}
		err := c.attempt(ctx, state, token, body)
		if err == nil {
			c.budget.Refund()
			return nil
		}
		if isUnauthorized(err) {
			differs, failure := c.auth.Renew(ctx, token, known)
			if failure != nil {
				return state.unauthorized(failure)
			}
			if differs {
				attempt--
				continue
			}
		}
		delay, again := c.again(ctx, state, attempt, err)
		if !again {
			return err
		}
		c.logRetry(ctx, state, delay)
		if retry.Wait(ctx, delay) != nil {
			return state.interrupted(ctx, err)
		}
	}
}

// setSource adds the source of WithMessageSource to the query.
func (c *call) setSource(source MessageSource) error {
	if source == "" {
		return nil
	}
	if !c.takesSource {
		return refuse(c.operation, "WithMessageSource", "is for Get, Update and Delete of messages: lists have MessagesSource")
	}
	c.query = queryOf(map[string]string{"messages_source": string(source)})
	return nil
}

// send makes a call and returns its reply.
func send[T any](ctx context.Context, c *Client, call *call, opts []RequestOption) (*T, error) {
	reply := new(T)
	call.out = reply
	if err := c.do(ctx, call, opts); err != nil {
		return nil, err
	}
	return reply, nil
}

// attempt makes one request of the call and evaluates its reply.
func (c *Client) attempt(ctx context.Context, state *callState, token *auth.Token, body []byte) error {
	state.attempts++
	state.token = token.Header
	if state.cfg.response != nil {
		state.cfg.response.Attempts = state.attempts
	}
	started := time.Now()
	got, failure := transport.Exchange(ctx, c.http, &transport.Request{
		Method:     state.call.method,
		URL:        state.url,
		Header:     c.header(&state.cfg, token, body),
		Body:       body,
		Timeout:    state.cfg.timeout,
		MaxBytes:   c.maxResponseBytes,
		Replayable: state.call.replayable(state.cfg.retry),
		Recover:    state.cfg.recoverPanics,
	})
	var err error
	if failure != nil {
		err = state.unanswered(failure)
	} else {
		state.fill(got)
		err = state.evaluate(got)
	}
	state.last = err
	c.logAttempt(ctx, state, got, started, err)
	c.logMistyped(ctx, state)
	return err
}

// header returns new headers for one attempt, since middleware may change them. The values share one array.
func (c *Client) header(cfg *requestConfig, token *auth.Token, body []byte) http.Header {
	header := make(http.Header, 4+len(cfg.header))
	values := []string{"application/json", c.userAgent, "application/json", token.Header()}
	header["Accept"] = values[0:1:1]
	header["User-Agent"] = values[1:2:2]
	if body != nil {
		header["Content-Type"] = values[2:3:3]
	}
	maps.Copy(header, cfg.header)
	header["Authorization"] = values[3:4:4]
	return header
}

// again returns how long to wait before a failed call is retried, and reports whether to retry it.
func (c *Client) again(ctx context.Context, state *callState, attempt int, failed error) (time.Duration, bool) {
	policy := state.cfg.retry
	if state.cfg.leaveThrottling && isThrottled(failed) {
		return 0, false
	}
	if attempt >= policy.MaxAttempts || ctx.Err() != nil || !state.call.retryable(failed, policy) {
		return 0, false
	}
	var asked time.Duration
	if answer := answerIn(failed); answer != nil {
		asked = answer.RetryAfter
	}
	delay, worthIt := retry.Policy(policy).Delay(ctx, attempt, asked)
	return delay, worthIt && c.budget.Take()
}

// encode returns a request body as JSON.
func encode(op operation, in any) ([]byte, error) {
	if in == nil {
		return nil, nil
	}
	encoded, err := wire.EncodeJSON(in)
	if err != nil {
		return nil, &ArgumentError{Operation: op.name, Field: "request", Reason: "cannot be written as JSON: " + redact.OneLine(err.Error())}
	}
	if string(encoded) == "null" {
		return nil, &ArgumentError{Operation: op.name, Field: "request", Reason: "is a nil value: pass a value, or nil itself for no body"}
	}
	if field, problem := wire.NotUTF8(in, encoded); problem != "" {
		return nil, refuse(op, redact.Mask(field), problem)
	}
	return encoded, nil
}

// logAttempt logs one request and its result.
func (c *Client) logAttempt(ctx context.Context, state *callState, got *transport.Reply, started time.Time, err error) {
	if !c.logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := state.attrs(slog.Duration("took", time.Since(started)))
	if got != nil {
		attrs = append(attrs, slog.Int("status_code", got.Status), slog.String("request_id", redact.OneLine(redact.Hide(requestID(got.Header), state.hidden()))))
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	c.logger.LogAttrs(ctx, slog.LevelDebug, "conversation: request", attrs...)
}

// logRetry logs that a call is about to be retried.
func (c *Client) logRetry(ctx context.Context, state *callState, delay time.Duration) {
	if !c.logger.Enabled(ctx, slog.LevelWarn) {
		return
	}
	c.logger.LogAttrs(ctx, slog.LevelWarn, "conversation: retrying",
		state.attrs(slog.Duration("delay", delay), slog.String("error", state.last.Error()))...)
}

// logMistyped logs which fields of the reply have an unexpected type. Their values may be personal data.
func (c *Client) logMistyped(ctx context.Context, state *callState) {
	if len(state.mistyped) == 0 {
		return
	}
	c.logger.LogAttrs(ctx, slog.LevelWarn, "conversation: the reply has fields of an unexpected type",
		state.attrs(slog.Any("fields", state.mistyped))...)
}

// attrs returns the attributes of every log record of a call, followed by more.
func (state *callState) attrs(more ...slog.Attr) []slog.Attr {
	return append([]slog.Attr{
		slog.String("operation", state.call.name),
		slog.String("method", state.call.method),
		slog.String("route", state.call.route),
		slog.Int("attempt", state.attempts),
	}, more...)
}
