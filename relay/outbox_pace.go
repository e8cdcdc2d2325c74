package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// paceKey is the key of the shared record.
const paceKey = "pace"

// paceRetry limits the wait after another process changed the record first, or the engine did not answer.
const paceRetry = 10 * time.Millisecond

// paceLow is how much time is left of the slots of this process when it reserves further ones.
const paceLow = paceAhead / 2

// paceStart is how many slots a process reserves at first.
const paceStart = 8

// slot is the time in which a request may leave, by the local clock.
type slot struct{ from, until time.Time }

// pace assigns the slots of the project to the workers of all processes. The record of what was assigned is in a bucket of the
// engine, and is changed by compare and swap, a few times a second.
type pace struct {
	bucket  jetstream.KeyValue
	clock   *paceClock
	project float64

	mu      sync.Mutex
	spare   []slot        // assigned to this process and not used yet
	used    int           // slots since the last reservation
	filling chan struct{} // closed when the current reservation ends; nil if there is none
}

func newPace(o *Outbox, project float64) *pace {
	return &pace{
		bucket:  o.relay.paceBucket,
		project: project,
		clock: &paceClock{now: time.Now, look: func(ctx context.Context) (time.Time, error) {
			info, err := o.relay.outboxStream.Info(ctx)
			if err != nil {
				return time.Time{}, err
			}
			return info.TimeStamp, nil
		}},
	}
}

// next returns the next slot of the project in which there is time after from. demand returns how many requests there are until a time, up to a
// limit.
func (p *pace) next(ctx context.Context, from time.Time, demand func(now, until time.Time, most int) int) (slot, error) {
	for {
		p.mu.Lock()
		now := time.Now()
		s, ok := p.within(later(from, now), now.Add(time.Hour))
		if p.filling == nil && (!ok || len(p.spare) == 0 || p.spare[len(p.spare)-1].from.Sub(now) < paceLow) {
			p.filling = make(chan struct{})
			go p.fill(context.WithoutCancel(ctx), max(paceStart, 2*p.used), demand)
			p.used = 0
		}
		filling := p.filling
		p.mu.Unlock()
		if ok {
			return s, nil
		}
		select {
		case <-filling:
		case <-ctx.Done():
			return slot{}, ctx.Err()
		}
	}
}

// pick returns a reserved slot between two times.
func (p *pace) pick(from, until time.Time) (slot, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.within(from, until)
}

// within removes the first slot in which there is time after one time, and which begins before another.
func (p *pace) within(from, until time.Time) (slot, bool) {
	now := time.Now()
	for len(p.spare) > 0 && !now.Before(p.spare[0].until) {
		p.spare = p.spare[1:]
	}
	for i, s := range p.spare {
		if s.from.After(until) {
			break
		}
		if s.until.Sub(from) >= paceLeast {
			p.spare = slices.Delete(p.spare, i, i+1)
			p.used++
			if s.from.Before(from) {
				s.from = from
			}
			return s, true
		}
	}
	return slot{}, false
}

// giveBack returns a slot that is not used.
func (p *pace) giveBack(s slot) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.used--
	i, _ := slices.BinarySearchFunc(p.spare, s, func(a, b slot) int { return a.from.Compare(b.from) })
	p.spare = slices.Insert(p.spare, i, s)
}

// fill reserves slots, or waits until it can be tried again.
func (p *pace) fill(ctx context.Context, most int, demand func(now, until time.Time, most int) int) {
	now := time.Now()
	want := max(1, demand(now, now.Add(paceAhead), most))
	slots, pause, err := p.reserve(ctx, want)
	if err != nil {
		pause = 20 * paceRetry
	}
	if len(slots) == 0 {
		_ = sleep(ctx, min(max(pause, time.Millisecond), time.Second))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spare = append(p.spare, slots...)
	close(p.filling)
	p.filling = nil
}

// reserve reserves slots, or returns how long to wait before it is called again.
func (p *pace) reserve(ctx context.Context, want int) (slots []slot, pause time.Duration, _ error) {
	var times []time.Time
	err := p.change(ctx, func(rec *paceRecord, now time.Time) bool {
		var again time.Time
		times, again = rec.grant(p.project, now, want)
		pause = again.Sub(now)
		return len(times) > 0
	})
	if err != nil {
		return nil, pause, err
	}
	for _, at := range times {
		slots = append(slots, p.clock.slot(at))
	}
	return slots, pause, nil
}

// spread adds up to a tenth to a wait that the server asked for, at most a second, so that everybody with the same
// Retry-After does not return in the same instant.
func spread(asked time.Duration) time.Duration {
	return min(asked, math.MaxInt64-time.Second) + rand.N(min(asked/10, time.Second)+1) //nolint:gosec // Not a secret.
}

// change changes the shared record atomically.
func (p *pace) change(ctx context.Context, do func(rec *paceRecord, now time.Time) bool) error {
	for {
		rec, revision, err := readPace(ctx, p.bucket)
		if err != nil {
			return err
		}
		now, begun, err := p.now(ctx, &rec)
		if err != nil {
			return err
		}
		if !do(&rec, now) && !begun {
			return nil
		}
		rec.tidy(now)
		body, err := json.Marshal(rec)
		if err != nil {
			return err
		}
		if revision == 0 {
			_, err = p.bucket.Create(ctx, paceKey, body)
		} else {
			_, err = p.bucket.Update(ctx, paceKey, body, revision)
		}
		if !errors.Is(err, jetstream.ErrKeyExists) && !isConflict(err) {
			return err
		}
		if err := sleep(ctx, rand.N(paceRetry)); err != nil { //nolint:gosec // Not a secret.
			return err
		}
	}
}

// now returns the engine's time from which slots may be assigned. A record from the future means that the clock was set
// back, unless a second look at the clock shows that it was set forward. The record then starts over.
func (p *pace) now(ctx context.Context, rec *paceRecord) (_ time.Time, begun bool, _ error) {
	if err := p.clock.sync(ctx, false); err != nil {
		return time.Time{}, false, err
	}
	now, guard := p.clock.least()
	if rec.ahead(now) {
		if err := p.clock.sync(ctx, true); err != nil {
			return time.Time{}, false, err
		}
		if now, guard = p.clock.least(); rec.ahead(now) {
			rec.begin(now)
			begun = true
		}
	}
	return later(now, guard), begun, nil
}

// readPace returns the shared record and its revision, which is 0 if there is none.
func readPace(ctx context.Context, bucket jetstream.KeyValue) (paceRecord, uint64, error) {
	var rec paceRecord
	entry, err := bucket.Get(ctx, paceKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return rec, 0, nil
	}
	if err != nil {
		return rec, 0, err
	}
	if err := json.Unmarshal(entry.Value(), &rec); err != nil {
		return rec, 0, fmt.Errorf("relay: the shared pace cannot be read: %w", err)
	}
	return rec, entry.Revision(), nil
}
