package conversation

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"golang.org/x/oauth2"

	"github.com/sinchgo/conversation/internal/auth"
	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/retry"
	"github.com/sinchgo/conversation/internal/wire"
)

// credential is one way to authorize calls, with the name of its option.
type credential struct {
	option      string
	keyID       string
	keySecret   redact.Secret
	tokenSource oauth2.TokenSource
}

// WithOAuth2 authorizes calls with OAuth2 client credentials: the id and secret of an access key. The client fetches an
// access token when it is first needed, caches it, and renews it before it expires. A key that the token endpoint
// refused is not tried again for 5 to 10 seconds.
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
		var problems []string
		if problem := wire.KeyProblem(keyID); problem != "" {
			problems = append(problems, "has a key id that "+problem)
		}
		if problem := wire.KeyProblem(keySecret); problem != "" {
			problems = append(problems, "has a key secret that "+problem)
		}
		if len(problems) > 0 {
			return optionError(option, strings.Join(problems, "; "))
		}
		return nil
	}
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

// authorizer returns the Authorizer for the credential of the config.
func (c *config) authorizer(client *Client) auth.Authorizer {
	given := c.credentials[0]
	switch given.option {
	case "WithBasicAuth":
		return auth.NewBasic(given.keyID, given.keySecret)
	case "WithTokenSource":
		return auth.NewCache(auth.FromSource(given.tokenSource))
	default:
		// Token requests use the caller's transport without the middleware, which must not see the key secret.
		call := &CallInfo{Operation: opToken, Method: http.MethodPost, Route: cmp.Or(c.tokenURL.EscapedPath(), "/"), Idempotent: true}
		fetcher := &auth.Fetcher{
			KeyID: given.keyID, KeySecret: given.keySecret, TokenURL: c.tokenURL.String(),
			HTTP: auth.TokenClient(c.httpClient, client.base), Timeout: client.timeout,
			Policy: retry.Policy(client.retry), Budget: client.budget, Logger: client.logger,
			Call: call, Route: call.Route,
		}
		fetcher.Around = func(ctx context.Context, request func(context.Context) (auth.Fetched, *auth.Failure)) (auth.Fetched, *auth.Failure) {
			return client.requestToken(ctx, fetcher, *call, request)
		}
		return auth.NewCache(func(ctx context.Context) (auth.Fetched, *auth.Failure) {
			return client.fetchToken(ctx, fetcher, *call)
		})
	}
}
