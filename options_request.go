package conversation

import (
	"errors"
	"net/http"
	"time"

	"github.com/sinchgo/conversation/internal/wire"
)

// RequestOption sets up one call. Options are checked before anything is sent.
type RequestOption func(*requestConfig) error

// requestConfig is what the request options fill in.
type requestConfig struct {
	header        http.Header
	timeout       time.Duration
	retry         RetryPolicy
	response      *Response
	messageSource MessageSource

	leaveThrottling bool // a 429 ends the call: whoever made it decides when to make it again
}

// Response tells what a call got from the API, whether it succeeded or failed. After a repeated call it tells of the
// last reply. See [WithResponse].
type Response struct {
	StatusCode int         // HTTP status; 0 when no reply came
	Header     http.Header // headers of the reply
	RequestID  string      // X-Request-Id of the reply, else its X-Correlation-Id
	Attempts   int         // how many requests the call made
	Body       []byte      // the reply as it came
}

// refusedHeaders are headers that a caller cannot set, with the reason.
var refusedHeaders = map[string]string{
	"Authorization":     "is set by the client: use WithOAuth2, WithBasicAuth or WithTokenSource",
	"Idempotency-Key":   "is unknown to the API and makes net/http send a broken request twice",
	"X-Idempotency-Key": "is unknown to the API and makes net/http send a broken request twice",
	"Connection":        "is set by net/http",
	"Upgrade":           "is not a thing of this API",
	"Trailer":           "is set by net/http",
	"Accept-Encoding":   "is set by net/http, which then decompresses the reply",
	"Content-Length":    "is set by net/http",
	"Host":              "is not taken from a header: use WithBaseURL",
	"Transfer-Encoding": "is set by net/http",
}

// WithHeader adds a header to the call, over one that the client sets. Idempotency-Key and X-Idempotency-Key are
// refused, since the API ignores them and net/http silently repeats requests that carry them. Authorization, and what
// net/http sets by itself, are refused too.
func WithHeader(name, value string) RequestOption {
	return func(c *requestConfig) error {
		switch canonical := http.CanonicalHeaderKey(name); {
		case !wire.ValidToken(name):
			return requestOptionError("WithHeader", "has a name that is no header name")
		case refusedHeaders[canonical] != "":
			return requestOptionError("WithHeader", "refuses "+canonical+", which "+refusedHeaders[canonical])
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

// WithRequestTimeout bounds each attempt of this call, instead of [WithTimeout]. The context bounds the whole call.
func WithRequestTimeout(timeout time.Duration) RequestOption {
	return func(c *requestConfig) error {
		c.timeout = timeout
		if timeout <= 0 {
			return requestOptionError("WithRequestTimeout", "must be above zero")
		}
		return nil
	}
}

// WithRequestRetry replaces the client's policy for this call. Fields left zero mean the defaults of [RetryPolicy],
// not what [WithRetry] set. The budget stays the client's: Budget is not read here.
func WithRequestRetry(policy RetryPolicy) RequestOption {
	return func(c *requestConfig) error {
		c.retry = policy.withDefaults()
		if problem := policy.problem(); problem != "" {
			return requestOptionError("WithRequestRetry", problem)
		}
		return nil
	}
}

// WithResponse fills in response with what the API answered, on success and on failure. A call whose arguments are
// refused leaves it as it is.
func WithResponse(response *Response) RequestOption {
	return func(c *requestConfig) error {
		c.response = response
		if response == nil {
			return requestOptionError("WithResponse", "the pointer is nil: pass the address of a Response")
		}
		return nil
	}
}

// WithMessageSource says which messages [MessagesService.Get], [MessagesService.Update] and [MessagesService.Delete] look
// for. Without it the choice is the platform's: [MessageSourceConversation].
func WithMessageSource(source MessageSource) RequestOption {
	return func(c *requestConfig) error {
		c.messageSource = source
		if source == "" {
			return requestOptionError("WithMessageSource", "is empty: leave the option out for the platform's choice")
		}
		return nil
	}
}

// configure applies the options of one call over the client's settings.
func (c *Client) configure(cfg *requestConfig, op operation, opts []RequestOption) error {
	cfg.timeout, cfg.retry = c.timeout, c.retry
	var problems []error
	for _, opt := range opts {
		if opt == nil {
			problems = append(problems, &ArgumentError{Operation: op.name, Field: "opts", Reason: "holds a nil option: leave it out"})
			continue
		}
		err := opt(cfg)
		if argument, ok := errors.AsType[*ArgumentError](err); ok {
			argument.Operation = op.name
		}
		if err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

func requestOptionError(option, reason string) error {
	return &ArgumentError{Field: option, Reason: reason}
}
