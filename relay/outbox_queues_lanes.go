package relay

import (
	"slices"
	"time"
)

// laneKey identifies a lane of an app.
type laneKey struct {
	priority int
	group    string
}

// laneIndex is the entries of an app, by priority and group. A lane without entries is removed.
type laneIndex map[laneKey]*lane

// lane holds the entries of one priority and group.
type lane struct {
	priority int
	group    *group
	again    []uint64 // entries to be tried before the others
	seqs     []uint64 // entries in the order of the stream
}

// group is what is known of a group of an app, or with an empty name of what has no group.
type group struct {
	name   string
	paused bool
	rate   float64   // 0: that of the app
	next   time.Time // if it has a rate
}

func (l *lane) key() laneKey { return laneKey{l.priority, l.group.name} }

func (l *lane) length() int { return len(l.again) + len(l.seqs) }

// first returns the entry that is next.
func (l *lane) first() uint64 {
	if len(l.again) > 0 {
		return l.again[0]
	}
	return l.seqs[0]
}

// pop removes the next entry that is not in progress. It reports false if there is none.
func (l *lane) pop(busy map[uint64]bool) (uint64, bool) {
	for l.length() > 0 {
		from := &l.seqs
		if len(l.again) > 0 {
			from = &l.again
		}
		seq := (*from)[0]
		*from = (*from)[1:]
		if len(*from) == 0 {
			*from = nil // frees the array
		}
		if !busy[seq] {
			return seq, true
		}
	}
	return 0, false
}

// remove removes an entry, wherever it is.
func (l *lane) remove(seq uint64) {
	isIt := func(other uint64) bool { return other == seq }
	l.again, l.seqs = slices.DeleteFunc(l.again, isIt), slices.DeleteFunc(l.seqs, isIt)
}

// after returns the first entry after a message, or 0.
func (l *lane) after(least uint64) uint64 {
	found := uint64(0)
	for _, list := range [][]uint64{l.again, l.seqs} {
		for _, seq := range list {
			if seq > least && (found == 0 || seq < found) {
				found = seq
			}
		}
	}
	return found
}

// tidy removes a lane without entries.
func (all laneIndex) tidy(l *lane) {
	if l.length() == 0 {
		delete(all, l.key())
	}
}

// from returns when the first lane may send, and whether there is one.
func (all laneIndex) from() (from time.Time, some bool) {
	for _, l := range all {
		if !l.group.paused && (!some || l.group.next.Before(from)) {
			from, some = l.group.next, true
		}
	}
	return from, some
}

// best returns the lane from which an entry is sent at a time: that of the highest priority, and of several with the oldest entry.
func (all laneIndex) best(at time.Time) *lane {
	var best *lane
	for _, l := range all {
		switch {
		case l.group.paused, l.group.next.After(at):
		case best == nil, l.priority > best.priority, l.priority == best.priority && l.first() < best.first():
			best = l
		}
	}
	return best
}

// following returns the lane of the first entry after a message that may be sent at a time, and the entry.
func (all laneIndex) following(at time.Time, seq uint64) (*lane, uint64) {
	var best *lane
	var first uint64
	for _, l := range all {
		if l.group.paused || l.group.next.After(at) {
			continue
		}
		if found := l.after(seq); found > 0 && (best == nil || found < first) {
			best, first = l, found
		}
	}
	return best, first
}

// pick chooses the entry of an app that is sent at a time. While a wrong setting pauses the app, each probe is another entry, because
// what Sinch rejects may be one message.
func (q *queues) pick(p *picked, at time.Time) bool {
	a := p.queue
	if p.probe {
		for range 2 {
			if p.lane, p.seq = a.lanes.following(at, a.setting.probed); p.lane != nil {
				break
			}
			a.setting.probed = 0
		}
		if p.lane == nil {
			return false
		}
		p.lane.remove(p.seq)
		a.lanes.tidy(p.lane)
		a.setting.probed = p.seq
		if q.busy[p.seq] {
			return false
		}
		q.busy[p.seq] = true
		return true
	}
	if p.lane = a.lanes.best(at); p.lane == nil {
		return false
	}
	seq, some := p.lane.pop(q.busy)
	a.lanes.tidy(p.lane)
	if some {
		p.seq, q.busy[seq] = seq, true
	}
	return some
}

// lane returns a lane of an app in its index.
func (a *appQueue) lane(in *laneIndex, key laneKey, now *control) *lane {
	if *in == nil {
		*in = make(laneIndex)
	}
	l := (*in)[key]
	if l == nil {
		l = &lane{priority: key.priority, group: a.group(key.group, now)}
		(*in)[key] = l
	}
	return l
}

// group returns a group of an app.
func (a *appQueue) group(name string, now *control) *group {
	g := a.groups[name]
	if g == nil {
		g = &group{name: name}
		g.set(a.app, now)
		a.groups[name] = g
	}
	return g
}

// set applies what operators have set.
func (g *group) set(app string, now *control) {
	g.paused, g.rate = now.paused(app, g.name), now.rate(app, g.name)
	if g.rate == 0 {
		g.next = time.Time{}
	}
}

// length returns the number of entries of an app that wait.
func (a *appQueue) length() int {
	n := 0
	for _, l := range a.lanes {
		n += l.length()
	}
	return n
}

// sendable returns how many entries may be sent soon.
func (a *appQueue) sendable() int {
	n := 0
	for _, l := range a.lanes {
		switch {
		case l.group.paused:
		case a.pace.Reason != "":
			return 1
		case l.group.rate > 0:
			n++
		default:
			n += l.length()
		}
	}
	return n
}

// forgetGroups forgets the groups without entries.
func (a *appQueue) forgetGroups(now time.Time) {
	if a.doing > 0 || a.fresh != nil {
		return
	}
	used := make(map[string]bool)
	for key := range a.lanes {
		used[key.group] = true
	}
	for name, g := range a.groups {
		if !used[name] && g.next.Before(now) {
			delete(a.groups, name)
		}
	}
}
