package relay

import "time"

// settingTrips is the number of consecutive failures of an app because of its setting after which it is paused.
const settingTrips = 5

// setting is what is known of the setting of an app: its credentials, its region and its ID. It is wrong while [appPace].Reason is not
// empty.
type setting struct {
	failed  int       // consecutive failures because of it
	probing bool      // an entry is being sent to see whether it is mended
	probe   time.Time // no entry is sent before
	probed  uint64    // the last entry that was sent
	tries   int
}

// wrong notes a failure of an entry because of the setting of its app. It reports whether the app is paused, so that the entry stays in
// the queue, and whether the pause has just begun.
func (q *queues) wrong(p *picked, reason string, now time.Time) (paused, began bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	a := p.queue
	if a.pace.Reason != "" {
		if p.probe {
			a.setting.tries++
			a.setting.probe = time.Now().Add(min(breakerFirst<<min(a.setting.tries, 10), breakerMost))
			q.sort(a)
		}
		return true, false
	}
	if a.setting.failed++; a.setting.failed < settingTrips {
		return false, false
	}
	a.pace.Reason, a.pace.Since = reason, now
	a.setting.tries, a.setting.probe = 0, time.Now().Add(breakerFirst)
	q.held[a.shard].dirty = true
	q.sort(a)
	return false, true
}

// right notes a reply that shows that the setting of an app is right. It reports whether that ends a pause.
func (q *queues) right(a *appQueue) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	ended := a.pace.Reason != ""
	q.mend(a)
	return ended
}

func (q *queues) mend(a *appQueue) {
	probing := a.setting.probing
	a.setting = setting{probing: probing}
	if a.pace.Reason == "" {
		return
	}
	a.pace.Reason, a.pace.Since = "", time.Time{}
	q.held[a.shard].dirty = true
	q.sort(a)
}

// unclear has a probe repeated after the same while, because its outcome does not show whether the setting is right.
func (q *queues) unclear(p *picked) {
	q.mu.Lock()
	defer q.mu.Unlock()
	a := p.queue
	if p.probe && a.pace.Reason != "" {
		a.setting.probe = time.Now().Add(min(breakerFirst<<min(a.setting.tries, 10), breakerMost))
		q.sort(a)
	}
}

// halted reports whether an entry that was taken must not be sent now.
func (q *queues) halted(p *picked) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return p.stopped()
}

func (p *picked) stopped() bool {
	return p.lane.group.paused || p.queue.pace.Reason != "" && !p.probe
}

// setControl applies what operators have set. After a [Outbox.Resume], apps with a wrong setting are probed immediately.
func (q *queues) setControl(now control) (resumed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	resumed = now.Resumed != q.control.Resumed
	q.control = now
	for _, a := range q.apps {
		for _, g := range a.groups {
			g.set(a.app, &now)
		}
		if resumed && a.pace.Reason != "" {
			a.setting.tries, a.setting.probe = 0, time.Time{}
			if a.length() == 0 && a.doing == 0 {
				q.mend(a) // there is nothing to probe with
			}
		}
		q.sort(a)
	}
	q.notify()
	return resumed
}
