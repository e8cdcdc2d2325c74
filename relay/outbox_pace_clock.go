package relay

import (
	"context"
	"sync"
	"time"
)

const (
	// clockLife is how long a reading of the engine's clock is used.
	clockLife = 5 * time.Second
	// clockLooks is how often the clock is read to find the quickest answer.
	clockLooks = 3
	// clockStep is the difference between two readings above which the clock counts as set.
	clockStep = 50 * time.Millisecond
)

// paceClock derives the time of the engine, which all processes share, from the local monotonic clock. Setting a local
// wall clock has no effect.
type paceClock struct {
	look func(context.Context) (time.Time, error) // returns the time at the engine
	now  func() time.Time                         // returns the local time, with its monotonic reading

	mu     sync.Mutex
	asked  time.Time // when the call started
	heard  time.Time // when it returned
	engine time.Time // the answer
	guard  time.Time // in the engine's time: nothing may be sent before, because the clock was set
}

// sync reads the engine's clock if the last reading is too old, or always.
func (c *paceClock) sync(ctx context.Context, always bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := !c.engine.IsZero()
	if known && !always && c.now().Sub(c.heard) < clockLife {
		return nil
	}
	var asked, heard, engine time.Time
	for range clockLooks {
		before := c.now()
		answer, err := c.look(ctx)
		after := c.now()
		if err != nil {
			return err
		}
		if engine.IsZero() || after.Sub(before) < heard.Sub(asked) {
			asked, heard, engine = before, after, answer
		}
	}
	if known {
		expected := c.engine.Add(heard.Sub(c.heard))
		if off := engine.Sub(expected); off > clockStep+c.heard.Sub(c.asked) || off < -clockStep-heard.Sub(asked) {
			c.guard = engine.Add(paceGuard)
		}
	}
	c.asked, c.heard, c.engine = asked, heard, engine
	return nil
}

// least returns a lower bound of the engine's time, and the time before which nothing may be sent.
func (c *paceClock) least() (now, guard time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.engine.Add(c.now().Sub(c.heard)), c.guard
}

// between returns bounds of the engine's time. They are zero while it is not known.
func (c *paceClock) between() (least, most time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.engine.IsZero() {
		return time.Time{}, time.Time{}
	}
	now := c.now()
	return c.engine.Add(now.Sub(c.heard)), c.engine.Add(now.Sub(c.asked))
}

// slot returns the local time that is certainly not before a time of the engine, and the local time that is certainly
// not later than paceGrace after it.
func (c *paceClock) slot(at time.Time) slot {
	c.mu.Lock()
	defer c.mu.Unlock()
	from := c.heard.Add(at.Sub(c.engine))
	until := c.asked.Add(at.Sub(c.engine) + paceGrace)
	if least := from.Add(paceGrace / 8); until.Before(least) {
		until = least // the engine is far away
	}
	return slot{from, until}
}

// offset returns what is added to a local time to get a time of the engine.
func (c *paceClock) offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.engine.Sub(c.heard.Round(0))
}
