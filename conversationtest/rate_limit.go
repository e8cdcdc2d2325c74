package conversationtest

import (
	"net/http"
	"sync"
	"time"
)

// rateLimit is a token bucket. It allows a burst of requests, and then so many a second.
type rateLimit struct {
	burst, perSecond float64

	mu    sync.Mutex
	taken float64
	at    time.Time
}

// newTokenLimit returns the limit of the platform's token endpoint.
func newTokenLimit() *rateLimit { return &rateLimit{burst: 30, perSecond: 10} }

// newRequestLimit returns the limit of a project, or nil if there is none.
func newRequestLimit(perSecond int) *rateLimit {
	if perSecond == 0 {
		return nil
	}
	return &rateLimit{burst: float64(perSecond), perSecond: float64(perSecond)}
}

// take reports whether a request is within the limit.
func (l *rateLimit) take(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	passed := max(0, now.Sub(l.at)) // below 0 after the clock was ahead
	l.taken = max(0, l.taken-passed.Seconds()*l.perSecond)
	l.at = now
	if l.taken+1 > l.burst {
		return false
	}
	l.taken++
	return true
}

// checkRate returns an error for a request beyond the limit of the project.
func (p *project) checkRate() error {
	if p.limit == nil || p.limit.take(p.clock()) {
		return nil
	}
	return &apiError{status: http.StatusTooManyRequests, message: "the project makes too many requests"}
}
