package relay

import (
	"cmp"
	"math"
	"time"
)

const (
	// defaultAppRate and defaultProjectRate are Sinch's documented requests a second. What an app publishes takes
	// precedence.
	defaultAppRate     = 20
	defaultProjectRate = 800

	// paceGrace is how late a request may leave; after that it needs another slot.
	paceGrace = 30 * time.Millisecond
	// paceLeast is the least time of a slot that must be left for a request to leave in it.
	paceLeast = 20 * time.Millisecond
	// paceSlack is how late a request may reach Sinch. Requests are spaced so that even then no window of a second has
	// too many.
	paceSlack = 70 * time.Millisecond
	// paceAhead is how far ahead slots are assigned.
	paceAhead = 200 * time.Millisecond
	// paceGuard is how long nothing is sent after the clock of the engine was set: a window, and what was assigned
	// before.
	paceGuard = time.Second + paceSlack + paceAhead

	// paceCut is the factor by which a 429 reduces the rate of an app.
	paceCut = 0.7
	// paceRecovery is how long a rate takes to recover from 0.
	paceRecovery = 30 * time.Second
	// paceFloor is the minimum rate of an app after 429s.
	paceFloor = 0.5
	// maxPause limits a Retry-After.
	maxPause = 5 * time.Minute
	// maxProjectSpacing is the spacing of the lowest project rate that WithRates accepts.
	maxProjectSpacing = 2 * time.Second
	// idleLife is how long an app that sends nothing stays in the record.
	idleLife = time.Minute
)

// paceRecord is shared by all processes: when the next request may leave. Times are of the engine's clock.
type paceRecord struct {
	Project time.Time           `json:"project"`        // of the next request of any app
	Apps    map[string]*appPace `json:"apps,omitempty"` // written by workers of earlier versions
}

// appsRecord is the pace of the apps of one shard, for its next owner and for [Relay.Overview]. Times are of the engine's clock.
type appsRecord struct {
	Apps map[string]appPace `json:"apps"`
}

// appPace is the pace of one app.
type appPace struct {
	Next    time.Time `json:"next"`             // of the next request
	Until   time.Time `json:"until,omitzero"`   // no request before, because of a 429
	Limit   float64   `json:"limit"`            // requests a second, as configured by the last worker
	Rate    float64   `json:"rate,omitzero"`    // what 429s left of Limit at Until; 0 for all of it
	Strikes int       `json:"strikes,omitzero"` // consecutive 429s

	// Groups is when the groups with a rate may send next.
	Groups map[string]time.Time `json:"groups,omitempty"`
	// Reason is why Sinch rejects all messages of the app: a wrong setting. While it is not empty, the app is paused, and one entry at a
	// time is sent to see whether it is mended.
	Reason string    `json:"reason,omitzero"`
	Since  time.Time `json:"since,omitzero"` // by the clock of the engine, also in a worker
}

// rate returns how many requests a second an app may send at a time.
func (a *appPace) rate(now time.Time) float64 {
	if a.Rate == 0 {
		return a.Limit
	}
	grown := a.Rate + a.Limit*max(0, now.Sub(a.Until).Seconds())/paceRecovery.Seconds()
	return min(a.Limit, grown)
}

// spacing returns the time between two requests, so that no window of a second exceeds the rate even if some are late.
func spacing(rate float64) time.Duration {
	return time.Duration(math.Ceil(float64(time.Second+paceSlack) / rate))
}

// grant assigns times of the project, at most want and only near ones. If it assigns none, the second result is when to call it
// again.
func (p *paceRecord) grant(project float64, now time.Time, want int) ([]time.Time, time.Time) {
	var times []time.Time
	for {
		at := later(p.Project, now)
		if at.Sub(now) > paceAhead || len(times) == want {
			return times, at.Add(-paceAhead)
		}
		times = append(times, at)
		p.Project = at.Add(spacing(project))
	}
}

// ahead reports whether times are so far ahead that the clock must have been set back.
func (p *paceRecord) ahead(now time.Time) bool {
	if p.Project.Sub(now) > paceAhead+maxProjectSpacing+paceGuard {
		return true
	}
	for _, a := range p.Apps {
		slowest := min(cmp.Or(a.Limit, paceFloor), paceFloor)
		if a.Next.Sub(now) > paceAhead+spacing(slowest)+paceGuard || a.Until.Sub(now) > maxPause+time.Second {
			return true
		}
	}
	return false
}

// begin restarts the record after the clock was set back.
func (p *paceRecord) begin(now time.Time) {
	from := now.Add(paceGuard)
	p.Project = from
	for _, a := range p.Apps {
		a.Next, a.Until = from, earlier(a.Until, from)
	}
}

// throttled records a 429 of the app. A 429 during a pause is of a request that was already in progress.
func (a *appPace) throttled(now time.Time, asked time.Duration) {
	if a.Until.Before(now) {
		if a.rate(now) >= a.Limit { // it has recovered
			a.Strikes = 0
		}
		a.Rate = max(paceFloor, a.rate(now)*paceCut)
		asked = max(asked, min(time.Second<<a.Strikes, paceRecovery))
		a.Strikes = min(a.Strikes+1, 5)
	}
	a.Until = later(a.Until, now.Add(min(asked, maxPause)))
}

// idle reports whether the app has sent nothing for a while, has recovered from 429s, and is not paused.
func (a *appPace) idle(now time.Time) bool {
	return a.Reason == "" && now.Sub(later(a.Next, a.Until)) > idleLife
}

// shifted returns the pace by another clock.
func (a *appPace) shifted(by time.Duration) appPace {
	moved := *a
	if !a.Next.IsZero() {
		moved.Next = a.Next.Add(by)
	}
	if !a.Until.IsZero() {
		moved.Until = a.Until.Add(by)
	}
	moved.Groups = nil
	for name, next := range a.Groups {
		if moved.Groups == nil {
			moved.Groups = make(map[string]time.Time)
		}
		moved.Groups[name] = next.Add(by)
	}
	return moved
}

// tidy removes idle apps of workers of earlier versions.
func (p *paceRecord) tidy(now time.Time) {
	for app, a := range p.Apps {
		if a.idle(now) {
			delete(p.Apps, app)
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
