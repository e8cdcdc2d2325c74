package pgconversation

import (
	"context"
	"math/rand/v2"
	"time"
)

// grantAll has turns granted until no queue needs any. If that fails, the jobs that wait are snoozed.
func (p *pacer) grantAll() {
	for {
		p.gather()
		wants := p.wants()
		if len(wants) == 0 {
			return
		}
		if err := p.grant(wants); err != nil {
			p.fail(wants, err)
		}
	}
}

// gather waits for jobs that share the next grant.
func (p *pacer) gather() {
	timer := time.NewTimer(time.Until(p.last.Add(grantGather)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-p.more:
	}
	p.last = time.Now()
}

// wants returns what to have granted. If it is nothing, the caller must end.
func (p *pacer) wants() []paceWant {
	p.mu.Lock()
	defer p.mu.Unlock()
	var wants []paceWant
	due := false
	now := time.Now()
	for app, q := range p.queues {
		if q.expire(now); q.idle(now) {
			q.timer.Stop()
			delete(p.queues, app)
		}
		if n := q.wants(now, grantAgain/4); n > 0 { // those that are due soon come along
			want := paceWant{app: app, spacing: q.spacing, n: n, lead: p.lead}
			if q.plenty(now) {
				want.lead = 0
			}
			wants = append(wants, want)
			due = due || q.wants(now, 0) > 0
		}
	}
	p.asking = 0
	if p.granting = due; !due {
		return nil
	}
	rand.Shuffle(len(wants), func(i, j int) { wants[i], wants[j] = wants[j], wants[i] }) //nolint:gosec // Not a secret; no app is always first.
	return wants
}

// granted is the result for an app, by the local clock.
type granted struct {
	slots      []slot
	free, held time.Time
}

// grant has turns granted, and assigns them.
func (p *pacer) grant(wants []paceWant) error {
	ctx, cancel := context.WithTimeout(context.Background(), grantTime)
	defer cancel()
	apps := make([]string, len(wants))
	for i, want := range wants {
		apps[i] = want.app
	}
	results := make([]granted, len(wants))
	err := p.change(ctx, apps, func(rec *paceRecord, asked, heard, server time.Time) error {
		p.set = p.clock.sync(asked, heard, server) || p.set
		if !p.clock.sure() {
			return errUnsure
		}
		now := p.clock.now()
		rec.begin(p.grid, now, p.set)
		for i, want := range wants {
			times, free := rec.grant(p.grid, want, now)
			for _, at := range times {
				results[i].slots = append(results[i].slots, p.clock.slot(at))
			}
			results[i].free, results[i].held = p.clock.local(free), p.clock.local(rec.apps[want.app].until)
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.set = false
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for i, want := range wants {
		q := p.queue(want.app)
		q.add(results[i].slots, want.n, results[i].free, results[i].held, now)
		q.assign(now)
		q.arm(now)
	}
	return nil
}

// fail snoozes the jobs that wait for a grant.
func (p *pacer) fail(wants []paceWant, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, want := range wants {
		q := p.queue(want.app)
		q.free = later(q.free, time.Now().Add(againAfter)) // no job goes on without a slot
		q.dismiss(func() error {
			return &snoozeError{againAfter + rand.N(4*againAfter), err} //nolint:gosec // Not a secret.
		})
	}
}
