package conversation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/sinchgo/conversation/internal/auth"
	"github.com/sinchgo/conversation/internal/pace"
	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/retry"
	"github.com/sinchgo/conversation/internal/transport"
	"github.com/sinchgo/conversation/internal/wire"
)

// Client calls the Conversation API for one project. Create one with [NewClient] or [NewClientFromEnv] and share it: it is
// immutable and safe for concurrent use.
type Client struct { //nolint:recvcheck // A copy prints as the client does.
	Messages      *MessagesService      // sends messages and reads stored ones
	Contacts      *ContactsService      // manages people and their channel identities
	Conversations *ConversationsService // manages the threads between apps and contacts
	Apps          *AppsService          // manages the senders and their channels
	Webhooks      *WebhooksService      // manages the URLs that callbacks are sent to
	Events        *EventsService        // sends events, such as typing indicators, and reads stored ones
	Capability    *CapabilityService    // looks up the channels on which a person can be reached
	Transcoding   *TranscodingService   // shows what a message becomes on each channel

	Consents        *ConsentsService        // reads the lists of people who do not want to be texted
	ProjectSettings *ProjectSettingsService // manages the settings of all apps of the project
	Templates       *TemplatesService       // manages messages with placeholders, in several languages
	Batches         *BatchesService         // sends one message to many people, and creates and deletes many contacts

	*engine
}

// engine is the part of a client that its methods use. It is behind a pointer: package fmt follows the pointers of a struct
// with a verb such as %s, but only one, so that it reads nothing that a call writes.
type engine struct {
	projectID        string
	baseURL          string
	templatesURL     string // the base URL of templates
	batchURL         string // the base URL of batches; "" for a client with a base URL and no WithBatchBaseURL
	host             string
	dialect          Dialect
	noLimitChecks    bool
	basicAuth        bool // calls carry the access key itself
	auth             auth.Authorizer
	http             transport.Doer
	base             http.RoundTripper // the transport below the middleware
	timeout          time.Duration
	retry            RetryPolicy
	budget           *retry.Budget
	limiter          *pace.Limiter // nil for no limit
	logger           *slog.Logger
	observers        observers
	attempts         observers // those of them that observe attempts
	messageObservers []MessageObserver
	userAgent        string
	maxResponseBytes int64
	options          []Option // as passed, for With
}

// service is the common part of all services.
type service struct{ client *Client }

// NewClient returns a client for a project. It requires exactly one credential ([WithOAuth2], [WithBasicAuth] or
// [WithTokenSource]) and a region or base URL, and makes no network call. All problems are reported together, each as an
// [*ArgumentError] that names its option and the fix.
//
// A client with a region calls Sinch itself, so its default dialect is [DialectPlatform]. That of a client with only a base
// URL is [DialectOpenAPI]. [WithDialect] overrides both.
func NewClient(projectID string, opts ...Option) (*Client, error) {
	cfg := newConfig()
	var problems []error
	if problem := projectIDProblem(projectID); problem != "" {
		problems = append(problems, &ArgumentError{Operation: "NewClient", Field: "projectID", Reason: problem})
	}
	problems = append(problems, applyOptions("NewClient", cfg, opts)...)
	cfg.options = slices.Clone(opts)
	return cfg.build(projectID, problems)
}

// With returns a client for the same project with the options of c and then opts. A credential in opts replaces that of c,
// and so does any other setting; middleware and observers are added. A base URL of c holds over a region in opts. The
// clients share connections, but neither access tokens nor the budget of retries.
//
// Use it to call another region, or with another key. A setting for one call is a [RequestOption].
func (c *Client) With(opts ...Option) (*Client, error) {
	cfg := newConfig()
	problems := applyOptions("With", cfg, c.options)
	before := cfg.credentials
	cfg.credentials = nil
	problems = append(problems, applyOptions("With", cfg, opts)...)
	if len(cfg.credentials) == 0 {
		cfg.credentials = before[len(before)-1:] // c may come from With
	}
	cfg.options = slices.Concat(c.options, opts)
	return cfg.build(c.projectID, problems)
}

// build returns the client of a config, unless there are problems.
func (c *config) build(projectID string, problems []error) (*Client, error) {
	problems = append(problems, c.missing()...)
	base, requests, err := c.transport()
	if err != nil {
		problems = append(problems, err)
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return c.client(projectID, base, requests), nil
}

// projectIDProblem returns what is wrong with a project id and the fix, or "".
func projectIDProblem(projectID string) string {
	if problem := wire.SegmentProblem(projectID); problem != "" {
		return problem + ": pass the project id from the Sinch dashboard"
	}
	return wire.CredentialProblem(projectID)
}

// missing returns what the options, each valid by itself, lack or contradict.
func (c *config) missing() []error {
	var problems []error
	switch len(c.credentials) {
	case 0:
		problems = append(problems, optionError("credentials", "are missing: use WithOAuth2, WithBasicAuth or WithTokenSource"))
	case 1:
	default:
		names := make([]string, len(c.credentials))
		for i, given := range c.credentials {
			names[i] = given.option
		}
		problems = append(problems, optionError("credentials", "are given more than once, by "+strings.Join(names, " and ")+": keep one"))
	}
	problems = append(problems, c.insecureProblems()...)
	if !c.hostChosen {
		problems = append(problems, optionError("WithRegion", "is missing: choose the region of your app, RegionUS, RegionEU or RegionBR"))
	}
	return problems
}

// client returns the client of a complete config.
func (c *config) client(projectID string, base http.RoundTripper, requests transport.Doer) *Client {
	client := &Client{engine: &engine{
		projectID:        projectID,
		dialect:          c.chosenDialect(),
		noLimitChecks:    c.noLimitChecks,
		basicAuth:        c.credentials[0].option == "WithBasicAuth",
		http:             requests,
		base:             base,
		timeout:          c.timeout,
		retry:            c.retry.withDefaults(),
		logger:           c.logger,
		observers:        c.observers,
		attempts:         c.attempts,
		messageObservers: c.messageObservers,
		userAgent:        userAgent(c.userAgent),
		maxResponseBytes: c.maxResponseBytes,
		options:          c.options,
	}}
	address := cmp.Or(c.baseURL, c.region.baseURL())
	client.baseURL, client.host = address.String(), address.Host
	client.templatesURL = cmp.Or(c.templatesURL, c.baseURL, c.region.templatesURL()).String()
	if batches := cmp.Or(c.batchURL, c.regionBatchURL()); batches != nil {
		client.batchURL = batches.String()
	}
	client.budget = retry.NewBudget(client.retry.Budget)
	if c.perSecond > 0 {
		client.limiter = pace.NewLimiter(c.perSecond)
	}
	client.auth = c.authorizer(client)
	shared := &service{client: client}
	client.Messages = (*MessagesService)(shared)
	client.Contacts = (*ContactsService)(shared)
	client.Conversations = (*ConversationsService)(shared)
	client.Apps = (*AppsService)(shared)
	client.Webhooks = (*WebhooksService)(shared)
	client.Events = (*EventsService)(shared)
	client.Capability = (*CapabilityService)(shared)
	client.Transcoding = (*TranscodingService)(shared)
	client.Consents = (*ConsentsService)(shared)
	client.ProjectSettings = (*ProjectSettingsService)(shared)
	client.Templates = (*TemplatesService)(shared)
	client.Batches = (*BatchesService)(shared)
	return client
}

// userAgent returns the User-Agent header: this package with its version and platform, then the caller's product.
func userAgent(product string) string {
	own := fmt.Sprintf("sinchgo-conversation/%s (%s; %s/%s)", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return strings.TrimSpace(own + " " + product)
}

// CloseIdleConnections closes idle keep-alive connections. Clients share them: those that were created without
// [WithHTTPClient] use one transport of this package, and the others that of their http.Client. So it is not needed when a
// client is dropped. Connections that were idle for 30 seconds are closed by themselves.
func (c *Client) CloseIdleConnections() {
	if closer, ok := c.base.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

var opWarm = operation{name: "Warm", method: http.MethodHead, route: "/", class: classReadOnly}

// Warm fetches an access token and opens a connection to the API, both concurrently. A first call over TLS waits for six round
// trips; after Warm, it waits for one. Call Warm where a process has time, such as in the init phase of a function or before
// a readiness probe succeeds. A command that sends immediately saves two of the six.
//
// An idle connection is kept for 30 seconds without [WithHTTPClient], and the token for its lifetime. Warm may be called again,
// and concurrently.
//
// Warm connects by a HEAD request for the base URL, without credentials, and any response will do. The request passes the
// middleware and is bounded by [WithTimeout]. It is not retried, not limited by [WithRateLimit] and not shown to an [Observer].
// Warm does not connect to the hosts of templates and batches.
//
// Returns [*AuthError] if no token is available and [*TransportError] if there is no response, joined if both. The client can
// be used all the same: its next call fetches the token and connects.
func (c *Client) Warm(ctx context.Context) error {
	if ctx == nil {
		return nilContext(opWarm)
	}
	unauthorized := make(chan error, 1)
	go func() {
		_, failure := c.auth.Token(ctx)
		if failure != nil {
			unauthorized <- newAuthError(opWarm.name, failure)
		}
		close(unauthorized)
	}()
	unreachable := c.dial(ctx)
	return errors.Join(unreachable, <-unauthorized)
}

// dial opens a connection to the API, unless there is one.
func (c *Client) dial(ctx context.Context) error {
	info := opWarm.info()
	_, failure := transport.Exchange(ctx, c.http, &transport.Request{
		Method:     opWarm.method,
		URL:        c.baseURL,
		Header:     http.Header{"User-Agent": {c.userAgent}},
		Timeout:    c.timeout,
		MaxBytes:   transport.MaxErrorBytes,
		Replayable: true,
		Attempt:    transport.Attempt{Call: &info, Number: 1},
	})
	if failure == nil {
		return nil
	}
	return &TransportError{Operation: opWarm.name, Attempts: 1, Err: failure.Err, host: transport.HostOf(c.baseURL), notSent: true}
}

// ProjectID returns the id of the project that c calls.
func (c *Client) ProjectID() string { return c.projectID }

// BaseURL returns the address that c sends calls to, such as https://eu.conversation.api.sinch.com. Templates and batches have
// addresses of their own.
func (c *Client) BaseURL() string { return c.baseURL }

// String describes the client without its credentials. It, and the methods below, have value receivers: a copy of a client
// prints the same, also while the client is in use.
func (c Client) String() string {
	if c.engine == nil {
		return "conversation.Client{}"
	}
	return fmt.Sprintf("conversation.Client{project: %s, host: %s, dialect: %s}", redact.ID(c.projectID), c.host, c.dialect)
}

// GoString implements [fmt.GoStringer].
func (c Client) GoString() string { return c.String() }

// Format implements [fmt.Formatter], so that no verb reaches the fields.
func (c Client) Format(state fmt.State, verb rune) { redact.Print(state, verb, c.String()) }

// LogValue implements [slog.LogValuer].
func (c Client) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Version is the version of this module. The User-Agent header of every request contains it.
const Version = "0.1.0"
