package auth

import (
	"context"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/retry"
	"github.com/sinchgo/conversation/internal/transport"
)

// tokenLimitDelay bounds the wait after a 429 of the token endpoint. Its rate limit is a bucket of 30 that refills by 10 a
// second, and it sends no Retry-After.
const tokenLimitDelay = 5 * time.Second

// Fetcher fetches access tokens by OAuth2 client credentials. Its calls must not be concurrent; a [Cache] makes one at a time.
type Fetcher struct {
	KeyID     string
	KeySecret redact.Secret
	TokenURL  string
	HTTP      transport.Doer // see TokenClient
	Timeout   time.Duration  // of one token request
	Policy    retry.Policy
	Budget    *retry.Budget
	Logger    *slog.Logger
	Call      any    // see transport.Attempt
	Route     string // of the token URL, for the log

	// Around makes a request between what observers of it do. Nil for nothing.
	Around func(ctx context.Context, request func(context.Context) (Fetched, *Failure)) (Fetched, *Failure)

	Report Report // what the last fetch did

	escaped bool // the endpoint accepted the escaped key last
}

// Report is what a fetch did, successful or not.
type Report struct {
	Attempts   int           // token requests made
	StatusCode int           // of the reply to the last one; 0 without a reply
	RequestID  string        // of that reply, as it may be printed
	Waited     time.Duration // between requests
	Took       time.Duration // by the last request
}

// TokenClient returns what makes token requests: a copy of hc, which may be nil, that uses the base transport.
func TokenClient(hc *http.Client, base http.RoundTripper) transport.Doer {
	own := &http.Client{}
	if hc != nil {
		*own = *hc
	}
	return transport.NewDoer(own, transport.NoUpgrade{Next: base})
}

// Fetch fetches a token. It retries after 429, 5xx and network errors, after a 429 for as long as ctx allows.
func (f *Fetcher) Fetch(ctx context.Context) (Fetched, *Failure) {
	f.Report = Report{}
	for attempt := 1; ; attempt++ {
		fetched, failed := f.attempt(ctx)
		if failed == nil {
			f.Logger.LogAttrs(ctx, slog.LevelDebug, "conversation: access token fetched",
				f.attrs(slog.String("outcome", "accepted"), slog.Duration("lifetime", fetched.lifetime))...)
			return fetched, nil
		}
		failed.Attempts = f.Report.Attempts
		delay, again := f.again(ctx, attempt, failed)
		if !again {
			return Fetched{}, failed
		}
		f.Logger.LogAttrs(ctx, slog.LevelWarn, "conversation: retrying token request",
			f.attrs(slog.String("outcome", "not sent"), slog.Duration("delay", delay), slog.String("error", failed.Error()))...)
		began := time.Now()
		err := retry.Wait(ctx, delay)
		f.Report.Waited += time.Since(began)
		if err != nil {
			return Fetched{}, failed
		}
	}
}

// attrs returns the attributes of a log record of a token request, followed by more.
func (f *Fetcher) attrs(more ...slog.Attr) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("operation", "Token"),
		slog.String("method", http.MethodPost),
		slog.String("route", f.Route),
		slog.Int("attempt", f.Report.Attempts),
		slog.Duration("duration", f.Report.Took),
	}
	if f.Report.StatusCode != 0 {
		attrs = append(attrs, slog.Int("status_code", f.Report.StatusCode))
	}
	if f.Report.RequestID != "" {
		attrs = append(attrs, slog.String("request_id", f.Report.RequestID))
	}
	return append(attrs, more...)
}

// again returns how long to wait before a failed token request is retried, and reports whether to retry it.
func (f *Fetcher) again(ctx context.Context, attempt int, failed *Failure) (time.Duration, bool) {
	policy := f.Policy
	if policy.MaxAttempts == 1 {
		return 0, false
	}
	if failed.StatusCode == http.StatusTooManyRequests {
		policy.MaxDelay = min(policy.MaxDelay, tokenLimitDelay)
		return policy.Delay(ctx, attempt, failed.retryAfter)
	}
	if attempt >= policy.MaxAttempts || !failed.temporary && failed.StatusCode < 500 {
		return 0, false
	}
	delay, worthIt := policy.Delay(ctx, attempt, failed.retryAfter)
	return delay, worthIt && f.Budget.Take()
}

// attempt requests a token with the key as it is. RFC 6749, section 2.3.1, escapes the key as in a form: if the endpoint
// answers 401, attempt tries that too, and remembers which of them worked.
func (f *Fetcher) attempt(ctx context.Context) (Fetched, *Failure) {
	ambiguous := strings.Contains(f.KeyID, ":") // as it is, the id would end at the colon
	escaped := f.escaped || ambiguous
	fetched, failed := f.once(ctx, f.pair(escaped))
	if failed == nil || failed.StatusCode != http.StatusUnauthorized || ambiguous || f.pair(true) == f.pair(false) {
		return fetched, failed
	}
	fetched, failed = f.once(ctx, f.pair(!escaped))
	if failed == nil {
		f.escaped = !escaped
	}
	return fetched, failed
}

// pair returns the key in the form of basic authentication.
func (f *Fetcher) pair(escaped bool) string {
	id, key := f.KeyID, f.KeySecret()
	if escaped {
		id, key = url.QueryEscape(id), url.QueryEscape(key)
	}
	return base64.StdEncoding.EncodeToString([]byte(id + ":" + key))
}

// once makes a single token request between what its observers do.
func (f *Fetcher) once(ctx context.Context, pair string) (Fetched, *Failure) {
	f.Report.Attempts++
	f.Report.StatusCode, f.Report.RequestID = 0, ""
	if f.Around == nil {
		return f.request(ctx, pair)
	}
	return f.Around(ctx, func(ctx context.Context) (Fetched, *Failure) { return f.request(ctx, pair) })
}

// request makes a single token request.
func (f *Fetcher) request(ctx context.Context, pair string) (fetched Fetched, failed *Failure) {
	began := time.Now()
	defer func() {
		f.Report.Took = time.Since(began)
		if value := recover(); value != nil {
			failed = &Failure{Reason: "the transport panicked", Err: transport.RecoveredHidden(value), Hidden: f.hidden}
		}
	}()
	got, failure := transport.Exchange(ctx, f.HTTP, &transport.Request{
		Method: http.MethodPost,
		URL:    f.TokenURL,
		Header: http.Header{
			"Accept":        {"application/json"},
			"Authorization": {"Basic " + pair},
			"Content-Type":  {"application/x-www-form-urlencoded"},
		},
		Body:       []byte("grant_type=client_credentials"),
		Timeout:    f.Timeout,
		MaxBytes:   transport.MaxErrorBytes,
		Replayable: true,
		Attempt:    transport.Attempt{Call: f.Call, Number: f.Report.Attempts},
	})
	if failure != nil {
		return Fetched{}, &Failure{Reason: "the token endpoint did not answer", Err: failure.Err, Host: transport.HostOf(f.TokenURL), Hidden: f.hidden, temporary: true}
	}
	f.Report.StatusCode, f.Report.RequestID = got.Status, redact.ID(redact.Hide(got.RequestID(), f.hidden))
	fetched, failed = readGrant(got)
	if failed != nil {
		failed.Hidden, failed.Host = f.hidden, transport.HostOf(f.TokenURL)
	}
	return fetched, failed
}

// hidden returns what a token request carries and no error may show.
func (f *Fetcher) hidden() []string {
	return []string{f.KeySecret(), url.QueryEscape(f.KeySecret()), f.pair(false), f.pair(true)}
}
