package pgconversation

import (
	"math"
	"time"
)

const (
	// paceSlack is how late a request may reach Sinch. Requests are spaced so that even then no window of a second has too many.
	paceSlack = 70 * time.Millisecond
	// paceWindow is the time in which the requests of a window of a second are granted.
	paceWindow = time.Second + paceSlack
	// paceAhead is how far ahead turns are granted.
	paceAhead = time.Second
	// paceGuard is how long nothing is sent after the clock of the server was set: what was granted before, and a window.
	paceGuard = paceAhead + paceWindow
	// paceFar is added to the guard for the latest time that a record can have, unless the clock was set back.
	paceFar = 3 * time.Second
	// paceCell is the longest time in which requests of a project share a cell.
	paceCell = 5 * time.Millisecond
	// maxPause limits the wait that a 429 asks for.
	maxPause = time.Hour
)

// spacing returns the time between two requests, in whole microseconds as the times of the server, so that no window of a second exceeds
// the rate even if some are late.
func spacing(rate float64) time.Duration {
	if rate >= 1 {
		rate = math.Floor(rate)
	}
	return time.Duration(math.Ceil(float64(paceWindow.Microseconds())/rate)) * time.Microsecond
}

// grid divides time into cells of the same width, in each of which a project may send a number of requests. Unlike a time of the next request, it
// has room for an app before a time that was granted to another.
type grid struct {
	width  time.Duration
	most   int  // requests in a cell
	anyway bool // they may leave at any time in their cell, and not at its start alone
}

func newGrid(rate float64) grid {
	most := max(1, int(rate*paceCell.Seconds()))
	if rate < 50 {
		return grid{width: spacing(rate), most: most}
	}
	// A window of a second touches one cell more than fit into it.
	return grid{width: spacing(math.Floor(rate/float64(most)) - 1), most: most, anyway: true}
}

// start returns the start of the cell of a time.
func (g grid) start(at time.Time) time.Time {
	width := g.width.Microseconds()
	return time.UnixMicro(at.UnixMicro() / width * width)
}

// projectPace is when a project may send.
type projectPace struct {
	next    time.Time // start of the first cell of granted; nothing is granted before
	until   time.Time // end of the last cell with a request
	granted []uint16  // requests in each cell
}

// appPace is when an app may send.
type appPace struct {
	next  time.Time // of the next request
	until time.Time // no request before, because of a 429
}

// paceRecord is what all processes share. Times are of the clock of the server.
type paceRecord struct {
	project projectPace
	apps    map[string]*appPace
}

// paceWant is a number of turns that a process needs for an app.
type paceWant struct {
	app     string
	spacing time.Duration
	n       int
	lead    time.Duration // to the first turn
}

// begin forgets what is past. If the clock of the server was set, the record starts over after a guard. A record from the future means that the
// clock was set back.
func (r *paceRecord) begin(g grid, now time.Time, set bool) {
	p := &r.project
	switch {
	case set || later(p.next, p.until).Sub(now) > paceGuard+paceFar:
		p.next = g.start(now.Add(paceGuard + g.width))
		p.until, p.granted = p.next, nil
	case !p.next.Equal(g.start(p.next)): // of another rate
		p.next = g.start(later(later(p.next, p.until), now).Add(g.width))
		p.granted = nil
	}
	if past := g.start(now).Sub(g.start(p.next)); past > 0 {
		p.granted = p.granted[min(int64(past/g.width), int64(len(p.granted))):]
		p.next = g.start(now)
	}
	for _, a := range r.apps {
		if a.next.Sub(now) > paceGuard+paceFar {
			a.next = now.Add(paceGuard)
		}
		if a.until.Sub(now) > maxPause {
			a.until = now.Add(maxPause)
		}
	}
}

// grant returns times at which an app sends, and when it could send next. They are at most paceAhead after now.
func (r *paceRecord) grant(g grid, want paceWant, now time.Time) (times []time.Time, free time.Time) {
	a := r.apps[want.app]
	at := later(later(a.next, a.until), now.Add(want.lead))
	for {
		at = r.project.place(g, at)
		if len(times) == want.n || at.Sub(now) > paceAhead {
			return times, at
		}
		times = append(times, at)
		r.project.use(g, at)
		at = at.Add(want.spacing)
		a.next = at
	}
}

// place returns the first time, not before at, when there is room.
func (p *projectPace) place(g grid, at time.Time) time.Time {
	at = time.UnixMicro(later(at, p.next).UnixMicro())
	for cell := g.start(at); ; cell = cell.Add(g.width) {
		if at.After(cell) && !g.anyway {
			continue
		}
		if i := int(cell.Sub(p.next) / g.width); i >= len(p.granted) || int(p.granted[i]) < g.most {
			return later(at, cell)
		}
	}
}

func (p *projectPace) use(g grid, at time.Time) {
	i := int(g.start(at).Sub(p.next) / g.width)
	for len(p.granted) <= i {
		p.granted = append(p.granted, 0)
	}
	p.granted[i]++
	p.until = later(p.until, g.start(at).Add(g.width))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
