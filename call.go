package conversation

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"time"

	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/wire"
)

// call is one call of an operation.
type call struct {
	operation
	path  string // escaped, below the base URL
	query string // encoded
	in    any    // the request body; nil for none
	out   any    // what the reply is decoded into; nil when none is expected

	baseURL      string // where it goes, if not to the client's base URL
	dialectRoute bool   // the dialects send it to different paths
	takesSource  bool   // it has the query parameter of WithMessageSource
}

// do makes the call: it encodes, authorizes, sends, repeats where that is safe, and decodes. Every error it returns is
// one of this package's.
func (c *Client) do(ctx context.Context, call *call, opts []RequestOption) error {
	if ctx == nil {
		return nilContext(call.operation)
	}
	if err := c.checkLimits(call.operation, call.in); err != nil {
		return err
	}
	run := &progress{call: *call, otherDialect: c.dialect.advice()}
	if err := c.configure(&run.cfg, call.operation, opts); err != nil {
		return err
	}
	if err := call.take(run.cfg.messageSource); err != nil {
		return err
	}
	body, err := encode(call.operation, call.in)
	if err != nil {
		return err
	}
	if run.cfg.response != nil {
		*run.cfg.response = Response{}
	}
	run.url = cmp.Or(call.baseURL, c.baseURL) + call.path
	if call.query != "" {
		run.url += "?" + call.query
	}

	known := c.auth.issued()
	for attempt := 1; ; attempt++ {
		if ctx.Err() != nil {
			return run.interrupted(ctx, nil)
		}
		token, authErr := c.auth.token(ctx)
		if authErr != nil {
			return run.refused(authErr)
		}
		if ctx.Err() != nil {
			return run.interrupted(ctx, nil)
		}
		err := c.attempt(ctx, run, token, body)
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

// take adds what WithMessageSource said to the query.
func (c *call) take(source MessageSource) error {
	if source == "" {
		return nil
	}
	if !c.takesSource {
		return refuse(c.operation, "WithMessageSource", "is for Get, Update and Delete of messages: lists have MessagesSource")
	}
	c.query = queryOf(map[string]string{"messages_source": string(source)})
	return nil
}

// send makes a call whose reply is a T.
func send[T any](ctx context.Context, c *Client, call *call, opts []RequestOption) (*T, error) {
	reply := new(T)
	call.out = reply
	if err := c.do(ctx, call, opts); err != nil {
		return nil, err
	}
	return reply, nil
}

// attempt makes one request of the call and judges its reply.
func (c *Client) attempt(ctx context.Context, run *progress, token *accessToken, body []byte) error {
	run.attempts++
	run.token = token.header
	if run.cfg.response != nil {
		run.cfg.response.Attempts = run.attempts
	}
	started := time.Now()
	got, failed := c.exchange(ctx, run, body, c.header(&run.cfg, token, body))
	var err error
	if failed != nil {
		err = run.unanswered(failed)
	} else {
		run.fill(got)
		err = run.judge(got)
	}
	run.last = err
	c.logAttempt(ctx, run, got, started, err)
	return err
}

// header makes the headers of one attempt. Each has its own, since middleware may change them; the values lie side by side.
func (c *Client) header(cfg *requestConfig, token *accessToken, body []byte) http.Header {
	header := make(http.Header, 4+len(cfg.header))
	values := []string{"application/json", c.userAgent, "application/json", token.header()}
	header["Accept"] = values[0:1:1]
	header["User-Agent"] = values[1:2:2]
	if body != nil {
		header["Content-Type"] = values[2:3:3]
	}
	maps.Copy(header, cfg.header)
	header["Authorization"] = values[3:4:4]
	return header
}

// again decides whether to repeat a failed call, and after what wait.
func (c *Client) again(ctx context.Context, run *progress, attempt int, failed error) (time.Duration, bool) {
	policy := run.cfg.retry
	if run.cfg.leaveThrottling && isThrottled(failed) {
		return 0, false
	}
	if attempt >= policy.MaxAttempts || ctx.Err() != nil || !run.call.repeatable(failed, policy) {
		return 0, false
	}
	var asked time.Duration
	if answer := answerIn(failed); answer != nil {
		asked = answer.RetryAfter
	}
	delay, worthIt := retryDelay(ctx, policy, attempt, asked)
	return delay, worthIt && c.budget.take()
}

// encode makes the JSON of a request body.
func encode(op operation, in any) ([]byte, error) {
	if in == nil {
		return nil, nil
	}
	text, err := wire.EncodeJSON(in)
	if err != nil {
		return nil, &ArgumentError{Operation: op.name, Field: "request", Reason: "cannot be written as JSON: " + redact.OneLine(err.Error())}
	}
	if string(text) == "null" {
		return nil, &ArgumentError{Operation: op.name, Field: "request", Reason: "is a nil value: pass a value, or nil itself for no body"}
	}
	return text, nil
}
