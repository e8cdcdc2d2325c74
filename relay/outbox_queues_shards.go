package relay

import (
	"cmp"
	"slices"
	"time"
)

// ownership is what a worker knows of a shard.
type ownership struct {
	own     bool
	loaded  bool      // the paces of its apps are known
	leaving bool      // nothing is sent any more, so that another worker can have it
	from    time.Time // nothing is sent before
	sent    time.Time // when the last entry was sent, or later
	pending int       // entries in progress
	dirty   bool      // the pace of its apps differs from what is stored

	filling  bool       // its entries are read for the first time
	whole    bool       // its entries were read
	expiries expiryHeap // of the entries that expire
	fresh    expiryHeap // while all entries are read again: what replaces expiries
}

// own notes which shards the worker owns, and from when on each may send. It returns whether some are new: their entries are
// to be read from the stream.
func (q *queues) own(from map[int]time.Time) []int {
	q.mu.Lock()
	defer q.mu.Unlock()
	var added []int
	for shard := range shards {
		at, mine := from[shard]
		held := &q.held[shard]
		switch {
		case mine && !held.own:
			held.own, held.leaving, held.from = true, false, at
			held.loaded, held.whole, held.filling = false, false, false
			added = append(added, shard)
		case !mine && held.own:
			q.drop(shard)
			held.own, held.leaving = false, false
		}
	}
	return added
}

// loaded notes that the paces of shards are known, so that their entries can be sent.
func (q *queues) loaded(added []int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, shard := range added {
		q.held[shard].loaded = true
	}
	for _, a := range q.apps {
		q.sort(a)
	}
}

// drop forgets the entries of a shard.
func (q *queues) drop(shard int) {
	q.held[shard].expiries, q.held[shard].fresh = nil, nil
	for app, a := range q.apps {
		if a.shard == shard {
			a.lanes, a.fresh = make(laneIndex), nil
			q.sort(a)
			if a.doing == 0 {
				delete(q.apps, app)
			}
		}
	}
}

// surplus stops sending for the shards above a number, and returns those of them that can be released now.
func (q *queues) surplus(mine []int, target int) []int {
	q.mu.Lock()
	defer q.mu.Unlock()
	mine = slices.Clone(mine)
	slices.SortStableFunc(mine, func(a, b int) int { return cmp.Compare(q.rank(a), q.rank(b)) })
	var free []int
	for i, shard := range mine {
		held := &q.held[shard]
		if i >= len(mine)-target {
			held.own = held.own && !held.leaving // it stays: what it dropped is read again
			continue
		}
		if !held.leaving {
			held.leaving = true
			q.drop(shard)
		}
		if held.pending == 0 {
			free = append(free, shard)
		}
	}
	return free
}

// rank orders shards: those that are leaving, those that send nothing, the others.
func (q *queues) rank(shard int) int {
	switch held := q.held[shard]; {
	case held.leaving:
		return 0
	case held.pending == 0:
		return 1
	}
	return 2
}

// released returns what the shared record says of a shard that is released.
func (q *queues) released(shard int, now time.Time) string {
	q.mu.Lock()
	defer q.mu.Unlock()
	if now.Sub(q.held[shard].sent) > paceGuard && now.After(q.held[shard].from) {
		return nobody
	}
	return nobodyJustNow
}

// forgetIdle forgets the apps that have sent nothing for a while.
func (q *queues) forgetIdle(now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for app, a := range q.apps {
		a.forgetGroups(now)
		if len(a.lanes) == 0 && len(a.groups) == 0 && a.doing == 0 && a.fresh == nil && a.pace.idle(now) {
			delete(q.apps, app)
		}
	}
}

// setLimits sets the published rates of the apps, and those of the others that have entries to a default.
func (q *queues) setLimits(limits map[string]float64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.limit = limits
	for app, a := range q.apps {
		if limit, known := limits[app]; known {
			a.pace.Limit = limit
		} else if a.pace.Limit == 0 {
			a.pace.Limit = defaultAppRate
		}
		q.sort(a)
	}
}

// throttled notes a 429 of an app.
func (q *queues) throttled(a *appQueue, asked time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	a.pace.throttled(time.Now(), spread(asked))
	q.held[a.shard].dirty = true
	q.sort(a)
}

// paces returns the paces of the apps of a shard that have sent something lately, if they differ from what is stored.
func (q *queues) paces(shard int) map[string]appPace {
	q.mu.Lock()
	defer q.mu.Unlock()
	held := &q.held[shard]
	if !held.own || !held.dirty {
		return nil
	}
	held.dirty = false
	all := make(map[string]appPace)
	now := time.Now()
	for app, a := range q.apps {
		if a.shard == shard && (!a.pace.Next.IsZero() || a.pace.Reason != "") && !a.pace.idle(now) {
			pace := a.pace
			pace.Groups = a.groupPaces(now)
			all[app] = pace
		}
	}
	return all
}

// load sets the paces of the apps of a shard as another worker stored them.
func (q *queues) load(shard int, paces map[string]appPace) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for app, pace := range paces {
		if !q.held[shard].own || shardOf(app) != shard {
			continue
		}
		a := q.of(app, shard)
		a.pace.Rate, a.pace.Strikes = pace.Rate, pace.Strikes
		a.pace.Next, a.pace.Until = later(a.pace.Next, pace.Next), later(a.pace.Until, pace.Until)
		a.pace.Reason, a.pace.Since = pace.Reason, pace.Since
		a.setting = setting{probe: time.Now().Add(breakerFirst)}
		a.loadGroups(pace.Groups, &q.control)
		q.sort(a)
	}
}

// owns reports whether the worker owns a shard.
func (q *queues) owns(shard int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.held[shard].own
}

// groupPaces returns when the groups of an app that have a rate may send next.
func (a *appQueue) groupPaces(now time.Time) map[string]time.Time {
	var next map[string]time.Time
	for name, g := range a.groups {
		if g.next.After(now) {
			if next == nil {
				next = make(map[string]time.Time)
			}
			next[name] = g.next
		}
	}
	return next
}

// loadGroups sets when the groups of an app may send next.
func (a *appQueue) loadGroups(next map[string]time.Time, now *control) {
	for name, at := range next {
		g := a.group(name, now)
		if g.rate > 0 {
			g.next = later(g.next, earlier(at, time.Now().Add(paceGuard+spacing(g.rate)))) // the clock of the engine may have been set
		}
	}
}

// limits returns the published rates as last read.
func (q *queues) limits() map[string]float64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.limit
}
