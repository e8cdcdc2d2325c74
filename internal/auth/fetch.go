package auth

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/retry"
	"github.com/sinchgo/conversation/internal/transport"
	"github.com/sinchgo/conversation/internal/wire"
)

const (
	// unknownLifetime is how long a token is kept if the reply has no valid expires_in. The platform's tokens live an hour.
	// If a token expires earlier, a 401 causes a renewal.
	unknownLifetime = time.Hour
	// tokenLimitDelay bounds the wait after a 429 of the token endpoint. Its rate limit is a bucket of 30 that refills by 10
	// a second, and it sends no Retry-After.
	tokenLimitDelay = 5 * time.Second
)

// Fetcher fetches access tokens by OAuth2 client credentials.
type Fetcher struct {
	KeyID     string
	KeySecret redact.Secret
	TokenURL  string
	HTTP      *http.Client  // see TokenClient
	Timeout   time.Duration // of one token request
	Policy    retry.Policy
	Budget    *retry.Budget
	Logger    *slog.Logger
}

// TokenClient returns the client for token requests: a copy of hc, which may be nil, that uses the base transport.
func TokenClient(hc *http.Client, base http.RoundTripper) *http.Client {
	own := &http.Client{}
	if hc != nil {
		*own = *hc
	}
	own.Transport = readableExpiry{transport.ReadableRedirects{Next: base}}
	own.CheckRedirect = transport.FollowNone
	return own
}

// Fetch fetches a token. It retries after 429, 5xx and network errors, after a 429 for as long as ctx allows.
func (f *Fetcher) Fetch(ctx context.Context) (Fetched, *Failure) {
	for attempt := 1; ; attempt++ {
		fetched, failed := f.once(ctx)
		if failed == nil {
			f.Logger.LogAttrs(ctx, slog.LevelDebug, "conversation: access token fetched",
				slog.Int("attempt", attempt), slog.Duration("lifetime", fetched.lifetime))
			return fetched, nil
		}
		failed.Attempts = attempt
		delay, again := f.again(ctx, attempt, failed)
		if !again {
			return Fetched{}, failed
		}
		f.Logger.LogAttrs(ctx, slog.LevelWarn, "conversation: retrying token request",
			slog.Int("attempt", attempt), slog.Duration("delay", delay), slog.String("error", failed.Error()))
		if retry.Wait(ctx, delay) != nil {
			return Fetched{}, failed
		}
	}
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

// once makes a single token request.
func (f *Fetcher) once(ctx context.Context) (Fetched, *Failure) {
	ctx, cancel := context.WithTimeoutCause(ctx, f.Timeout, transport.ErrAttemptTimeout)
	defer cancel()
	grant := clientcredentials.Config{
		ClientID: f.KeyID, ClientSecret: f.KeySecret(), TokenURL: f.TokenURL, AuthStyle: oauth2.AuthStyleInHeader,
	}
	token, err := grant.Token(context.WithValue(ctx, oauth2.HTTPClient, f.HTTP))
	if err != nil {
		failed := tokenError(ctx, err)
		failed.Hidden, failed.Host = f.hidden, transport.HostOf(f.TokenURL)
		return Fetched{}, failed
	}
	lifetime := time.Until(token.Expiry) // monotonic: oauth2 has just added expires_in to time.Now
	if lifetime <= 0 {
		lifetime = unknownLifetime
	}
	return checkedToken(token, lifetime)
}

// hidden returns what a token request carries and no error may show. Package oauth2 escapes the key before encoding it.
func (f *Fetcher) hidden() []string {
	id, key := url.QueryEscape(f.KeyID), url.QueryEscape(f.KeySecret())
	return []string{f.KeySecret(), key, base64.StdEncoding.EncodeToString([]byte(id + ":" + key))}
}

// FromSource returns a function that fetches tokens from the caller's own source, which caches them itself.
func FromSource(source oauth2.TokenSource) func(context.Context) (Fetched, *Failure) {
	return func(context.Context) (Fetched, *Failure) {
		token, err := source.Token()
		if err != nil {
			return Fetched{}, sourceError(err)
		}
		return checkedToken(token, 0)
	}
}

// sourceError returns the failure of a token source. It keeps err, unless err is a reply of a token endpoint.
func sourceError(err error) *Failure {
	if answer, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return rejectedBy(answer)
	}
	return &Failure{Reason: "the token source failed", Err: transport.WithoutURL(err)}
}

// checkedToken returns a failure if the token cannot be sent in a header.
func checkedToken(token *oauth2.Token, lifetime time.Duration) (Fetched, *Failure) {
	if token == nil || token.AccessToken == "" {
		return Fetched{}, &Failure{Reason: "the token is empty"}
	}
	header := token.Type() + " " + token.AccessToken
	if !wire.ValidHeaderValue(header) {
		return Fetched{}, &Failure{Reason: "the token holds characters that no header can"}
	}
	return Fetched{header: header, lifetime: lifetime}, nil
}

// tokenError returns the failure of a token request.
func tokenError(ctx context.Context, err error) *Failure {
	if answer, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return rejectedBy(answer)
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return &Failure{Reason: "the token endpoint did not answer", Err: transport.AttemptCause(ctx, transport.WithoutURL(wrapped)), temporary: true}
	}
	unreadable := &Failure{Reason: "the answer of the token endpoint could not be read"}
	unreadable.temporary = strings.HasPrefix(err.Error(), "oauth2: cannot fetch token") // the body broke off
	if ctx.Err() != nil {
		unreadable.Err = transport.AttemptCause(ctx, err)
	}
	return unreadable
}

// rejectedBy returns the failure of a reply without a token. It does not keep the error of package oauth2, which prints the
// body of the reply, and that may repeat credentials.
func rejectedBy(answer *oauth2.RetrieveError) *Failure {
	failed := &Failure{Code: errorCode(answer.ErrorCode), Reason: "the token endpoint refused"}
	if answer.Response != nil {
		failed.StatusCode = answer.Response.StatusCode
		failed.retryAfter = retry.After(answer.Response.Header, time.Now())
	}
	if failed.StatusCode == http.StatusUnauthorized {
		failed.Reason = "the token endpoint refused: check the key id and secret"
	}
	return failed
}

// errorCode returns code if it has the form of an OAuth2 error code, such as invalid_client, else "".
func errorCode(code string) string {
	if len(code) > 40 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return ""
	}
	return code
}
