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

	mu    sync.Mutex
	held  [shards]ownership
	apps  map[string]*appQueue
	ready readyHeap
	busy  map[uint64]bool    // in progress, or to be tried again later
	limit map[string]float64 // published rates
	asks  chan struct{}      // an app has no rate
}

// ownership is what a worker knows of a shard.
type ownership struct {
	own     bool
	leaving bool      // nothing is sent any more, so that another worker can have it
	from    time.Time // nothing is sent before
	sent    time.Time // when the last entry was sent, or later
	pending int       // entries in progress
	dirty   bool      // the pace of its apps differs from what is stored
}

// appQueue holds the entries of one app.
type appQueue struct {
	app   string
	shard int
	again []uint64 // entries to be tried before the others
	seqs  []uint64 // entries in the order of the stream
	pace  appPace  // by the local clock
	doing int      // entries in progress
	late  int      // entries in progress that wait for another turn, before others get one
	at    int      // index in the heap, or -1
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

// length returns the number of entries of an app that wait.
func (a *appQueue) length() int { return len(a.again) + len(a.seqs) }

// next returns when the app may send.
func (q *queues) next(a *appQueue) time.Time {
	return later(later(a.pace.Next, a.pace.Until), q.held[a.shard].from)
}

// of returns the queue of an app.
func (q *queues) of(app string, shard int) *appQueue {
	a := q.apps[app]
	if a == nil {
		a = &appQueue{app: app, shard: shard, at: -1}
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
	waits := a.length() > 0 && a.late == 0 && a.pace.Limit > 0 && q.held[a.shard].own && !q.held[a.shard].leaving
	switch {
	case a.length() > 0 && a.pace.Limit == 0:
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

// add adds an entry that was read from the stream, if its app is of this worker.
func (q *queues) add(app string, seq uint64) {
	shard := shardOf(app)
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.held[shard].own || q.held[shard].leaving || q.busy[seq] {
		return
	}
	a := q.of(app, shard)
	a.seqs = append(a.seqs, seq)
	q.sort(a)
}

// clear forgets what waits, because it will be read from the stream again. What is in progress is not added again.
func (q *queues) clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, a := range q.apps {
		a.seqs, a.again = nil, nil
		q.sort(a)
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
		n += min(a.length(), 1+int(left.Seconds()*a.pace.rate(now)))
		if n >= most {
			return most
		}
	}
	return n
}

// take removes the entry that is sent at a time: of the app that may send for longest. It returns nil if there is none.
func (q *queues) take(at time.Time) (*appQueue, uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.ready) > 0 {
		a := q.ready[0]
		if q.next(a).After(at) {
			return nil, 0
		}
		if a.doing >= q.most && len(q.ready) > 1 {
			heap.Pop((*sorted)(q)) // it comes back when one of its entries is done
			continue
		}
		seq := a.pop()
		a.doing++
		q.busy[seq] = true
		q.spend(a, at)
		q.held[a.shard].pending++
		return a, seq
	}
	return nil, 0
}

// spend notes that an app sends at a time.
func (q *queues) spend(a *appQueue, at time.Time) {
	a.pace.Next = at.Add(spacing(a.pace.rate(at), paceSlack))
	held := &q.held[a.shard]
	held.sent, held.dirty = later(held.sent, at), true
	q.sort(a)
}

func (a *appQueue) pop() uint64 {
	from := &a.seqs
	if len(a.again) > 0 {
		from = &a.again
	}
	seq := (*from)[0]
	*from = (*from)[1:]
	if len(*from) == 0 {
		*from = nil // frees the array
	}
	return seq
}

// done notes the end of an attempt, and whether the entry is to be tried again after a while.
func (q *queues) done(a *appQueue, seq uint64, again bool, after time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	a.doing--
	q.held[a.shard].pending--
	q.held[a.shard].sent = later(q.held[a.shard].sent, now.Add(-paceGuard)) // what it sent was counted when it left
	if !again {
		delete(q.busy, seq)
	} else {
		time.AfterFunc(after, func() { q.back(a.app, a.shard, seq) })
	}
	q.sort(a)
}

// back adds an entry that is to be tried again.
func (q *queues) back(app string, shard int, seq uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.busy, seq)
	if !q.held[shard].own || q.held[shard].leaving {
		return
	}
	a := q.of(app, shard)
	a.again = append(a.again, seq)
	q.sort(a)
}

// book reserves another turn of an app within a time, and reports whether it found one. Attempts that missed theirs call it.
func (q *queues) book(a *appQueue, within time.Duration, slot func(from, until time.Time) (slot, bool)) (slot, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	turn, ok := slot(later(q.next(a), now), now.Add(within))
	if ok {
		q.spend(a, turn.from)
	}
	return turn, ok
}

// delay notes that entries in progress wait for another turn, or no longer.
func (q *queues) delay(a *appQueue, more int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	a.late += more
	q.sort(a)
}

// turnOf returns when an app may send next.
func (q *queues) turnOf(a *appQueue) time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.next(a)
}

// readyHeap is the apps that have entries, the one that may send first at the top.
type readyHeap []*appQueue

// sorted implements [heap.Interface] for the ready apps.
type sorted queues

func (s *sorted) Len() int { return len(s.ready) }
func (s *sorted) Less(i, j int) bool {
	q := (*queues)(s)
	return q.next(s.ready[i]).Before(q.next(s.ready[j]))
}

func (s *sorted) Swap(i, j int) {
	s.ready[i], s.ready[j] = s.ready[j], s.ready[i]
	s.ready[i].at, s.ready[j].at = i, j
}

// Push implements [heap.Interface].
func (s *sorted) Push(x any) {
	a, _ := x.(*appQueue)
	a.at = len(s.ready)
	s.ready = append(s.ready, a)
}

// Pop implements [heap.Interface].
func (s *sorted) Pop() any {
	last := len(s.ready) - 1
	a := s.ready[last]
	s.ready, a.at = s.ready[:last], -1
	return a
}
