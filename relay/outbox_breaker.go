package relay

import (
	"sync"
	"time"
)

const (
	// breakerTrips is the number of consecutive failures after which a worker pauses.
	breakerTrips = 5
	// breakerFirst and breakerMost limit the pauses, which double.
	breakerFirst = time.Second
	breakerMost  = 30 * time.Second
)

// breaker pauses a worker while Sinch cannot be reached or does not work, and then allows one request at a time.
type breaker struct {
	mu     sync.Mutex
	failed int       // consecutive requests
	tries  int       // requests since the first pause
	until  time.Time // no request before
}

// pause returns how long to wait before a request, or 0 to send it now. While requests fail, it allows one at the end of
// each pause.
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

// reset allows requests immediately.
func (b *breaker) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failed, b.tries = 0, 0
}

// record records the result of a request.
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
