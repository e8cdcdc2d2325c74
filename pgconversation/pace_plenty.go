package pgconversation

import "time"

const (
	// plentyFor, in time at the rate, limits the jobs that are on their way to the gate without a slot, and how far away the next turn may be then.
	plentyFor = 10 * time.Millisecond
	// plentyLeast is how many jobs there must be room for in that time. It excludes the rates that Sinch documents, at which every turn counts.
	plentyLeast = 16
)

// takePlenty lets a job go on immediately if its app has so many turns that there will be one when it is at the gate. As many are granted meanwhile as
// there are such jobs.
func (p *pacer) takePlenty(app string, between time.Duration) (turn, bool) {
	if !isPlenty(between) {
		return turn{}, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	q, now := p.queue(app), time.Now()
	q.spacing = between
	if !q.plenty(now) || time.Duration(p.early+1)*p.least > plentyFor {
		return turn{}, false
	}
	p.early++
	q.early++
	p.serve(q)
	return turn{app: app, spacing: between, taken: now, early: true}, true
}

// done is called when a job ends. It may have sent nothing.
func (p *pacer) done(t *turn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.arrived(t)
}

// arrived notes that a job is not on its way to the gate any more.
func (p *pacer) arrived(t *turn) {
	if t.early {
		t.early = false
		p.early--
		p.queues[t.app].early--
	}
}

// isPlenty reports whether the requests of an app may follow each other so soon that its jobs need not wait for a slot before they begin.
func isPlenty(between time.Duration) bool { return between*plentyLeast <= plentyFor }

// plenty reports whether one more job may go on without a slot.
func (q *paceQueue) plenty(now time.Time) bool {
	return isPlenty(q.spacing) && time.Duration(q.early+1)*q.spacing <= plentyFor && later(q.free, q.held).Sub(now) <= plentyFor
}

// spare returns a slot that nobody waits for.
func (q *paceQueue) spare(now time.Time) (slot, bool) {
	q.expire(now)
	if len(q.waiters) > 0 || len(q.slots) == 0 || q.slots[0].from.Sub(now) > takeEarly {
		return slot{}, false
	}
	s := q.slots[0]
	q.slots = q.slots[1:]
	return s, true
}
