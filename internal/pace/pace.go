// Package pace spaces requests evenly and slows them down when the server answers 429.
package pace

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/sinchgo/conversation/internal/retry"
)

const (
	// patience is how long 429 may be the only answer.
	patience = time.Minute
	// catchUp bounds the time lost to a late timer that is made up for.
	catchUp = 10 * time.Millisecond
	// floor is the lowest rate to which 429s slow a pacer down. The pauses that the server asks for come on top.
	floor = 1.0
	// cut is the factor by which a 429 lowers the rate.
	cut = 0.8
	// growthPerSuccess is added to a reduced rate by each accepted request: the rate grows by a tenth in a second.
	growthPerSuccess = 0.1
	// searchGrowth replaces growthPerSuccess until the second slowdown of a pacer without a limit: the rate grows by a factor
	// of e in a second.
	searchGrowth = 1.0
	// firstGuess is the lowest rate at which a pacer without a limit begins to search.
	firstGuess = 5.0
	// aftermath is how long after a cut a 429 may be due to the requests before it.
	aftermath = 500 * time.Millisecond
)

// Pacer spaces requests evenly. After a 429, all requests wait as long as the server asks, and continue at a lower rate,
// which grows with each accepted request.
type Pacer struct {
	policy retry.Policy

	mu       sync.Mutex
	limit    float64   // highest rate, in requests per second; +Inf for no limit
	rate     float64   // current rate
	next     time.Time // when the next request may start
	refused  float64   // the rate at the last 429; 0 if unknown. Near it, the rate grows slowly
	began    time.Time // when the first request started
	accepted int

	search bool // the rate of the server is not known yet

	strikes     int       // slowdowns since a request was accepted
	strikesFrom time.Time // when the first of them happened
	slowed      time.Time // when the last slowdown happened
	lowered     time.Time // when the rate was last lowered
}

// New returns a pacer with a limit in requests per second, which may be +Inf.
func New(limit float64, policy retry.Policy) *Pacer {
	return &Pacer{policy: policy, limit: limit, rate: limit}
}

// Restrict sets the limit of a pacer that was created without one, after its first request started.
func (p *Pacer) Restrict(limit float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limit, p.rate = limit, limit
	p.next = time.Now().Add(p.interval())
}

// Take returns 0 if one request may start now. Otherwise it returns how long to wait before calling Take again.
func (p *Pacer) Take() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Before(p.next) {
		return p.next.Sub(now)
	}
	if p.began.IsZero() {
		p.began, p.next = now, now
	}
	if onTime := now.Add(-catchUp); p.next.Before(onTime) {
		p.next = onTime
	}
	p.next = p.next.Add(p.interval())
	return 0
}

// interval returns the time between two requests.
func (p *Pacer) interval() time.Duration {
	return time.Duration(min(float64(time.Second)/p.rate, float64(math.MaxInt64/2)))
}

// Wait blocks until a request may start. It returns an error if ctx ends first.
func (p *Pacer) Wait(ctx context.Context) error {
	for delay := p.Take(); delay > 0; delay = p.Take() {
		if err := retry.Wait(ctx, delay); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Success records that a request was accepted.
func (p *Pacer) Success() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.accepted++
	p.strikes = 0
	growth := growthPerSuccess
	switch {
	case p.search:
		growth = searchGrowth
	case math.Abs(p.rate-p.refused) < p.refused/10:
		growth /= 10
	}
	p.rate = min(p.limit, p.rate+growth)
}

// Throttled records that a request, started at the given time, was answered with 429 and the given Retry-After. It reports
// whether to send the request again.
func (p *Pacer) Throttled(ctx context.Context, started time.Time, asked time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	fresh := started.After(p.slowed) // it was not in flight at the last 429
	if fresh {
		if p.strikes == 0 {
			p.strikesFrom = now
		}
		p.strikes++
	}
	delay, worthIt := p.policy.Delay(ctx, p.strikes, asked)
	if !worthIt || p.policy.MaxAttempts == 1 || now.Sub(p.strikesFrom) > patience {
		return false
	}
	if fresh {
		p.slowed = now
		if p.strikes == 1 { // if nothing was accepted since the last slowdown, a lower rate would not have helped
			p.slowDown(now)
		}
	}
	if until := now.Add(delay); (fresh || asked > 0) && p.next.Before(until) {
		p.next = until
	}
	return true
}

// slowDown lowers the rate. Without a limit, it starts from the average rate of accepted requests so far, which may be far
// too low, and begins a search. The next slowdown ends it.
func (p *Pacer) slowDown(now time.Time) {
	switch {
	case math.IsInf(p.rate, 1):
		p.rate = max(firstGuess, float64(p.accepted)/max(1, now.Sub(p.began).Seconds()))
		p.search = true
	case now.Sub(p.lowered) < aftermath:
		return
	default:
		p.refused, p.search = p.rate, false
	}
	p.lowered = now
	p.rate = min(p.limit, max(floor, p.rate*cut))
}
