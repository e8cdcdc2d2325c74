package conversation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/sinchgo/conversation/internal/wire"
)

// RequestOption configures one call. Options are checked before anything is sent.
type RequestOption func(*requestConfig) error

// requestConfig holds what the request options set.
type requestConfig struct {
	header        http.Header
	timeout       time.Duration
	retry         RetryPolicy
	response      *Response
	messageSource MessageSource

	leaveThrottling bool // a 429 ends the call: the caller decides when to send it again
	recoverPanics   bool // a panic becomes the error of the call: it is made in a goroutine of this package

	// throttled waits after a 429 in place of the retry policy, and reports whether to send the call again. started is when
	// the attempt began.
	throttled func(ctx context.Context, started time.Time, asked time.Duration) bool
}

// Response describes the API's response to a call, successful or not. After retries it is that to the last attempt. See
// [WithResponse].
type Response struct {
	StatusCode int         // HTTP status; 0 without a response
	Header     http.Header // headers of the response
	RequestID  string      // X-Request-Id of the response, else its X-Correlation-Id
	Attempts   int         // number of requests that the call sent
	Body       []byte      // body of the response
}

// reservedHeaders are headers that a caller cannot set, with the reason.
var reservedHeaders = map[string]string{
	"Authorization":     "is set by the client: use WithOAuth2, WithBasicAuth or WithTokenSource",
	"Idempotency-Key":   "is unknown to the API, and net/http would silently resend the request",
	"X-Idempotency-Key": "is unknown to the API, and net/http would silently resend the request",
	"Connection":        "is set by net/http",
	"Upgrade":           "has no use in this API",
	"Trailer":           "is set by net/http",
	"Accept-Encoding":   "is set by net/http, which then decompresses the reply",
	"Content-Length":    "is set by net/http",
	"Host":              "is set by the client: use WithBaseURL",
	"Transfer-Encoding": "is set by net/http",
}

// WithHeader sets a header of the call. It overrides one that the client sets. It rejects Idempotency-Key and
// X-Idempotency-Key: the API ignores them, and net/http silently resends requests that carry them. It also rejects
// Authorization and the headers that net/http sets.
func WithHeader(name, value string) RequestOption {
	return func(c *requestConfig) error {
		switch canonical := http.CanonicalHeaderKey(name); {
		case !wire.ValidToken(name):
			return requestOptionError("WithHeader", "has an invalid header name")
		case reservedHeaders[canonical] != "":
			return requestOptionError("WithHeader", "cannot set "+canonical+", which "+reservedHeaders[canonical])
		case !wire.ValidHeaderValue(value):
			return requestOptionError("WithHeader", "has a control character or a line break in the value of "+canonical)
		default:
			if c.header == nil {
				c.header = http.Header{}
			}
			c.header.Set(canonical, value)
			return nil
		}
	}
}

// WithRequestTimeout overrides [WithTimeout] for this call. It limits each attempt; the context limits the whole call.
func WithRequestTimeout(timeout time.Duration) RequestOption {
	return func(c *requestConfig) error {
		c.timeout = timeout
		if timeout <= 0 {
			return requestOptionError("WithRequestTimeout", fmt.Sprintf("is %s: it must be above zero", timeout))
		}
		return nil
	}
}

// WithRequestRetry overrides the client's policy for this call. Zero fields mean the defaults of [RetryPolicy], not the
// values of [WithRetry]. Budget is ignored: the call uses the client's budget.
func WithRequestRetry(policy RetryPolicy) RequestOption {
	return func(c *requestConfig) error {
		c.retry = policy.withDefaults()
		if problem := policy.problem(); problem != "" {
			return requestOptionError("WithRequestRetry", problem)
		}
		return nil
	}
}

// WithResponse stores the API's response in response, on success and on failure. A call that returns an [*ArgumentError]
// leaves it unchanged.
//
// The call writes to response until it returns, without a lock. Calls that run concurrently must not share a Response, so
// an option that is built once and passed to several goroutines is a data race: build it for each call. A call with several
// requests, such as All, leaves the response to the last one.
func WithResponse(response *Response) RequestOption {
	return func(c *requestConfig) error {
		c.response = response
		if response == nil {
			return requestOptionError("WithResponse", "is nil: pass the address of a Response")
		}
		return nil
	}
}

// WithMessageSource sets where [MessagesService.Get], [MessagesService.Update] and [MessagesService.Delete] look for the
// message. The platform's default is [MessageSourceConversation].
func WithMessageSource(source MessageSource) RequestOption {
	return func(c *requestConfig) error {
		c.messageSource = source
		if source == "" {
			return requestOptionError("WithMessageSource", "is empty: leave the option out for the platform's default")
		}
		return nil
	}
}

// configure applies the options of one call over the client's settings.
func (c *Client) configure(cfg *requestConfig, op operation, opts []RequestOption) error {
	cfg.timeout, cfg.retry = c.timeout, c.retry
	problems := applyOptions(op.name, cfg, opts)
	for _, problem := range problems {
		if argument, ok := errors.AsType[*ArgumentError](problem); ok {
			argument.Operation = op.name
		}
	}
	return errors.Join(problems...)
}

func requestOptionError(option, reason string) error {
	return &ArgumentError{Field: option, Reason: reason}
}
