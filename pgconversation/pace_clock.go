package pgconversation

import "time"

const (
	// paceGrace is how late a request may leave; after that it needs another turn.
	paceGrace = 30 * time.Millisecond
	// paceLeast is the least time of a turn that must be left for a request to leave in it.
	paceLeast = 5 * time.Millisecond
	// paceUnsure is how inexactly the clock of the server may be known. A request that leaves in its turn still reaches Sinch within the slack then.
	paceUnsure = 40 * time.Millisecond
	// clockLife is how long a reading of the clock is of use.
	clockLife = 10 * time.Second
	// clockStep is the difference between two readings above which the clock counts as set.
	clockStep = 50 * time.Millisecond
	// clockDrift is the part by which the clocks may run differently.
	clockDrift = 0.0005
)

// slot is the time in which a request may leave, by the local monotonic clock.
type slot struct{ from, until time.Time }

// paceClock derives the time of the server, which all processes share, from the local monotonic clock. Setting a local wall clock has no effect. It
// knows between which two times the clock of the server is, because an answer of the server was written after the question and before it was read.
type paceClock struct {
	read        time.Time // the latest reading, by the local clock
	least, most time.Time // the time of the server at read
}

// sync adds a reading: asked and heard are when the question left and the answer arrived. It reports whether the clock of the server was set
// since the reading before.
func (c *paceClock) sync(asked, heard, server time.Time) (set bool) {
	least, most := server, server.Add(heard.Sub(asked))
	passed := heard.Sub(c.read)
	if !c.read.IsZero() && passed < clockLife {
		drift := time.Duration(float64(passed) * clockDrift)
		oldLeast, oldMost := c.least.Add(passed-drift), c.most.Add(passed+drift)
		switch {
		case least.Sub(oldMost) > clockStep || oldLeast.Sub(most) > clockStep:
			set = true
		case !least.After(oldMost) && !oldLeast.After(most):
			least = later(least, oldLeast)
			if oldMost.Before(most) {
				most = oldMost
			}
		}
	}
	c.read, c.least, c.most = heard, least, most
	return set
}

// now returns a lower bound of the time of the server.
func (c *paceClock) now() time.Time { return c.least.Add(time.Since(c.read)) }

// sure reports whether the clock of the server is known well enough.
func (c *paceClock) sure() bool { return c.most.Sub(c.least) <= paceUnsure }

// slot returns the local time that is certainly not before a time of the server, and the local time that is certainly not later than paceGrace
// after it, or soon after the first if the server is far away.
func (c *paceClock) slot(at time.Time) slot {
	from := c.local(at)
	until := c.read.Add(at.Sub(c.most) + paceGrace)
	return slot{from, later(until, from.Add(paceLeast))}
}

// local returns the local time that is certainly not before a time of the server.
func (c *paceClock) local(at time.Time) time.Time { return c.read.Add(at.Sub(c.least)) }
