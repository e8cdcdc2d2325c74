package conversation

import (
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/wire"
)

// Option configures a [Client]. [NewClient] checks the options and reports all problems together.
type Option func(*config) error

// Middleware wraps the transport of a [Client]. It sees each attempt of each call, with its Authorization header, but
// no token requests. The first middleware is the outermost: it sees a request first and its response last.
type Middleware func(next http.RoundTripper) http.RoundTripper

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
	tokenURL         *url.URL
	tokenURLChosen   bool
	httpClient       *http.Client
	timeout          time.Duration
	retry            RetryPolicy
	logger           *slog.Logger
	middleware       []Middleware
	userAgent        string
	dialect          Dialect
	dialectChosen    bool
	noLimitChecks    bool
	maxResponseBytes int64
}

// credential is one way to authorize calls, with the name of its option.
type credential struct {
	option      string
	keyID       string
	keySecret   redact.Secret
	tokenSource oauth2.TokenSource
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

// WithOAuth2 authorizes calls with OAuth2 client credentials: the id and secret of an access key. The client fetches an
// access token when it is first needed, caches it, and renews it before it expires.
func WithOAuth2(keyID, keySecret string) Option {
	return withKey("WithOAuth2", keyID, keySecret)
}

// WithBasicAuth authorizes calls with HTTP basic authentication: the id and secret of an access key. The platform
// intends it for trials and limits it to a low rate.
func WithBasicAuth(keyID, keySecret string) Option {
	return withKey("WithBasicAuth", keyID, keySecret)
}

func withKey(option, keyID, keySecret string) Option {
	return func(c *config) error {
		c.credentials = append(c.credentials, credential{option: option, keyID: keyID, keySecret: redact.NewSecret(keySecret)})
		if option == "WithBasicAuth" && strings.Contains(keyID, ":") {
			return optionError(option, "has a key id with a colon, which basic authentication does not allow: copy it again")
		}
		if problem := keyProblem(keyID); problem != "" {
			return optionError(option, "has a key id that "+problem)
		}
		if problem := keyProblem(keySecret); problem != "" {
			return optionError(option, "has a key secret that "+problem)
		}
		return nil
	}
}

// keyProblem describes what is wrong with a key id or secret, without showing it.
func keyProblem(text string) string {
	if text == "" {
		return "is empty: create an access key in the Sinch dashboard"
	}
	for _, char := range text {
		if char <= ' ' || char == 0x7f {
			return "contains white space or a control character: copy it again"
		}
	}
	return ""
}

// WithTokenSource authorizes calls with access tokens of the caller. The client calls Token before each call of the API,
// so source should cache its tokens, as [oauth2.ReuseTokenSource] does. Token is never called concurrently. While it
// blocks, calls wait until their contexts end, so it should have a timeout.
func WithTokenSource(source oauth2.TokenSource) Option {
	return func(c *config) error {
		c.credentials = append(c.credentials, credential{option: "WithTokenSource", tokenSource: source})
		if source == nil {
			return optionError("WithTokenSource", "has a nil source: pass an oauth2.TokenSource")
		}
		return nil
	}
}

// WithRegion sets the region of the app. A region or a base URL is required. A client with a region speaks
// [DialectPlatform], unless [WithDialect] sets another.
func WithRegion(region Region) Option {
	return func(c *config) error {
		c.region = region
		c.hostChosen = true
		if !region.known() {
			return optionError("WithRegion", "is not a known region: use RegionUS, RegionEU or RegionBR")
		}
		return nil
	}
}

// WithBaseURL sends calls to an address other than the region's, such as a proxy or a fake server. The address must be an
// absolute https URL; http is accepted for loopback hosts only. Its path becomes a prefix. It applies to
// [TemplatesService] too, unless [WithTemplatesBaseURL] is set.
func WithBaseURL(address string) Option {
	return func(c *config) error {
		parsed, err := parseEndpoint("WithBaseURL", address)
		c.baseURL = parsed
		c.hostChosen = true
		return err
	}
}

// WithTemplatesBaseURL sends calls of [TemplatesService] to an address other than the region's host for templates. The
// rules of [WithBaseURL] apply. It does not replace [WithRegion].
func WithTemplatesBaseURL(address string) Option {
	return func(c *config) error {
		parsed, err := parseEndpoint("WithTemplatesBaseURL", address)
		c.templatesURL = parsed
		return err
	}
}

// WithTokenURL sets the address that access tokens are fetched from. The default is
// https://auth.sinch.com/oauth2/token. The rules of [WithBaseURL] apply.
func WithTokenURL(address string) Option {
	return func(c *config) error {
		parsed, err := parseEndpoint("WithTokenURL", address)
		c.tokenURLChosen = true
		if err == nil {
			c.tokenURL = parsed
		}
		return err
	}
}

// WithHTTPClient sends calls and token requests with the transport, timeout and cookie jar of client. The client is
// copied, not modified, and the copy does not follow redirects.
func WithHTTPClient(client *http.Client) Option {
	return func(c *config) error {
		c.httpClient = client
		if client == nil {
			return optionError("WithHTTPClient", "has a nil client: leave the option out for the default")
		}
		return nil
	}
}

// WithTimeout limits the duration of each attempt of a call, from connecting to the last byte of the response. The
// default is 30 seconds. The context of a call limits the whole call, including retries.
func WithTimeout(timeout time.Duration) Option {
	return func(c *config) error {
		c.timeout = timeout
		if timeout <= 0 {
			return optionError("WithTimeout", "must be above zero")
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

// WithLogger logs each attempt at debug level and each retry at warn level. Records hold the operation, its route and
// the error, masked as described at [Error]. They never hold ids, bodies, headers or credentials. By default nothing is
// logged.
func WithLogger(logger *slog.Logger) Option {
	return func(c *config) error {
		if logger == nil {
			return optionError("WithLogger", "has a nil logger: leave the option out to log nothing")
		}
		c.logger = logger
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
			return optionError("WithDialect", "is not a known dialect: use DialectOpenAPI or DialectPlatform")
		}
		return nil
	}
}

// WithoutLimitChecks disables the check of the platform's size limits, such as ten choices on a card. By default a
// request above a limit returns an [*ArgumentError] and is not sent. Use it when the platform has raised a limit that this
// version still enforces. [DialectOpenAPI] has no limits to check.
func WithoutLimitChecks() Option {
	return func(c *config) error {
		c.noLimitChecks = true
		return nil
	}
}

// WithMaxResponseBytes limits the size of a response after decompression. The default is 32 MiB. A larger response
// returns an [*Error].
func WithMaxResponseBytes(limit int64) Option {
	return func(c *config) error {
		c.maxResponseBytes = min(limit, math.MaxInt64-1) // reading one byte more detects a larger one
		if limit <= 0 {
			return optionError("WithMaxResponseBytes", "must be above zero")
		}
		return nil
	}
}

// optionError returns an ArgumentError for an option. It never holds the value, which may be a secret.
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
