package conversation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"runtime"
	"strings"
	"time"

	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/wire"
)

// Client calls the Conversation API for one project. Make one with [NewClient] or [NewClientFromEnv] and share it: it
// never changes and is safe for any number of goroutines.
type Client struct {
	Messages      *MessagesService      // sends messages and reads stored ones
	Contacts      *ContactsService      // manages people and their channel identities
	Conversations *ConversationsService // manages the threads between apps and contacts
	Apps          *AppsService          // manages the senders and their channels
	Webhooks      *WebhooksService      // manages the URLs that events are sent to
	Events        *EventsService        // sends events, such as that an answer is being written, and reads stored ones
	Capability    *CapabilityService    // asks on which channels a person can be reached
	Transcoding   *TranscodingService   // shows what a message becomes on each channel

	Consents        *ConsentsService        // reads the lists of people who do not want to be texted
	ProjectSettings *ProjectSettingsService // manages what holds for all apps of the project
	Templates       *TemplatesService       // manages messages with placeholders, in several languages

	projectID        string
	projectPath      string // "/v1/projects/{project_id}" with the id filled in
	baseURL          string
	templatesURL     string // the base URL of templates
	host             string
	dialect          Dialect
	noLimitChecks    bool
	auth             authorizer
	http             doer
	base             http.RoundTripper // the transport below the middleware
	timeout          time.Duration
	retry            RetryPolicy
	budget           *retryBudget
	logger           *slog.Logger
	userAgent        string
	maxResponseBytes int64
}

// service is what all services share.
type service struct{ client *Client }

// NewClient makes a client for a project. It needs exactly one credential ([WithOAuth2], [WithBasicAuth] or
// [WithTokenSource]) and a region or base URL, and makes no network call. All problems are reported together, each an
// [*ArgumentError] that names its option and the fix.
//
// The client speaks [DialectOpenAPI] unless told otherwise: give [WithDialect] with [DialectPlatform] whenever you talk
// to Sinch itself.
func NewClient(projectID string, opts ...Option) (*Client, error) {
	cfg := newConfig()
	var problems []error
	if problem := wire.SegmentProblem(projectID); problem != "" {
		problems = append(problems, &ArgumentError{
			Operation: "NewClient", Field: "projectID", Reason: problem + ": pass the project id from the Sinch dashboard",
		})
	}
	problems = append(problems, cfg.apply("NewClient", opts)...)
	problems = append(problems, cfg.missing()...)
	base, requests, err := cfg.transport()
	if err != nil {
		problems = append(problems, err)
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return cfg.client(projectID, base, requests), nil
}

// apply runs the options and gives what is wrong with them.
func (c *config) apply(constructor string, opts []Option) []error {
	var problems []error
	for i, opt := range opts {
		if opt == nil {
			problems = append(problems, &ArgumentError{
				Operation: constructor, Field: fmt.Sprintf("option %d", i), Reason: "is nil: leave it out",
			})
			continue
		}
		if err := opt(c); err != nil {
			problems = append(problems, err)
		}
	}
	return problems
}

// missing gives what the options, each right by itself, do not add up to.
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
	if !c.hostChosen {
		problems = append(problems, optionError("WithRegion", "is missing: choose the region of your app, RegionUS, RegionEU or RegionBR"))
	}
	return problems
}

// client makes the client that a complete config describes.
func (c *config) client(projectID string, base http.RoundTripper, requests doer) *Client {
	made := &Client{
		projectID:        projectID,
		projectPath:      "/v1/projects/" + wire.EscapeSegment(projectID),
		dialect:          c.dialect,
		noLimitChecks:    c.noLimitChecks,
		http:             requests,
		base:             base,
		timeout:          c.timeout,
		retry:            c.retry.withDefaults(),
		logger:           c.logger,
		userAgent:        userAgent(c.userAgent),
		maxResponseBytes: c.maxResponseBytes,
	}
	address := cmp.Or(c.baseURL, c.region.baseURL())
	made.baseURL, made.host = address.String(), address.Host
	made.templatesURL = cmp.Or(c.templatesURL, c.baseURL, c.region.templatesURL()).String()
	made.budget = newRetryBudget(made.retry.Budget)
	made.auth = c.authorizer(made)
	shared := &service{client: made}
	made.Messages = (*MessagesService)(shared)
	made.Contacts = (*ContactsService)(shared)
	made.Conversations = (*ConversationsService)(shared)
	made.Apps = (*AppsService)(shared)
	made.Webhooks = (*WebhooksService)(shared)
	made.Events = (*EventsService)(shared)
	made.Capability = (*CapabilityService)(shared)
	made.Transcoding = (*TranscodingService)(shared)
	made.Consents = (*ConsentsService)(shared)
	made.ProjectSettings = (*ProjectSettingsService)(shared)
	made.Templates = (*TemplatesService)(shared)
	return made
}

// userAgent is this package's product with the platform it runs on, then the caller's product.
func userAgent(product string) string {
	own := fmt.Sprintf("sinchgo-conversation/%s (%s; %s/%s)", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return strings.TrimSpace(own + " " + product)
}

// CloseIdleConnections closes kept-alive connections that no call uses. With [WithHTTPClient] they belong to the
// caller's transport, which others may share.
func (c *Client) CloseIdleConnections() {
	if closer, ok := c.base.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// Do makes a call that this package has no method for. The path begins with a slash, goes below the base URL, may hold
// a query, and must already be escaped; "{project_id}" in it stands for the client's project. The value in, unless nil,
// is sent as JSON; the reply is decoded into out, a pointer, unless nil.
//
// GET, HEAD, PUT, PATCH and DELETE are repeated as idempotent calls are; other methods as those that are not. Errors
// are those of every method.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, opts ...RequestOption) error {
	target, err := c.freePath(path)
	if err != nil {
		return err
	}
	op := operation{name: "Do", method: method, route: "(free)", class: classOfMethod(method)}
	if !wire.ValidToken(method) {
		return &ArgumentError{Operation: op.name, Field: "method", Reason: "is no HTTP method: use http.MethodGet and the like"}
	}
	if out != nil && (reflect.TypeOf(out).Kind() != reflect.Pointer || reflect.ValueOf(out).IsNil()) {
		return &ArgumentError{Operation: op.name, Field: "out", Reason: "is no pointer that a reply can be decoded into: pass the address of a value, or nil"}
	}
	return c.do(ctx, &call{operation: op, path: target.EscapedPath(), query: target.RawQuery, in: in, out: out}, opts)
}

// String describes the client without its credentials.
func (c *Client) String() string {
	return fmt.Sprintf("conversation.Client{project: %s, host: %s, dialect: %s}", redact.Mask(c.projectID), c.host, c.dialect)
}

// GoString implements [fmt.GoStringer].
func (c *Client) GoString() string { return c.String() }

// Format implements [fmt.Formatter], so that no verb reaches the fields.
func (c *Client) Format(state fmt.State, verb rune) { redact.Print(state, verb, c.String()) }

// LogValue implements [slog.LogValuer].
func (c *Client) LogValue() slog.Value { return slog.StringValue(c.String()) }
