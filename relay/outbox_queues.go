package relay

import (
	"container/heap"
	"sync"
	"time"
)

// queues are the queued entries of the apps that a worker owns, by their sequence numbers in the stream, and when each app
// may send next. Cost and memory depend on the apps that have entries: 8 bytes an entry.
type queues struct {
	fixed float64       // the rate of each app; 0: what it publishes
	most  int           // entries of one app in progress while other apps have some
	wake  chan struct{} // an app may have become ready

	mu      sync.Mutex
	held    [shards]ownership
	apps    map[string]*appQueue
	ready   readyHeap
	busy    map[uint64]bool    // in progress, or to be tried again later
	limit   map[string]float64 // published rates
	asks    chan struct{}      // an app has no rate
	control control            // what operators have set

	last   uint64          // the last message that was followed
	during map[uint64]bool // while all entries are read again: those that ended, or are back (true)
}

// appQueue holds the entries of one app.
type appQueue struct {
	app     string
	shard   int
	lanes   laneIndex
	fresh   laneIndex // while all entries are read again: what replaces lanes
	groups  map[string]*group
	pace    appPace // by the local clock
	setting setting
	doing   int       // entries in progress
	late    int       // entries in progress that wait for another turn, before others get one
	at      int       // index in the heap, or -1
	from    time.Time // when the first lane may send
}

// picked is an entry that was taken, in a turn of its app and group.
type picked struct {
	queue *appQueue
	lane  *lane
	seq   uint64
	probe bool // whether the setting is mended

	before, after           time.Time // the next turn of the app without and with this one
	groupBefore, groupAfter time.Time // and of the group
}

func newQueues(fixed float64, concurrency int) *queues {
	return &queues{
		fixed: fixed, most: max(1, concurrency/2), wake: make(chan struct{}, 1), asks: make(chan struct{}, 1),
		apps: make(map[string]*appQueue), busy: make(map[uint64]bool), limit: make(map[string]float64),
	}
}

// notify wakes the dispatcher.
func (q *queues) notify() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// turn returns when the app may send.
func (q *queues) turn(a *appQueue) time.Time {
	return later(later(a.pace.Next, a.pace.Until), q.held[a.shard].from)
}

// next returns when the app may send and has an entry that may be sent.
func (q *queues) next(a *appQueue) time.Time {
	at := later(q.turn(a), a.from)
	if a.pace.Reason != "" {
		at = later(at, a.setting.probe)
	}
	return at
}

// of returns the queue of an app.
func (q *queues) of(app string, shard int) *appQueue {
	a := q.apps[app]
	if a == nil {
		a = &appQueue{app: app, shard: shard, at: -1, lanes: make(laneIndex), groups: make(map[string]*group)}
		q.apps[app] = a
	}
	if a.pace.Limit == 0 {
		a.pace.Limit = q.fixed
		if q.fixed == 0 {
			a.pace.Limit = q.limit[app]
		}
	}
	return a
}

// sort puts an app into the heap, out of it, or to another place of it.
func (q *queues) sort(a *appQueue) {
	held := &q.held[a.shard]
	from, some := a.lanes.from()
	a.from = from
	waits := some && a.late == 0 && a.pace.Limit > 0 && held.own && held.loaded && !held.leaving && !a.setting.probing
	switch {
	case some && a.pace.Limit == 0:
		select {
		case q.asks <- struct{}{}:
		default:
		}
	case waits && a.at >= 0:
		heap.Fix((*sorted)(q), a.at)
	case waits:
		heap.Push((*sorted)(q), a)
		q.notify()
	case a.at >= 0:
		heap.Remove((*sorted)(q), a.at)
	}
}

// wait returns how long it takes until an app may send, by the local clock. It is negative if none has entries.
func (q *queues) wait(now time.Time) time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.ready) == 0 {
		return -1
	}
	return max(0, q.next(q.ready[0]).Sub(now))
}

// demand returns how many entries may be sent until a time, up to a limit.
func (q *queues) demand(now, until time.Time, most int) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for _, a := range q.ready {
		left := until.Sub(later(q.next(a), now))
		if left < 0 {
			continue
		}
		n += min(a.sendable(), 1+int(left.Seconds()*a.pace.rate(now)))
		if n >= most {
			return most
		}
	}
	return n
}

// take removes the entry that is sent at a time: of the app that may send for longest. It returns nil if there is none.
func (q *queues) take(at time.Time) *picked {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.ready) > 0 {
		a := q.ready[0]
		if q.next(a).After(at) {
			return nil
		}
		if a.doing >= q.most && len(q.ready) > 1 {
			heap.Pop((*sorted)(q)) // it comes back when one of its entries is done
			continue
		}
		p := &picked{queue: a, probe: a.pace.Reason != ""}
		if !q.pick(p, at) {
			q.sort(a)
			continue
		}
		a.doing++
		a.setting.probing = p.probe
		q.held[a.shard].pending++
		p.before, p.groupBefore = a.pace.Next, p.lane.group.next
		q.spend(p, at)
		p.after, p.groupAfter = a.pace.Next, p.lane.group.next
		return p
	}
	return nil
}

// spend notes that an entry of an app and a group is sent at a time.
func (q *queues) spend(p *picked, at time.Time) {
	a, g := p.queue, p.lane.group
	a.pace.Next = at.Add(spacing(a.pace.rate(at)))
	if g.rate > 0 {
		g.next = at.Add(spacing(g.rate))
	}
	held := &q.held[a.shard]
	held.sent, held.dirty = later(held.sent, at), true
	q.sort(a)
}

// done notes the end of an attempt, and whether the entry is to be tried again after a while.
func (q *queues) done(p *picked, again bool, after time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	a, now := p.queue, time.Now()
	a.doing--
	if p.probe {
		a.setting.probing = false
	}
	q.held[a.shard].pending--
	q.held[a.shard].sent = later(q.held[a.shard].sent, now.Add(-paceGuard)) // what it sent was counted when it left
	if again {
		key := p.lane.key()
		time.AfterFunc(after, func() { q.back(a.app, a.shard, key, p.seq) })
	} else {
		q.ended(p.seq)
	}
	q.sort(a)
}

// ended notes that an entry is not in the queue any more.
func (q *queues) ended(seq uint64) {
	delete(q.busy, seq)
	if q.during != nil {
		q.during[seq] = false
	}
}

// instead returns another entry for the turn of one that another process has removed or settled, or nil, which frees the turn.
func (q *queues) instead(p *picked) *picked {
	q.mu.Lock()
	defer q.mu.Unlock()
	a, l := p.queue, p.queue.lanes[p.lane.key()]
	held := &q.held[a.shard]
	if l != nil && held.own && !held.leaving && !p.stopped() {
		seq, some := l.pop(q.busy)
		a.lanes.tidy(l)
		if some {
			q.ended(p.seq)
			q.busy[seq] = true
			other := *p
			other.lane, other.seq = l, seq
			q.sort(a)
			return &other
		}
	}
	if a.pace.Next.Equal(p.after) {
		a.pace.Next = p.before
	}
	if g := p.lane.group; g.next.Equal(p.groupAfter) {
		g.next = p.groupBefore
	}
	return nil
}

// back adds an entry that is to be tried again.
func (q *queues) back(app string, shard int, key laneKey, seq uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.busy, seq)
	if q.during != nil {
		q.during[seq] = true
	}
	if !q.held[shard].own || q.held[shard].leaving {
		return
	}
	a := q.of(app, shard)
	l := a.lane(&a.lanes, key, &q.control)
	l.again = append(l.again, seq)
	q.sort(a)
}

// book reserves another turn of an app and a group within a time, and reports whether it found one. Attempts that missed theirs call it.
func (q *queues) book(p *picked, within time.Duration, slot func(from, until time.Time) (slot, bool)) (slot, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	turn, ok := slot(later(q.turnFor(p), now), now.Add(within))
	if ok {
		q.spend(p, turn.from)
	}
	return turn, ok
}

// turnFor returns when an entry that was taken may be sent, if it has missed its turn.
func (q *queues) turnFor(p *picked) time.Time {
	return later(q.turn(p.queue), p.lane.group.next)
}

// delay notes that entries in progress wait for another turn, or no longer.
func (q *queues) delay(a *appQueue, more int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	a.late += more
	q.sort(a)
}

// turnOf returns when the app and the group of an entry may send next.
func (q *queues) turnOf(p *picked) (app, group time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.turn(p.queue), p.lane.group.next
}
