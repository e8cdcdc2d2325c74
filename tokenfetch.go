package conversation

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
	"github.com/sinchgo/conversation/internal/wire"
)

const (
	// unknownLifetime is how long a token is kept when the endpoint does not say, or says nonsense. The platform's
	// tokens live an hour; one that dies earlier is found by a 401.
	unknownLifetime = time.Hour
	// tokenLimitDelay bounds the wait after a 429 of the token endpoint, whose bucket of 30 refills by 10 a second and
	// which sends no Retry-After.
	tokenLimitDelay = 5 * time.Second
)

// tokenFetcher fetches access tokens by OAuth2 client credentials.
type tokenFetcher struct {
	keyID     string
	keySecret redact.Secret
	tokenURL  string
	http      *http.Client
	timeout   time.Duration
	policy    RetryPolicy
	budget    *retryBudget
	logger    *slog.Logger
}

// fetch gets a token, repeating after 429, 5xx and network errors. A 429 is waited out for as long as ctx allows.
func (f *tokenFetcher) fetch(ctx context.Context) (fetchedToken, *AuthError) {
	for attempt := 1; ; attempt++ {
		fetched, failed := f.once(ctx)
		if failed == nil {
			f.logger.LogAttrs(ctx, slog.LevelDebug, "conversation: access token fetched",
				slog.Int("attempt", attempt), slog.Duration("lifetime", fetched.lifetime))
			return fetched, nil
		}
		failed.Attempts = attempt
		delay, again := f.again(ctx, attempt, failed)
		if !again {
			return fetchedToken{}, failed
		}
		f.logger.LogAttrs(ctx, slog.LevelWarn, "conversation: repeating token request",
			slog.Int("attempt", attempt), slog.Duration("delay", delay), slog.String("error", failed.Error()))
		if wait(ctx, delay) != nil {
			return fetchedToken{}, failed
		}
	}
}

// again decides whether to repeat a failed token request, and after what wait.
func (f *tokenFetcher) again(ctx context.Context, attempt int, failed *AuthError) (time.Duration, bool) {
	policy := f.policy
	if policy.MaxAttempts == 1 {
		return 0, false
	}
	if failed.StatusCode == http.StatusTooManyRequests {
		policy.MaxDelay = min(policy.MaxDelay, tokenLimitDelay)
		return retryDelay(ctx, policy, attempt, failed.retryAfter)
	}
	if attempt >= policy.MaxAttempts || !failed.temporary && failed.StatusCode < 500 {
		return 0, false
	}
	delay, worthIt := retryDelay(ctx, policy, attempt, failed.retryAfter)
	return delay, worthIt && f.budget.take()
}

// once makes one token request.
func (f *tokenFetcher) once(ctx context.Context) (fetchedToken, *AuthError) {
	ctx, cancel := context.WithTimeoutCause(ctx, f.timeout, errAttemptTimeout)
	defer cancel()
	grant := clientcredentials.Config{
		ClientID: f.keyID, ClientSecret: f.keySecret(), TokenURL: f.tokenURL, AuthStyle: oauth2.AuthStyleInHeader,
	}
	token, err := grant.Token(context.WithValue(ctx, oauth2.HTTPClient, f.http))
	if err != nil {
		failed := tokenError(ctx, err)
		failed.hidden = f.hidden
		return fetchedToken{}, failed
	}
	lifetime := time.Until(token.Expiry) // by the monotonic clock: Expiry was counted from now, just now
	if lifetime <= 0 {
		lifetime = unknownLifetime
	}
	return checkedToken(token, lifetime)
}

// hidden gives what a token request carries and no text about it must show. Package oauth2 escapes the key before it
// encodes it.
func (f *tokenFetcher) hidden() []string {
	id, key := url.QueryEscape(f.keyID), url.QueryEscape(f.keySecret())
	return []string{f.keySecret(), key, base64.StdEncoding.EncodeToString([]byte(id + ":" + key))}
}

// sourceFetch asks the caller's own source, which keeps its tokens itself.
func sourceFetch(source oauth2.TokenSource) func(context.Context) (fetchedToken, *AuthError) {
	return func(context.Context) (fetchedToken, *AuthError) {
		token, err := source.Token()
		if err != nil {
			return fetchedToken{}, sourceError(err)
		}
		return checkedToken(token, 0)
	}
}

// sourceError keeps what the caller's source said, unless it is an answer of a token endpoint.
func sourceError(err error) *AuthError {
	if answer, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return refusedBy(answer)
	}
	return &AuthError{Reason: "the token source failed", Err: withoutURL(err)}
}

// checkedToken refuses a token that cannot be sent.
func checkedToken(token *oauth2.Token, lifetime time.Duration) (fetchedToken, *AuthError) {
	if token == nil || token.AccessToken == "" {
		return fetchedToken{}, &AuthError{Reason: "the token is empty"}
	}
	header := token.Type() + " " + token.AccessToken
	if !wire.ValidHeaderValue(header) {
		return fetchedToken{}, &AuthError{Reason: "the token holds characters that no header can"}
	}
	return fetchedToken{header: header, lifetime: lifetime}, nil
}

// tokenError makes the AuthError of a failed token request.
func tokenError(ctx context.Context, err error) *AuthError {
	if answer, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return refusedBy(answer)
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return &AuthError{Reason: "the token endpoint did not answer", Err: attemptCause(ctx, withoutURL(wrapped)), temporary: true}
	}
	unreadable := &AuthError{Reason: "the answer of the token endpoint could not be read"}
	unreadable.temporary = strings.HasPrefix(err.Error(), "oauth2: cannot fetch token") // its body broke off
	if ctx.Err() != nil {
		unreadable.Err = attemptCause(ctx, err)
	}
	return unreadable
}

// refusedBy makes the AuthError of an answer that is no token. The error of package oauth2 prints the body of the answer,
// which may repeat credentials, and is not kept.
func refusedBy(answer *oauth2.RetrieveError) *AuthError {
	failed := &AuthError{Code: errorCode(answer.ErrorCode), Reason: "the token endpoint refused"}
	if answer.Response != nil {
		failed.StatusCode = answer.Response.StatusCode
		failed.retryAfter = retryAfter(answer.Response.Header, time.Now())
	}
	if failed.StatusCode == http.StatusUnauthorized {
		failed.Reason = "the token endpoint refused: check the key id and secret"
	}
	return failed
}

// errorCode keeps an OAuth2 error code, which is a word such as invalid_client, and nothing that only pretends to be
// one.
func errorCode(code string) string {
	if len(code) > 40 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return ""
	}
	return code
}
