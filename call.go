package conversation

import (
	"cmp"
	"context"
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
	invalid      error  // why it is not made; it is shown to observers all the same
}

// do makes the call and shows it to the observers. Every error it returns is an error of this package.
func (c *Client) do(ctx context.Context, call *call, opts []RequestOption) (failed error) { //nolint:contextcheck // The new context replaces nil.
	state := &callState{call: *call, info: call.info(), began: time.Now(), otherDialect: c.dialect.advice()}
	if ctx == nil {
		ctx = context.Background()
		if call.invalid == nil {
			state.call.invalid = nilContext(call.operation)
		}
	}
	misused := c.configure(&state.cfg, call.operation, opts)
	if state.cfg.recoverPanics {
		defer func() {
			if value := recover(); value != nil {
				failed = state.panicked(transport.Recovered(value))
			}
		}()
	}
	returned := false
	c.observers.watch(ctx, state.info, func(ctx context.Context) {
		failed = c.runObserved(ctx, state, misused)
		c.logUnknown(ctx, state, failed)
		returned = true
	}, func() CallResult {
		if !returned {
			return state.result(state.panicked(errPanicked))
		}
		return state.result(failed)
	})
	return failed
}

// rejected shows the observers a call that is not made because of err, and returns err.
func (c *Client) rejected(ctx context.Context, op operation, err error, opts []RequestOption) error {
	return c.do(ctx, &call{operation: op, invalid: err}, opts)
}

// prepare checks the call, sets its URL and returns its request body. misused is the error of its options.
func (c *Client) prepare(state *callState, misused error) ([]byte, error) {
	call := &state.call
	if call.invalid != nil {
		return nil, call.invalid
	}
	path := call.path
	if path == "" {
		filled, err := c.path(call.operation, call.ids)
		if err != nil {
			return nil, err
		}
		path = filled
	}
	if misused != nil {
		return nil, misused
	}
	if err := call.setSource(state.cfg.messageSource); err != nil {
		return nil, err
	}
	if err := checkQuery(call.operation, call.query); err != nil {
		return nil, err
	}
	body, err := encode(call.operation, call.in)
	if err != nil {
		return nil, err
	}
	if state.cfg.response != nil {
		*state.cfg.response = Response{}
	}
	state.url = cmp.Or(call.baseURL, c.baseURL) + path
	if call.query != "" {
		state.url += "?" + call.query
	}
	return body, nil
}

// run checks and encodes the call. Then it authorizes, sends, retries if that is safe, and decodes.
func (c *Client) run(ctx context.Context, state *callState, misused error) error {
	body, err := c.prepare(state, misused)
	if err != nil {
		return err
	}
	known := c.auth.Issued()
	for attempt := 1; ; attempt++ {
		if ctx.Err() != nil {
			return state.interrupted(ctx, nil)
		}
		var started time.Time
		if state.cfg.throttled != nil {
			started = time.Now()
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
				c.logRetry(ctx, state, 0)
				attempt--
				continue
			}
		}
		if state.cfg.throttled != nil && isThrottled(err) {
			if !c.throttled(ctx, state, started) {
				return err
			}
			attempt, known = 0, c.auth.Issued()
			continue
		}
		delay, again := c.again(ctx, state, attempt, err)
		if !again {
			return err
		}
		c.logRetry(ctx, state, delay)
		if state.wait(ctx, delay) != nil {
			return state.interrupted(ctx, err)
		}
	}
}

// wait waits between two attempts.
func (state *callState) wait(ctx context.Context, delay time.Duration) error {
	began := time.Now()
	defer func() { state.waited += time.Since(began) }()
	return retry.Wait(ctx, delay)
}

// throttled waits after a 429 for as long as the pacer of the caller does, and reports whether to send the call again.
func (c *Client) throttled(ctx context.Context, state *callState, started time.Time) bool {
	if OutcomeOf(state.last) != OutcomeNotSent {
		return false
	}
	began := time.Now()
	again := state.cfg.throttled(ctx, started, answerIn(state.last).RetryAfter)
	delay := time.Since(began)
	state.waited += delay
	if again {
		c.logRetry(ctx, state, delay)
	}
	return again
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

// attempt makes one request of the call, evaluates its reply, and shows both to the observers of attempts.
func (c *Client) attempt(ctx context.Context, state *callState, token *auth.Token, body []byte) error {
	state.attempts++
	state.token, state.reply = token, nil
	if state.cfg.response != nil {
		state.cfg.response.Attempts = state.attempts
	}
	started := time.Now()
	returned := false
	c.attempts.watch(ctx, state.info, func(ctx context.Context) {
		state.last = c.exchange(ctx, state, body)
		state.took = time.Since(started)
		returned = true
		c.logAttempt(ctx, state)
		c.logMistyped(ctx, state)
	}, func() CallResult {
		if !returned {
			return state.attemptResult(state.panicked(errPanicked), started)
		}
		return state.attemptResult(state.last, started)
	})
	return state.last
}

// exchange makes a request and returns the error of its reply, if there is one.
func (c *Client) exchange(ctx context.Context, state *callState, body []byte) error {
	got, failure := transport.Exchange(ctx, c.http, &transport.Request{
		Method:     state.call.method,
		URL:        state.url,
		Header:     c.header(&state.cfg, state.token, body),
		Body:       body,
		Timeout:    state.cfg.timeout,
		MaxBytes:   c.maxResponseBytes,
		Replayable: state.call.replayable(state.cfg.retry),
		Recover:    state.cfg.recoverPanics,
		Attempt:    transport.Attempt{Call: &state.info, Number: state.attempts},
	})
	if failure != nil {
		return state.unanswered(failure)
	}
	state.reply = got
	state.fill(got)
	return state.evaluate(got)
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
