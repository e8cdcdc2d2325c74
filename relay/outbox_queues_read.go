package relay

import (
	"container/heap"
	"slices"
	"time"
)

// The entries come from two readers. One follows what is added to the stream. The other reads all entries that were there before, for new
// shards and from time to time, because what is sent or removed by other processes is not followed. The entries of new shards can be
// sent while they are read; for others a second index is filled, which replaces the first.

// follow adds an entry that was added to the stream, if its app is of this worker.
func (q *queues) follow(of ref, seq uint64) {
	shard := shardOf(of.app)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.last = max(q.last, seq)
	held := &q.held[shard]
	if !held.own || held.leaving || q.busy[seq] {
		return
	}
	q.add(of, shard, seq)
	if q.during != nil && held.whole {
		q.addFresh(of, shard, seq)
	}
}

// add adds an entry to the index.
func (q *queues) add(of ref, shard int, seq uint64) {
	a := q.of(of.app, shard)
	l := a.lane(&a.lanes, laneKey{of.priority, of.group}, &q.control)
	l.seqs = append(l.seqs, seq)
	if l.length() == 1 {
		q.sort(a)
	}
	if !of.before.IsZero() {
		heap.Push(&q.held[shard].expiries, expiry{of.app, of.before, seq})
	}
}

// addFresh adds an entry to the index that replaces the other one.
func (q *queues) addFresh(of ref, shard int, seq uint64) {
	a := q.of(of.app, shard)
	l := a.lane(&a.fresh, laneKey{of.priority, of.group}, &q.control)
	l.seqs = append(l.seqs, seq)
	if !of.before.IsZero() {
		heap.Push(&q.held[shard].fresh, expiry{of.app, of.before, seq})
	}
}

// follows notes the last message of the stream. What comes after it is followed. It returns the last message that was followed.
func (q *queues) follows(last uint64) uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.last == 0 || last < q.last { // the engine may have lost messages
		q.last = last
	}
	return q.last
}

// beginReading returns the message up to which all entries are to be read.
func (q *queues) beginReading() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.during = make(map[uint64]bool)
	for shard := range q.held {
		held := &q.held[shard]
		held.fresh = nil
		if held.filling = held.own && !held.whole; held.filling {
			held.expiries = nil
		}
	}
	for _, a := range q.apps {
		a.fresh = nil
		if q.held[a.shard].filling {
			a.lanes = make(laneIndex)
			q.sort(a)
		}
	}
	return q.last
}

// read adds an entry that was there before.
func (q *queues) read(of ref, seq uint64) {
	shard := shardOf(of.app)
	q.mu.Lock()
	defer q.mu.Unlock()
	held := &q.held[shard]
	_, touched := q.during[seq]
	switch {
	case !held.own, held.leaving:
	case held.filling && !q.busy[seq] && !touched:
		q.add(of, shard, seq)
	case held.whole:
		q.addFresh(of, shard, seq)
	}
}

// endReading replaces the index by what was read.
func (q *queues) endReading() {
	q.mu.Lock()
	defer q.mu.Unlock()
	gone := func(seq uint64) bool {
		queued, touched := q.during[seq]
		return q.busy[seq] || touched && !queued
	}
	for _, a := range q.apps {
		held := &q.held[a.shard]
		if held.whole {
			a.lanes = a.fresh
			if a.lanes == nil {
				a.lanes = make(laneIndex)
			}
		}
		a.fresh = nil
		for _, l := range a.lanes {
			if held.whole {
				l.seqs = slices.DeleteFunc(l.seqs, gone)
				a.lanes.tidy(l)
			}
			if !slices.IsSorted(l.seqs) {
				slices.Sort(l.seqs)
			}
		}
		q.sort(a)
	}
	for shard := range q.held {
		held := &q.held[shard]
		if held.whole {
			held.expiries, held.fresh = held.fresh, nil
		}
		held.whole, held.filling = held.whole || held.filling, false
	}
	q.during = nil
}

// expiry is an entry with a time after which it is not sent.
type expiry struct {
	app    string
	before time.Time // by the clock of the engine
	seq    uint64
}

// expiryHeap has the entry that expires first at the top.
type expiryHeap []expiry

func (h *expiryHeap) Len() int           { return len(*h) }
func (h *expiryHeap) Less(i, j int) bool { return (*h)[i].before.Before((*h)[j].before) }
func (h *expiryHeap) Swap(i, j int)      { (*h)[i], (*h)[j] = (*h)[j], (*h)[i] }

// Push implements [heap.Interface].
func (h *expiryHeap) Push(x any) {
	e, _ := x.(expiry)
	*h = append(*h, e)
}

// Pop implements [heap.Interface].
func (h *expiryHeap) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	*h = (*h)[:last]
	return e
}

// canExpire reports whether there are entries with a time.
func (q *queues) canExpire() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.ContainsFunc(q.held[:], func(held ownership) bool { return len(held.expiries) > 0 })
}

// expired takes entries whose time has passed, at most some. One that is in progress is looked at again later.
func (q *queues) expired(now time.Time, most int) []expiry {
	q.mu.Lock()
	defer q.mu.Unlock()
	var due []expiry
	for shard := range q.held {
		held := &q.held[shard]
		for len(held.expiries) > 0 && held.own && len(due) < most {
			e := held.expiries[0]
			if e.before.After(now) {
				break
			}
			if q.busy[e.seq] {
				held.expiries[0].before = now.Add(expireAgain)
				heap.Fix(&held.expiries, 0)
				continue
			}
			heap.Pop(&held.expiries)
			q.busy[e.seq] = true
			held.pending++
			due = append(due, e)
		}
	}
	return due
}

// doneExpiring notes that an entry has expired, or is to be looked at again at a time.
func (q *queues) doneExpiring(e expiry, again time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	held := &q.held[shardOf(e.app)]
	held.pending--
	if again.IsZero() {
		q.ended(e.seq)
		return
	}
	delete(q.busy, e.seq)
	if held.own {
		e.before = again
		heap.Push(&held.expiries, e)
	}
}
