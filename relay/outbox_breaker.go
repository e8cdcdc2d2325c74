package relay

import (
	"sync"
	"time"
)

const (
	// breakerTrips is how many requests in a row must fail before a worker pauses.
	breakerTrips = 5
	// breakerFirst and breakerMost bound the pauses, which double.
	breakerFirst = time.Second
	breakerMost  = 30 * time.Second
)

// breaker has a worker pause while Sinch cannot be reached or does not work, and then try one request at a time.
type breaker struct {
	mu     sync.Mutex
	failed int       // requests in a row
	tries  int       // since it paused first
	until  time.Time // no request before
}

// pause gives the time to wait before a request may be tried; 0 lets one go. While requests fail, that is one at the end
// of each pause.
func (b *breaker) pause(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failed < breakerTrips {
		return 0
	}
	if left := b.until.Sub(now); left > 0 {
		return left
	}
	b.tries++
	b.until = now.Add(min(breakerFirst<<min(b.tries, 10), breakerMost))
	return 0
}

// record takes in how a request went.
func (b *breaker) record(works bool, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if works {
		b.failed, b.tries = 0, 0
		return
	}
	b.failed++
	if b.failed == breakerTrips {
		b.until = now.Add(breakerFirst)
	}
}
