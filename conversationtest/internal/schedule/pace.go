package schedule

import (
	"sync"
	"time"
)

// Pace limits how many callbacks start in any second.
type Pace struct {
	mu     sync.Mutex
	starts []time.Time // The last starts, as many as a second may have.
	oldest int
}

// NewPace returns a Pace. It has no limit if perSecond is negative.
func NewPace(perSecond int) *Pace {
	return &Pace{starts: make([]time.Time, max(perSecond, 0))}
}

// Next reserves the next start, and returns how long to wait for it.
func (p *Pace) Next(now time.Time) time.Duration {
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
