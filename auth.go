package conversation

import (
	"context"
	"encoding/base64"
	"net/http"

	"github.com/sinchgo/conversation/internal/redact"
)

// authorizer gives each attempt its Authorization header.
type authorizer interface {
	// token gives the token to use now.
	token(ctx context.Context) (*accessToken, *AuthError)
	// issued counts the tokens had so far, so that a call can tell later which of them it found here.
	issued() uint64
	// renew is told that the API refused a token, and reports whether there is another one to try. The count is what
	// issued gave when the call began: a token had since then is not renewed, so a call is repeated once at most.
	renew(ctx context.Context, refused *accessToken, known uint64) (bool, *AuthError)
}

// authorizer makes the one that the config's credential asks for.
func (c *config) authorizer(client *Client) authorizer {
	given := c.credentials[0]
	switch given.option {
	case "WithBasicAuth":
		pair := base64.StdEncoding.EncodeToString([]byte(given.keyID + ":" + given.keySecret()))
		return basicAuth{&accessToken{header: redact.NewSecret("Basic " + pair)}}
	case "WithTokenSource":
		return newTokenCache(sourceFetch(given.tokenSource))
	default:
		// Token requests use the caller's transport but not the middleware, which has no business with the key secret.
		hc := &http.Client{}
		if c.httpClient != nil {
			*hc = *c.httpClient
		}
		hc.Transport = readableExpiry{readableRedirects{client.base}}
		hc.CheckRedirect = followNone
		fetcher := &tokenFetcher{
			keyID: given.keyID, keySecret: given.keySecret, tokenURL: c.tokenURL.String(),
			http: hc, timeout: client.timeout, policy: client.retry, budget: client.budget, logger: client.logger,
		}
		return newTokenCache(fetcher.fetch)
	}
}

// basicAuth sends the access key itself. There is nothing to renew.
type basicAuth struct{ key *accessToken }

func (a basicAuth) token(context.Context) (*accessToken, *AuthError) { return a.key, nil }

func (basicAuth) issued() uint64 { return 0 }

func (basicAuth) renew(context.Context, *accessToken, uint64) (bool, *AuthError) { return false, nil }
