package pgconversation

import (
	"context"
	"sync"
	"time"

	"github.com/sinchgo/conversation"
)

const (
	// defaultAppRate and defaultProjectRate are Sinch's documented requests a second. What an app publishes takes precedence.
	defaultAppRate     = 20
	defaultProjectRate = 800
	// rateLife is how long the rate that an app publishes is used.
	rateLife = 10 * time.Minute
	// rateRetry is the same for the default after a failed request.
	rateRetry = time.Minute
	// rateTime limits the request.
	rateTime = 10 * time.Second
)

// appRates are the requests a second of the apps.
type appRates struct {
	client *conversation.Client
	fixed  float64 // of all apps; 0 for what they publish

	mu    sync.Mutex
	known map[string]*appRate
}

// appRate is the rate of an app once it is known.
type appRate struct {
	known  chan struct{} // closed once it is
	rate   float64
	until  time.Time // it is read again after
	asking bool
}

// of returns the rate of an app. It waits only the first time. An error is that of ctx.
func (r *appRates) of(ctx context.Context, app string) (float64, error) {
	if r.fixed != 0 {
		return r.fixed, nil
	}
	r.mu.Lock()
	a := r.known[app]
	if a == nil {
		a = &appRate{known: make(chan struct{})}
		r.known[app] = a
	}
	if !a.asking && time.Now().After(a.until) {
		a.asking = true
		go r.ask(context.WithoutCancel(ctx), app, a)
	}
	r.mu.Unlock()
	select {
	case <-a.known:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return a.rate, nil
}

// ask reads the rate that an app publishes. If that fails, the rate stays what it was, or becomes the default.
func (r *appRates) ask(ctx context.Context, app string, a *appRate) {
	ctx, cancel := context.WithTimeout(ctx, rateTime)
	defer cancel()
	rate, life := r.published(ctx, app)
	r.mu.Lock()
	defer r.mu.Unlock()
	first := a.rate == 0
	switch {
	case rate != 0:
		a.rate = rate
	case first:
		a.rate = defaultAppRate
	}
	a.until, a.asking = time.Now().Add(life), false
	if first {
		close(a.known)
	}
}

// published returns the rate that an app publishes, or 0 if it cannot be read, and for how long that is used. Middleware of the client may panic.
func (r *appRates) published(ctx context.Context, app string) (rate float64, life time.Duration) {
	defer func() {
		if recover() != nil {
			rate, life = 0, rateRetry
		}
	}()
	found, err := r.client.Apps.Get(ctx, app, conversation.WithRequestRetry(conversation.NoRetry))
	switch {
	case err != nil || found == nil:
		return 0, rateRetry
	case found.RateLimits == nil || found.RateLimits.Outbound <= 0:
		return defaultAppRate, rateLife
	}
	return float64(found.RateLimits.Outbound), rateLife
}
