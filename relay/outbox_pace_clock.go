package relay

import (
	"context"
	"sync"
	"time"
)

const (
	// clockLife is how long a look at the engine's clock serves.
	clockLife = 5 * time.Second
	// clockLooks is how often the clock is looked at to find the quickest answer.
	clockLooks = 3
	// clockStep is how much two looks may differ before the clock counts as set.
	clockStep = 50 * time.Millisecond
)

// paceClock reads the clock of the engine, which all processes share, by the monotonic clock of this one: a wall clock that
// is set here changes nothing.
type paceClock struct {
	look func(context.Context) (time.Time, error) // the time at the engine
	now  func() time.Time                         // here; monotonic

	mu     sync.Mutex
	asked  time.Time // when the question left
	heard  time.Time // when the answer came
	engine time.Time // the answer
	guard  time.Time // of the engine: nothing may be sent before, since its clock was set
}

// sync looks at the engine's clock if the last look is too old, or in any case.
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

// least gives the time that it is at the engine now, at least, and the time before which nothing may be sent.
func (c *paceClock) least() (now, guard time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.engine.Add(c.now().Sub(c.heard)), c.guard
}

// slot gives the time here that is for certain not before a time of the engine, and that which is for certain not later
// than paceGrace after.
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
