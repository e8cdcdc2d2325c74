package conversation

import (
	"github.com/sinchgo/conversation/internal/auth"
	"github.com/sinchgo/conversation/internal/retry"
)

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
		fetcher := &auth.Fetcher{
			KeyID: given.keyID, KeySecret: given.keySecret, TokenURL: c.tokenURL.String(),
			HTTP: auth.TokenClient(c.httpClient, client.base), Timeout: client.timeout,
			Policy: retry.Policy(client.retry), Budget: client.budget, Logger: client.logger,
		}
		return auth.NewCache(fetcher.Fetch)
	}
}
