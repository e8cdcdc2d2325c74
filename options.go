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

// Option sets up a [Client]. Options are checked by [NewClient], which reports all problems together.
type Option func(*config) error

// Middleware wraps the transport of a [Client]. It sees each attempt of each call, with its Authorization header, and
// no token requests. The first middleware given is the outermost: it sees a request first and its response last.
type Middleware func(next http.RoundTripper) http.RoundTripper

const (
	defaultTokenURL         = "https://auth.sinch.com/oauth2/token" //nolint:gosec // An address, not a credential.
	defaultTimeout          = 30 * time.Second
	defaultMaxResponseBytes = 32 << 20
)

// config is what the options fill in.
type config struct {
	credentials      []credential
	region           Region
	hostChosen       bool // a region or base URL was given, right or wrong
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

// credential is one way to authorize calls, with the name of the option that gave it.
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

// WithOAuth2 authorizes calls by OAuth2 client credentials, with the id and secret of an access key. Access tokens are
// fetched when first needed, kept, and renewed before they expire.
func WithOAuth2(keyID, keySecret string) Option {
	return withKey("WithOAuth2", keyID, keySecret)
}

// WithBasicAuth authorizes calls by HTTP basic authentication, with the id and secret of an access key. The platform
// means it for trials and limits it to a low rate.
func WithBasicAuth(keyID, keySecret string) Option {
	return withKey("WithBasicAuth", keyID, keySecret)
}

func withKey(option, keyID, keySecret string) Option {
	return func(c *config) error {
		c.credentials = append(c.credentials, credential{option: option, keyID: keyID, keySecret: redact.NewSecret(keySecret)})
		if option == "WithBasicAuth" && strings.Contains(keyID, ":") {
			return optionError(option, "has a key id with a colon, which basic authentication cannot carry: copy it again")
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

// keyProblem says what is wrong with a key id or secret, without showing it.
func keyProblem(text string) string {
	if text == "" {
		return "is empty: create an access key in the Sinch dashboard"
	}
	for _, char := range text {
		if char <= ' ' || char == 0x7f {
			return "holds white space or a control character: copy it again"
		}
	}
	return ""
}

// WithTokenSource authorizes calls with the caller's own access tokens. The source is asked before each call, so it
// should keep its tokens, as [oauth2.ReuseTokenSource] does; it is never asked twice at the same time. While it blocks,
// calls wait until their contexts end, so it should have a timeout of its own.
func WithTokenSource(source oauth2.TokenSource) Option {
	return func(c *config) error {
		c.credentials = append(c.credentials, credential{option: "WithTokenSource", tokenSource: source})
		if source == nil {
			return optionError("WithTokenSource", "has no source: pass an oauth2.TokenSource")
		}
		return nil
	}
}

// WithRegion chooses the region of the app. A region or a base URL is required.
func WithRegion(region Region) Option {
	return func(c *config) error {
		c.region = region
		c.hostChosen = true
		if !region.known() {
			return optionError("WithRegion", "is no known region: use RegionUS, RegionEU or RegionBR")
		}
		return nil
	}
}

// WithBaseURL sends calls to another address than the region's, such as a proxy or a fake server. It must be an
// absolute https URL; http is taken for loopback hosts only. A path in it is kept as a prefix. Calls of templates go there
// too, unless [WithTemplatesBaseURL] leads elsewhere.
func WithBaseURL(address string) Option {
	return func(c *config) error {
		parsed, err := parseEndpoint("WithBaseURL", address)
		c.baseURL = parsed
		c.hostChosen = true
		return err
	}
}

// WithTemplatesBaseURL sends calls of [TemplatesService] to another address than the host that the region has for
// templates. The rules of [WithBaseURL] hold. It chooses no region.
func WithTemplatesBaseURL(address string) Option {
	return func(c *config) error {
		parsed, err := parseEndpoint("WithTemplatesBaseURL", address)
		c.templatesURL = parsed
		return err
	}
}

// WithTokenURL fetches access tokens from another address than https://auth.sinch.com/oauth2/token. The rules of
// [WithBaseURL] hold.
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

// WithHTTPClient makes calls, and token requests, with the caller's transport, timeout and cookies. The client is
// copied, never changed, and the copy follows no redirects.
func WithHTTPClient(client *http.Client) Option {
	return func(c *config) error {
		c.httpClient = client
		if client == nil {
			return optionError("WithHTTPClient", "has no client: leave the option out for the default")
		}
		return nil
	}
}

// WithTimeout bounds each attempt of a call, from connecting to the last byte of the reply. The default is 30 s. The
// context of a call bounds the whole of it.
func WithTimeout(timeout time.Duration) Option {
	return func(c *config) error {
		c.timeout = timeout
		if timeout <= 0 {
			return optionError("WithTimeout", "must be above zero")
		}
		return nil
	}
}

// WithRetry changes when and how often failed calls are repeated. See [RetryPolicy].
func WithRetry(policy RetryPolicy) Option {
	return func(c *config) error {
		c.retry = policy
		if problem := policy.problem(); problem != "" {
			return optionError("WithRetry", problem)
		}
		return nil
	}
}

// WithLogger logs each attempt at debug level and each repeat at warn level. Records hold the operation, its route and the
// text of an error, which is masked as [Error] says; never ids, bodies, headers or credentials. By default nothing is
// logged.
func WithLogger(logger *slog.Logger) Option {
	return func(c *config) error {
		if logger == nil {
			return optionError("WithLogger", "has no logger: leave the option out to log nothing")
		}
		c.logger = logger
		return nil
	}
}

// WithMiddleware wraps the transport. See [Middleware] for what it sees and in which order.
func WithMiddleware(middleware ...Middleware) Option {
	return func(c *config) error {
		for i, m := range middleware {
			if m == nil {
				return optionError("WithMiddleware", fmt.Sprintf("has nil at index %d: leave it out", i))
			}
		}
		c.middleware = append(c.middleware, middleware...)
		return nil
	}
}

// WithUserAgent adds the caller's product, such as "shop/1.4", to the User-Agent header.
func WithUserAgent(product string) Option {
	return func(c *config) error {
		c.userAgent = product
		if !wire.ValidHeaderValue(product) {
			return optionError("WithUserAgent", "holds a control character or a line break")
		}
		return nil
	}
}

// WithDialect chooses what goes on the wire where openapi.yaml and the live platform differ. See [Dialect].
func WithDialect(dialect Dialect) Option {
	return func(c *config) error {
		c.dialect = dialect
		c.dialectChosen = true
		if dialect != DialectOpenAPI && dialect != DialectPlatform {
			return optionError("WithDialect", "is no known dialect: use DialectOpenAPI or DialectPlatform")
		}
		return nil
	}
}

// WithoutLimitChecks sends requests that are larger than the platform takes as far as this package knows, such as a card
// with eleven choices. Without it these are refused before anything is sent, as an [*ArgumentError]. It is for the day on
// which the platform takes more. With [DialectOpenAPI], which states no limits, there are no such checks.
func WithoutLimitChecks() Option {
	return func(c *config) error {
		c.noLimitChecks = true
		return nil
	}
}

// WithMaxResponseBytes bounds the size of a reply, after decompression. The default is 32 MiB. A larger reply is an
// [*Error].
func WithMaxResponseBytes(limit int64) Option {
	return func(c *config) error {
		c.maxResponseBytes = min(limit, math.MaxInt64-1) // one more byte is read, to see that there is one
		if limit <= 0 {
			return optionError("WithMaxResponseBytes", "must be above zero")
		}
		return nil
	}
}

// optionError is an ArgumentError of an option. It never holds the value, which may be a secret.
func optionError(option, reason string) error {
	return &ArgumentError{Operation: "NewClient", Field: option, Reason: reason}
}
