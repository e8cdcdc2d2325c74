package conversation

import (
	"context"
	"sync"
	"time"

	"github.com/sinchgo/conversation/internal/redact"
)

const (
	// forcedRenewalGap is the least time between two renewals that a 401 asks for.
	forcedRenewalGap = 10 * time.Second
	// failedRenewalGap is how long an early renewal that failed is not tried again.
	failedRenewalGap = 10 * time.Second
	// flightTime bounds one flight, repeats included. It is independent of the callers, whose contexts bound their
	// own waiting.
	flightTime = time.Minute
)

// accessToken is a token as the API wants to see it. Times are monotonic: no clock that a person can set matters.
type accessToken struct {
	header    redact.Secret // the whole Authorization header
	number    uint64        // counts the tokens of a cache
	renewAt   time.Time
	expiresAt time.Time
}

// fetchedToken is what a fetch gives: the Authorization header, and how long it can be kept. A token with no lifetime
// is asked for again by the next call.
type fetchedToken struct {
	header   string
	lifetime time.Duration
}

// tokenCache keeps an access token. One flight at a time fetches a new one, for any number of waiting calls; it runs
// apart from all of them, so that a call whose context ends leaves alone and harms no other.
type tokenCache struct {
	fetch func(ctx context.Context) (fetchedToken, *AuthError)

	mu         sync.Mutex // never held while fetching
	current    *accessToken
	count      uint64
	flight     *tokenFlight
	forcedAt   time.Time
	quietUntil time.Time
}

// tokenFlight is one fetch and those who wait for it.
type tokenFlight struct {
	done  chan struct{} // closed when token and err are set
	token *accessToken
	err   *AuthError
}

func newTokenCache(fetch func(ctx context.Context) (fetchedToken, *AuthError)) *tokenCache {
	return &tokenCache{fetch: fetch}
}

// token gives the kept token, or waits for a new one. Shortly before a token expires it is still given out, while a
// new one is fetched.
func (c *tokenCache) token(ctx context.Context) (*accessToken, *AuthError) {
	c.mu.Lock()
	now := time.Now()
	current := c.current
	if current != nil && now.Before(current.expiresAt) {
		if !now.Before(current.renewAt) && !now.Before(c.quietUntil) {
			c.join(ctx)
		}
		c.mu.Unlock()
		return current, nil
	}
	flight := c.join(ctx)
	c.mu.Unlock()

	select {
	case <-flight.done:
		return flight.token, flight.err
	case <-ctx.Done():
		return nil, &AuthError{Reason: "stopped waiting for the token endpoint", Err: contextError(ctx)}
	}
}

// issued counts the tokens had so far.
func (c *tokenCache) issued() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

// renew drops a token that the API refused, waits for another one, and reports whether that differs. A token that was
// fetched after the call began is not worth it: a new one would be refused too.
func (c *tokenCache) renew(ctx context.Context, refused *accessToken, known uint64) (bool, *AuthError) {
	if refused.number > known || !c.drop(refused) {
		return false, nil
	}
	token, err := c.token(ctx)
	if err != nil {
		return false, err
	}
	return token.header() != refused.header(), nil
}

// drop ends the life of a refused token, unless one was dropped only just now. A token that has ended already is no
// reason to wait.
func (c *tokenCache) drop(refused *accessToken) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if c.current != refused || !now.Before(refused.expiresAt) {
		return true
	}
	if !c.forcedAt.IsZero() && now.Sub(c.forcedAt) < forcedRenewalGap {
		return false
	}
	c.forcedAt = now
	refused.expiresAt = now
	return true
}

// join gives the flight under way, or starts one. The caller holds the mutex.
func (c *tokenCache) join(ctx context.Context) *tokenFlight {
	if c.flight == nil {
		c.flight = &tokenFlight{done: make(chan struct{})}
		go c.fly(context.WithoutCancel(ctx), c.flight)
	}
	return c.flight
}

// fly fetches a token and lands the flight, whatever happens in the fetch.
func (c *tokenCache) fly(ctx context.Context, flight *tokenFlight) {
	ctx, cancel := context.WithTimeout(ctx, flightTime)
	defer cancel()
	started := time.Now()
	fetched, err := fetchedToken{}, &AuthError{Reason: "the token source did not return"}
	defer func() {
		if recover() != nil {
			err = &AuthError{Reason: "the token source panicked"}
		}
		c.land(flight, fetched, started, err)
	}()
	fetched, err = c.fetch(ctx)
}

// land keeps what a flight brought and wakes those who wait.
func (c *tokenCache) land(flight *tokenFlight, fetched fetchedToken, started time.Time, err *AuthError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flight = nil
	if err != nil {
		c.quietUntil = time.Now().Add(failedRenewalGap)
		flight.err = err
	} else {
		c.keep(fetched, started)
		flight.token = c.current
	}
	close(flight.done)
}

// keep makes a fetched token the current one. A source that gives the same token again changes nothing.
func (c *tokenCache) keep(fetched fetchedToken, started time.Time) {
	if fetched.lifetime == 0 && c.current != nil && c.current.header() == fetched.header {
		return
	}
	c.count++
	c.current = &accessToken{
		header:    redact.NewSecret(fetched.header),
		number:    c.count,
		renewAt:   started.Add(fetched.lifetime - min(fetched.lifetime/10, 5*time.Minute)),
		expiresAt: started.Add(fetched.lifetime - min(fetched.lifetime/60, 30*time.Second)),
	}
}
