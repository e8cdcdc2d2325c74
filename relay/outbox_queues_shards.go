package relay

import (
	"cmp"
	"slices"
	"time"
)

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
			added = append(added, shard)
		case !mine && held.own:
			q.drop(shard)
			held.own, held.leaving = false, false
		}
	}
	return added
}

// drop forgets the entries of a shard.
func (q *queues) drop(shard int) {
	for app, a := range q.apps {
		if a.shard == shard {
			a.seqs, a.again = nil, nil
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
		if a.length() == 0 && a.doing == 0 && a.pace.idle(now) {
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
		if a.shard == shard && !a.pace.Next.IsZero() && !a.pace.idle(now) {
			all[app] = a.pace
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
		q.sort(a)
	}
}

// owns reports whether the worker owns a shard.
func (q *queues) owns(shard int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.held[shard].own
}

// limits returns the published rates as last read.
func (q *queues) limits() map[string]float64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.limit
}
