package relay

import (
	"cmp"
	"math"
	"time"
)

const (
	// defaultAppRate and defaultProjectRate are requests a second, by Sinch's documents; what an app publishes counts more.
	defaultAppRate     = 20
	defaultProjectRate = 800

	// paceGrace is how much later than its time a request may leave; after that it needs another time.
	paceGrace = 60 * time.Millisecond
	// paceSlack is how much later than its time a request may reach Sinch. Requests are spaced so that even then no window of
	// a second has too many.
	paceSlack = 100 * time.Millisecond
	// paceAhead is how far ahead times are given out.
	paceAhead = 50 * time.Millisecond
	// paceGuard is how long nothing is sent after the clock of the engine was set: a window, and what was given out before.
	paceGuard = time.Second + paceSlack + paceAhead

	// paceCut is what a 429 leaves of an app's rate.
	paceCut = 0.7
	// paceRecovery is how long it takes to grow back from nothing.
	paceRecovery = 30 * time.Second
	// paceFloor is the rate that no 429 slows an app below.
	paceFloor = 0.5
	// maxPause bounds what a Retry-After can ask for.
	maxPause = 5 * time.Minute
	// maxProjectSpacing is that of the slowest project that WithRates takes.
	maxProjectSpacing = 2 * time.Second
	// idleLife is how long an app that sends nothing is kept in mind.
	idleLife = time.Minute
)

// paceRecord is what all processes share: when the next request may leave. Times are those of the engine's clock.
type paceRecord struct {
	Project time.Time           `json:"project"` // of the next request of any app
	Apps    map[string]*appPace `json:"apps"`
}

// appPace is the pace of one app.
type appPace struct {
	Next    time.Time `json:"next"`             // of the next request
	Until   time.Time `json:"until,omitzero"`   // no request before: Sinch said 429
	Limit   float64   `json:"limit"`            // requests a second, as last asked with
	Rate    float64   `json:"rate,omitzero"`    // what 429s left of it at Until; 0 for all
	Strikes int       `json:"strikes,omitzero"` // 429s in a row
}

// rate is how many requests a second an app may make now.
func (a *appPace) rate(now time.Time) float64 {
	if a.Rate == 0 {
		return a.Limit
	}
	grown := a.Rate + a.Limit*max(0, now.Sub(a.Until).Seconds())/paceRecovery.Seconds()
	return min(a.Limit, grown)
}

// spacing is the time between two requests, so that no window of a second has more than the rate even if some are late.
func spacing(rate float64, late time.Duration) time.Duration {
	return time.Duration(math.Ceil(float64(time.Second+late) / rate))
}

// grant gives times to an app, as many as it wants and as lie near enough. The second result is when to ask again if there
// are none.
func (p *paceRecord) grant(app string, limit, project float64, now time.Time, want int) ([]time.Time, time.Time) {
	a := p.app(app)
	a.Limit = limit
	var times []time.Time
	for {
		turn := later(p.Project, now)
		at := later(later(a.Next, a.Until), turn)
		if at.Sub(now) > paceAhead || len(times) == want {
			return times, at.Add(-paceAhead)
		}
		times = append(times, at)
		a.Next = at.Add(spacing(a.rate(at), paceSlack))
		p.Project = turn.Add(spacing(project, paceSlack+paceAhead))
	}
}

func (p *paceRecord) app(app string) *appPace {
	if p.Apps == nil {
		p.Apps = make(map[string]*appPace)
	}
	if p.Apps[app] == nil {
		p.Apps[app] = &appPace{}
	}
	return p.Apps[app]
}

// ahead reports whether times lie so far ahead that the clock must have been set back.
func (p *paceRecord) ahead(now time.Time) bool {
	if p.Project.Sub(now) > paceAhead+maxProjectSpacing+paceGuard {
		return true
	}
	for _, a := range p.Apps {
		slowest := min(cmp.Or(a.Limit, paceFloor), paceFloor)
		if a.Next.Sub(now) > paceAhead+spacing(slowest, paceSlack)+paceGuard || a.Until.Sub(now) > maxPause+time.Second {
			return true
		}
	}
	return false
}

// begin starts all over after the clock was set back.
func (p *paceRecord) begin(now time.Time) {
	from := now.Add(paceGuard)
	p.Project = from
	for _, a := range p.Apps {
		a.Next, a.Until = from, earlier(a.Until, from)
	}
}

// throttled notes a 429 of an app. Those that come while it pauses are of requests that were under way.
func (p *paceRecord) throttled(app string, now time.Time, asked time.Duration) {
	a := p.app(app)
	if a.Until.Before(now) {
		if a.rate(now) >= a.Limit { // it has grown back
			a.Strikes = 0
		}
		a.Rate = max(paceFloor, a.rate(now)*paceCut)
		asked = max(asked, min(time.Second<<a.Strikes, paceRecovery))
		a.Strikes = min(a.Strikes+1, 5)
	}
	a.Until = later(a.Until, now.Add(min(asked, maxPause)))
}

// tidy forgets apps that send nothing.
func (p *paceRecord) tidy(now time.Time) {
	for app, a := range p.Apps {
		if now.Sub(later(a.Next, a.Until)) > idleLife {
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
