package conversationtest

import (
	"sync"
	"time"
)

// pace keeps callbacks from starting more than a number of times in any second.
type pace struct {
	mu     sync.Mutex
	starts []time.Time // The last starts, as many as a second may have.
	oldest int
}

// newPace makes a pace. It has no limit when perSecond is below zero.
func newPace(perSecond int) *pace {
	return &pace{starts: make([]time.Time, max(perSecond, 0))}
}

// next takes a place among the starts and says how long to wait for it.
func (p *pace) next(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.starts) == 0 {
		return 0
	}
	start := p.starts[p.oldest].Add(time.Second)
	if start.Before(now) {
		start = now
	}
	p.starts[p.oldest] = start
	p.oldest = (p.oldest + 1) % len(p.starts)
	return start.Sub(now)
}
