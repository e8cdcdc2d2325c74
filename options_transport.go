package conversation

import (
	"fmt"
	"math"
	"net/http"
)

// Middleware wraps the transport of a [Client]. It sees each attempt of each call, with its Authorization header, but
// no token requests. The first middleware is the outermost: it sees a request first and its response last.
type Middleware func(next http.RoundTripper) http.RoundTripper

// WithHTTPClient sends calls and token requests with the transport, timeout and cookie jar of client. The client is
// copied, not modified, and the copy does not follow redirects.
//
// The settings of its transport apply: the HTTP/2 pings, the idle timeout and the number of idle connections that the
// default has are then up to the caller. docs/connections.md has a recipe. Without this option, all clients share one
// transport, a copy of [http.DefaultTransport] with those settings.
//
// Warning: client must not retry requests, as that of go-retryablehttp does, nor may its transport. It would send a
// message again that may have been sent, and a person would get it more than once. This package retries what can be
// retried safely.
func WithHTTPClient(client *http.Client) Option {
	return func(c *config) error {
		c.httpClient = client
		if client == nil {
			return optionError("WithHTTPClient", "has a nil client: leave the option out for the default")
		}
		return nil
	}
}

// WithMiddleware wraps the transport. See [Middleware] for what a middleware sees, and for the order.
func WithMiddleware(middleware ...Middleware) Option {
	return func(c *config) error {
		for i, m := range middleware {
			if m == nil {
				return optionError("WithMiddleware", fmt.Sprintf("is nil at index %d: leave it out", i))
			}
		}
		c.middleware = append(c.middleware, middleware...)
		return nil
	}
}

// WithRateLimit limits the API requests of the client, retries included, to a number per second, evenly spaced. Token
// requests do not count. A call waits for its turn before each attempt, outside the time of [WithTimeout]. If its context
// ends first, or its deadline would pass before its turn, it returns a [*TransportError] and the request was not sent. The
// limit is that of one client: processes and clients do not share it. [SendManyOptions] PerSecond can only slow it down further.
func WithRateLimit(perSecond float64) Option {
	return func(c *config) error {
		c.perSecond = perSecond
		if perSecond <= 0 || math.IsNaN(perSecond) || math.IsInf(perSecond, 1) {
			return optionError("WithRateLimit", fmt.Sprintf("is %v: pass a number above zero, or leave the option out for no limit", perSecond))
		}
		return nil
	}
}
