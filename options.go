package conversation

import (
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/sinchgo/conversation/internal/wire"
)

// Option configures a [Client]. [NewClient] checks the options and reports all problems together.
type Option func(*config) error

const (
	defaultTokenURL         = "https://auth.sinch.com/oauth2/token" //nolint:gosec // An address, not a credential.
	defaultTimeout          = 30 * time.Second
	defaultMaxResponseBytes = 32 << 20
)

// config holds what the options set.
type config struct {
	credentials      []credential
	region           Region
	hostChosen       bool // a region or base URL was passed, valid or not
	baseURL          *url.URL
	templatesURL     *url.URL
	batchURL         *url.URL
	tokenURL         *url.URL
	tokenURLChosen   bool
	httpClient       *http.Client
	timeout          time.Duration
	retry            RetryPolicy
	logger           *slog.Logger
	middleware       []Middleware
	observers        observers
	attempts         observers // those of them that observe attempts
	messageObservers []MessageObserver
	userAgent        string
	dialect          Dialect
	dialectChosen    bool
	insecureHTTP     bool
	perSecond        float64          // rate limit; 0 for none
	insecure         []*ArgumentError // addresses that require insecureHTTP
	noLimitChecks    bool
	maxResponseBytes int64
	options          []Option // as passed to NewClient and With
}

func newConfig() *config {
	token, _ := url.Parse(defaultTokenURL)
	return &config{
		tokenURL:         token,
		timeout:          defaultTimeout,
		logger:           slog.New(slog.DiscardHandler),
		maxResponseBytes: defaultMaxResponseBytes,
	}
}

// WithRegion sets the region of the app. A region or a base URL is required. A client with a region speaks
// [DialectPlatform], unless [WithDialect] sets another. The region is read as by [ParseRegion].
func WithRegion(region Region) Option {
	return func(c *config) error {
		c.hostChosen = true
		parsed, ok := parseRegion(string(region))
		if !ok {
			return optionError("WithRegion", regionProblem(string(region))+": use RegionUS, RegionEU or RegionBR")
		}
		c.region = parsed
		return nil
	}
}

// WithBaseURL sends calls to an address other than the region's, such as a proxy or a fake server. The address must be
// an absolute https URL; http is accepted for loopback hosts only, unless [WithInsecureHTTP] is set. Its path becomes a
// prefix. It applies to [TemplatesService] too, unless [WithTemplatesBaseURL] is set, but never to [BatchesService],
// whose paths mean something else there: such a client has batches only with [WithBatchBaseURL].
func WithBaseURL(address string) Option {
	return func(c *config) error {
		parsed, err := c.endpoint("WithBaseURL", address)
		c.baseURL = parsed
		c.hostChosen = true
		return err
	}
}

// WithTemplatesBaseURL sends calls of [TemplatesService] to an address other than the region's host for templates. The
// rules of [WithBaseURL] apply. It does not replace [WithRegion].
func WithTemplatesBaseURL(address string) Option {
	return func(c *config) error {
		parsed, err := c.endpoint("WithTemplatesBaseURL", address)
		c.templatesURL = parsed
		return err
	}
}

// WithBatchBaseURL sends calls of [BatchesService] to an address other than the region's host for batches. The rules of
// [WithBaseURL] apply. It does not replace [WithRegion].
func WithBatchBaseURL(address string) Option {
	return func(c *config) error {
		parsed, err := c.endpoint("WithBatchBaseURL", address)
		c.batchURL = parsed
		return err
	}
}

// WithTokenURL sets the address that access tokens are fetched from. The default is
// https://auth.sinch.com/oauth2/token. The rules of [WithBaseURL] apply.
func WithTokenURL(address string) Option {
	return func(c *config) error {
		parsed, err := c.endpoint("WithTokenURL", address)
		c.tokenURLChosen = true
		if err == nil {
			c.tokenURL = parsed
		}
		return err
	}
}

// WithTimeout limits the duration of each attempt of a call, from connecting to the last byte of the response. The
// default is 30 seconds. The context of a call limits the whole call, including retries.
func WithTimeout(timeout time.Duration) Option {
	return func(c *config) error {
		c.timeout = timeout
		if timeout <= 0 {
			return optionError("WithTimeout", fmt.Sprintf("is %s: it must be above zero", timeout))
		}
		return nil
	}
}

// WithRetry sets when and how often failed calls are retried. See [RetryPolicy].
func WithRetry(policy RetryPolicy) Option {
	return func(c *config) error {
		c.retry = policy
		if problem := policy.problem(); problem != "" {
			return optionError("WithRetry", problem)
		}
		return nil
	}
}

// WithLogger logs each attempt at debug level, each retry at warn level, and each call that is not idempotent and has
// [OutcomeUnknown] at error level. By default nothing is logged.
//
// Records have the attributes operation, method, route, attempt, status_code, duration, request_id, outcome and error,
// as far as they are known; those of retries have delay too. docs/observability.md describes them. They never hold ids
// of yours, bodies, headers or credentials, and errors are masked as described at [Error]. A handler receives the
// context of the call, as the last [Observer] returned it.
func WithLogger(logger *slog.Logger) Option {
	return func(c *config) error {
		if logger == nil {
			return optionError("WithLogger", "has a nil logger: leave the option out to log nothing")
		}
		c.logger = logger
		return nil
	}
}

// WithUserAgent adds a product of the caller, such as "shop/1.4", to the User-Agent header.
func WithUserAgent(product string) Option {
	return func(c *config) error {
		c.userAgent = product
		if !wire.ValidHeaderValue(product) {
			return optionError("WithUserAgent", "contains a control character or a line break")
		}
		return nil
	}
}

// WithDialect sets the wire format for what openapi.yaml and the live platform define differently. See [Dialect]. The
// default is [DialectPlatform] for a client with a region, and [DialectOpenAPI] for one with only a base URL.
func WithDialect(dialect Dialect) Option {
	return func(c *config) error {
		c.dialect = dialect
		c.dialectChosen = true
		if dialect != DialectOpenAPI && dialect != DialectPlatform {
			return optionError("WithDialect", fmt.Sprintf("is %d, which is not a dialect: use DialectOpenAPI or DialectPlatform", int(dialect)))
		}
		return nil
	}
}

// WithoutLimitChecks disables the check of the platform's size limits, such as ten choices on a card, and of phone
// numbers: the identity on SMS, MMS, RCS, WhatsApp and Viber Business is 7 to 15 digits with a country code, and a plus
// sign or none. By default a request outside a limit returns an [*ArgumentError] and is not sent. Use it when the
// platform has raised a limit that this version still enforces. [DialectOpenAPI] has no limits to check.
func WithoutLimitChecks() Option {
	return func(c *config) error {
		c.noLimitChecks = true
		return nil
	}
}

// WithMaxResponseBytes limits the size of a response after decompression. The default is 32 MiB. A larger response
// returns an [*Error]. gzip and deflate are decompressed even if the server did not announce them.
func WithMaxResponseBytes(limit int64) Option {
	return func(c *config) error {
		c.maxResponseBytes = min(limit, math.MaxInt64-1) // reading one byte more detects a larger one
		if limit <= 0 {
			return optionError("WithMaxResponseBytes", fmt.Sprintf("is %d: it must be above zero", limit))
		}
		return nil
	}
}

// quoted returns a value of the caller that is neither a secret nor a person's identity, for an error. It is cut, since a
// long one was meant for something else.
func quoted(value string) string {
	const longest = 16
	if runes := []rune(value); len(runes) > longest {
		value = string(runes[:longest]) + "..."
	}
	return strconv.Quote(value)
}

// optionError returns an ArgumentError for an option. Its reason never holds a secret.
func optionError(option, reason string) error {
	return &ArgumentError{Operation: "NewClient", Field: option, Reason: reason}
}

// applyOptions applies options to cfg. It returns an error for each one that is nil or fails.
func applyOptions[C any, O ~func(*C) error](operation string, cfg *C, options []O) []error {
	var problems []error
	for i, option := range options {
		if option == nil {
			problems = append(problems, &ArgumentError{
				Operation: operation, Field: fmt.Sprintf("option %d", i), Reason: "is nil: leave it out",
			})
		} else if err := option(cfg); err != nil {
			problems = append(problems, err)
		}
	}
	return problems
}

// Middleware wraps the transport of a [Client]. It sees each attempt of each call, with its Authorization header, but
// no token requests. [CallFromContext] returns the call of a request. The first middleware is the outermost: it sees a
// request first and its response last.
type Middleware func(next http.RoundTripper) http.RoundTripper

// WithHTTPClient sends calls and token requests with the transport, timeout and cookie jar of client. The client is
// copied, not modified, and the copy does not follow redirects.
//
// The settings of its transport apply: the HTTP/2 pings, the idle timeout and the number of idle connections that the
// default has are then up to the caller. docs/connections.md has a recipe. Without this option, all clients share one
// transport, a copy of [http.DefaultTransport] with those settings.
//
// Warning: client must not retry requests, as that of go-retryablehttp does, nor may its transport. It would send a
// message again that may have been sent, and a person would get it more than once. This package retries what can be
// retried safely.
func WithHTTPClient(client *http.Client) Option {
	return func(c *config) error {
		c.httpClient = client
		if client == nil {
			return optionError("WithHTTPClient", "has a nil client: leave the option out for the default")
		}
		return nil
	}
}

// WithMiddleware wraps the transport. See [Middleware] for what a middleware sees, and for the order.
func WithMiddleware(middleware ...Middleware) Option {
	return func(c *config) error {
		for i, m := range middleware {
			if m == nil {
				return optionError("WithMiddleware", fmt.Sprintf("is nil at index %d: leave it out", i))
			}
		}
		c.middleware = append(c.middleware, middleware...)
		return nil
	}
}

// WithRateLimit limits the API requests of the client, retries included, to a number per second, evenly spaced. Token
// requests do not count. A call waits for its turn before each attempt, outside the time of [WithTimeout]. If its
// context ends first, or its deadline would pass before its turn, it returns a [*TransportError] and the request was
// not sent. The limit is that of one client: processes and clients do not share it. [SendManyOptions] PerSecond can
// only slow it down further.
func WithRateLimit(perSecond float64) Option {
	return func(c *config) error {
		c.perSecond = perSecond
		if perSecond <= 0 || math.IsNaN(perSecond) || math.IsInf(perSecond, 1) {
			return optionError("WithRateLimit", fmt.Sprintf("is %v: pass a number above zero, or leave the option out for no limit", perSecond))
		}
		return nil
	}
}
