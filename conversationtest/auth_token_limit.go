package conversationtest

import (
	"sync"
	"time"
)

const (
	tokenBurst = 30
	tokenRate  = 10 // A second.
)

// tokenLimit is the token bucket that limits the token endpoint. The zero value is full.
type tokenLimit struct {
	mu    sync.Mutex
	taken float64
	at    time.Time
}

// take reports whether a request is within the limit.
func (l *tokenLimit) take(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	passed := max(0, now.Sub(l.at)) // below 0 after the clock was ahead
	l.taken = max(0, l.taken-passed.Seconds()*tokenRate)
	l.at = now
	if l.taken+1 > tokenBurst {
		return false
	}
	l.taken++
	return true
}
