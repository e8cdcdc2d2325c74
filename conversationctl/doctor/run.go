package doctor

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sinchgo/conversation"
)

// patience is how long a request may take.
const patience = 10 * time.Second

// examination is one Run.
type examination struct {
	client *conversation.Client // without retries
	now    func() time.Time     // the API's time, as far as it is known
	opts   Options
	web    *http.Client // for targets and CallbackURL
	basic  atomic.Bool  // calls carry the access key itself, by WithBasicAuth
}

// Run makes the checks and returns their findings, worst first and else in the order of the checks. What depends on a check
// that failed is left out, so that the first finding names the cause. Nothing is retried, and no request takes longer than 10
// seconds.
//
// The error is that of ctx, or of a client that is nil. Failures of the API are findings.
func Run(ctx context.Context, client *conversation.Client, opts Options) ([]Finding, error) {
	e, err := newExamination(client, opts)
	if err != nil {
		return nil, err
	}
	findings := e.run(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	sortFindings(findings)
	return findings, nil
}

func newExamination(client *conversation.Client, opts Options) (*examination, error) {
	if client == nil {
		return nil, errors.New("doctor: the client is nil: create it with conversation.NewClientFromEnv")
	}
	e := &examination{opts: opts, web: &http.Client{}}
	e.opts.AppID = strings.TrimSpace(opts.AppID)
	if strings.TrimSpace(opts.WebhookSecret) == "" {
		e.opts.WebhookSecret = ""
	}
	if opts.Triggers == nil {
		e.opts.Triggers = []conversation.WebhookTrigger{conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery}
	}
	if opts.Clock == nil {
		e.opts.Clock = time.Now
	}
	e.now = e.opts.Clock
	if opts.HTTPClient != nil {
		*e.web = *opts.HTTPClient
	}
	e.web.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	e.web.Timeout = cmp.Or(min(e.web.Timeout, patience), patience)
	var err error
	e.client, err = client.With(
		conversation.WithRetry(conversation.NoRetry),
		conversation.WithTimeout(patience),
		conversation.WithMiddleware(e.watchScheme),
	)
	return e, err
}

func (e *examination) run(ctx context.Context) []Finding {
	first := e.firstCall(ctx)
	if ahead, known := first.ahead(); known {
		e.now = func() time.Time { return e.opts.Clock().Add(-ahead) }
	}
	findings := e.access(ctx, first)
	app, located := e.locate(ctx, first)
	return slices.Concat(
		findings,
		located,
		e.app(app),
		e.channels(app),
		concurrently(
			func() []Finding { return e.webhooks(ctx, app) },
			func() []Finding { return e.callback(ctx, app) },
		),
		clock(first),
		e.versions(),
	)
}

// concurrently calls functions at the same time, and returns their findings in order.
func concurrently(checks ...func() []Finding) []Finding {
	found := make([][]Finding, len(checks))
	var running sync.WaitGroup
	for i, check := range checks {
		running.Go(func() { found[i] = check() })
	}
	running.Wait()
	return slices.Concat(found...)
}

// firstCall is the outcome of the first call of the API: the app, or all apps if none is chosen.
type firstCall struct {
	app          *conversation.App
	apps         []conversation.App
	err          error
	response     conversation.Response
	began, ended time.Time
}

func (e *examination) firstCall(ctx context.Context) firstCall {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	first := firstCall{began: e.opts.Clock()}
	if e.opts.AppID != "" {
		first.app, first.err = e.client.Apps.Get(ctx, e.opts.AppID, conversation.WithResponse(&first.response))
	} else {
		first.apps, first.err = listApps(ctx, e.client, conversation.WithResponse(&first.response))
	}
	first.ended = e.opts.Clock()
	return first
}

func listApps(ctx context.Context, client *conversation.Client, opts ...conversation.RequestOption) ([]conversation.App, error) {
	list, err := client.Apps.List(ctx, opts...)
	if err != nil {
		return nil, err
	}
	return list.Apps, nil
}

// watchScheme notes whether calls use basic authentication.
func (e *examination) watchScheme(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		e.basic.Store(strings.HasPrefix(req.Header.Get("Authorization"), "Basic "))
		return next.RoundTrip(req)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip implements [http.RoundTripper].
func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
