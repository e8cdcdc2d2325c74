package auth

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sinchgo/conversation/internal/transport"
)

const (
	// forcedRenewalGap is the minimum time between two renewals that are caused by a 401.
	forcedRenewalGap = 10 * time.Second
	// failedRenewalGap is how long an early renewal that failed is not retried.
	failedRenewalGap = 10 * time.Second
	// refusalGap is how long a refused credential is not tried again, at least. Up to as much again is added at random, so
	// that many clients with the same credential do not ask together.
	refusalGap = 5 * time.Second
	// flightTime bounds one flight, including its retries. It is independent of the contexts of the calls, which only bound
	// how long each call waits.
	flightTime = time.Minute
)

// Fetched is a fetched token. If its lifetime is 0, the next call fetches again.
type Fetched struct {
	header   string // the whole Authorization header
	lifetime time.Duration
}

// Cache keeps an access token. A single flight fetches a new one for any number of waiting calls. It is independent of
// their contexts, so that a canceled call does not affect the others.
type Cache struct {
	fetch  func(ctx context.Context) (Fetched, *Failure)
	issued atomic.Uint64 // tokens obtained

	mu         sync.Mutex // never held while fetching
	current    *Token
	flight     *tokenFlight
	forcedAt   time.Time
	quietUntil time.Time

	refusal      *Failure // the last answer of the token endpoint, if it refused the credential
	refusedUntil time.Time
}

// tokenFlight is one fetch that any number of calls wait for.
type tokenFlight struct {
	done  chan struct{} // closed when token and err are set
	token *Token
	err   *Failure
}

// NewCache returns an Authorizer that caches the tokens of fetch.
func NewCache(fetch func(ctx context.Context) (Fetched, *Failure)) *Cache {
	return &Cache{fetch: fetch}
}

// Token returns the cached token, or waits for a new one. Shortly before the cached token expires, it is still returned
// while a new one is fetched. For some seconds after the token endpoint refused the credential, Token returns that failure.
func (c *Cache) Token(ctx context.Context) (*Token, *Failure) {
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
	if c.refusal != nil && now.Before(c.refusedUntil) {
		defer c.mu.Unlock()
		return nil, c.refusal
	}
	flight := c.join(ctx)
	c.mu.Unlock()

	select {
	case <-flight.done:
		return flight.token, flight.err
	case <-ctx.Done():
		return nil, &Failure{Reason: "stopped waiting for the token endpoint", Err: transport.ContextError(ctx)}
	}
}

// Issued returns the number of tokens obtained so far.
func (c *Cache) Issued() uint64 { return c.issued.Load() }

// Renew drops a token that the API rejected, waits for another one, and reports whether that differs. It does not renew a
// token that was fetched after the call began: a newer one would be rejected too.
func (c *Cache) Renew(ctx context.Context, rejected *Token, known uint64) (bool, *Failure) {
	if rejected.number > known || !c.drop(rejected) {
		return false, nil
	}
	token, err := c.Token(ctx)
	if err != nil {
		return false, err
	}
	return token.Header() != rejected.Header(), nil
}

// drop expires a rejected token and returns true. It returns false if another token was dropped within forcedRenewalGap,
// unless the rejected token has expired already.
func (c *Cache) drop(rejected *Token) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if c.current != rejected || !now.Before(rejected.expiresAt) {
		return true
	}
	if !c.forcedAt.IsZero() && now.Sub(c.forcedAt) < forcedRenewalGap {
		return false
	}
	c.forcedAt = now
	rejected.expiresAt = now
	return true
}

// join returns the current flight, or starts one. The caller holds the mutex.
func (c *Cache) join(ctx context.Context) *tokenFlight {
	if c.flight == nil {
		c.flight = &tokenFlight{done: make(chan struct{})}
		go c.fly(shared{context.WithoutCancel(ctx)}, c.flight) //nolint:contextcheck // It has the values of ctx.
	}
	return c.flight
}

// fly fetches a token and lands the flight, even if the fetch panics.
func (c *Cache) fly(ctx context.Context, flight *tokenFlight) {
	ctx, cancel := context.WithTimeout(ctx, flightTime)
	defer cancel()
	started := time.Now()
	fetched, err := Fetched{}, &Failure{Reason: "the token source did not return"}
	defer func() {
		if value := recover(); value != nil {
			err = &Failure{Reason: "the token source panicked", Err: transport.RecoveredHidden(value)}
		}
		c.land(flight, fetched, started, err)
	}()
	fetched, err = c.fetch(ctx)
}

// land keeps the result of a flight and wakes the waiting calls.
func (c *Cache) land(flight *tokenFlight, fetched Fetched, started time.Time, err *Failure) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flight, c.refusal = nil, nil
	if err != nil {
		now := time.Now()
		c.quietUntil = now.Add(failedRenewalGap)
		flight.err = err
		if err.refused {
			c.refusedUntil = now.Add(refusalGap + rand.N(refusalGap)) //nolint:gosec // It spreads load, and protects nothing.
			c.refusal = err.remembered(now, c.refusedUntil)
		}
	} else {
		c.keep(fetched, started)
		flight.token = c.current
	}
	close(flight.done)
}

// keep sets the current token. If a token source returned the same token again, nothing changes.
func (c *Cache) keep(fetched Fetched, started time.Time) {
	if fetched.lifetime == 0 && c.current != nil && c.current.Header() == fetched.header {
		return
	}
	c.current = newToken(fetched.header)
	c.current.number = c.issued.Add(1)
	c.current.renewAt = started.Add(fetched.lifetime - min(fetched.lifetime/10, 5*time.Minute))
	c.current.expiresAt = started.Add(fetched.lifetime - min(fetched.lifetime/60, 30*time.Second))
}
