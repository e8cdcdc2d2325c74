package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// paceKey is the key of the shared record.
const paceKey = "pace"

// paceRetry limits the wait after another process changed the record first, or the engine did not answer.
const paceRetry = 10 * time.Millisecond

// idleEvery is the maximum time between heartbeats of a message that waits for its turn.
const idleEvery = minLease / leaseShare

// slot is the time in which a request may leave, by the local clock.
type slot struct{ from, until time.Time }

// pace assigns the slots of all workers of all processes. The record of what was assigned is in a bucket of the engine,
// and is changed by compare and swap.
type pace struct {
	bucket  jetstream.KeyValue
	clock   *paceClock
	project float64

	mu     sync.Mutex
	spare  map[string][]slot // assigned to this process and not used yet, by app
	asks   []*ask            // not answered yet
	asking bool              // a goroutine is running answer
}

func newPace(o *Outbox, project float64) *pace {
	return &pace{
		bucket:  o.relay.paceBucket,
		project: project,
		spare:   make(map[string][]slot),
		clock: &paceClock{now: time.Now, look: func(ctx context.Context) (time.Time, error) {
			info, err := o.relay.outboxStream.Info(ctx)
			if err != nil {
				return time.Time{}, err
			}
			return info.TimeStamp, nil
		}},
	}
}

// wait blocks until a request of an app may leave, and returns its slot. backlog is the number of requests that the app
// has, so that several slots can be reserved in one step. idle is called regularly during the wait.
func (p *pace) wait(ctx context.Context, app string, limit float64, backlog int, idle func()) (slot, error) {
	for {
		if s, ok := p.take(app); ok {
			return s, sleep(ctx, time.Until(s.from))
		}
		pause, err := p.reserve(ctx, app, limit, backlog)
		if err != nil {
			if ctx.Err() != nil {
				return slot{}, err
			}
			pause = 20 * paceRetry
		}
		idle()
		if err := sleep(ctx, min(pause, idleEvery)); err != nil {
			return slot{}, err
		}
	}
}

// take returns a reserved slot that is not over.
func (p *pace) take(app string) (slot, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	left := p.spare[app]
	for len(left) > 0 {
		s := left[0]
		left = left[1:]
		p.spare[app] = left
		if time.Now().Before(s.until) {
			return s, true
		}
	}
	delete(p.spare, app)
	return slot{}, false
}

// ask is a request of this process for slots of an app.
type ask struct {
	app   string
	limit float64
	want  int
	times []time.Time
	pause time.Duration
	err   error
	done  chan struct{} // closed when it is answered
}

// reserve reserves slots for an app, or returns how long to wait before it is called again. Calls during a change of the
// record are answered by the next change.
func (p *pace) reserve(ctx context.Context, app string, limit float64, want int) (time.Duration, error) {
	own := &ask{app: app, limit: limit, want: max(1, want), done: make(chan struct{})}
	p.mu.Lock()
	p.asks = append(p.asks, own)
	if !p.asking {
		p.asking = true
		go p.answer(context.WithoutCancel(ctx))
	}
	p.mu.Unlock()
	select {
	case <-own.done:
		return own.pause, own.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// answer answers the asks until there are none.
func (p *pace) answer(ctx context.Context) {
	for {
		p.mu.Lock()
		asks := p.asks
		p.asks = nil
		p.asking = len(asks) > 0
		p.mu.Unlock()
		if len(asks) == 0 {
			return
		}
		p.grant(ctx, asks)
	}
}

func (p *pace) grant(ctx context.Context, asks []*ask) {
	err := p.change(ctx, func(rec *paceRecord, now time.Time) bool {
		granted := 0
		for _, a := range asks {
			var again time.Time
			a.times, again = rec.grant(a.app, a.limit, p.project, now, a.want)
			a.pause = again.Sub(now)
			granted += len(a.times)
		}
		return granted > 0
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range asks {
		a.err = err
		if err == nil && len(a.times) > 0 {
			a.pause = 0
			for _, at := range a.times {
				p.spare[a.app] = append(p.spare[a.app], p.clock.slot(at))
			}
		}
		close(a.done)
	}
}

// throttled pauses an app in all processes after a 429.
func (p *pace) throttled(ctx context.Context, app string, asked time.Duration) error {
	p.mu.Lock()
	delete(p.spare, app)
	p.mu.Unlock()
	asked = spread(asked)
	return p.change(ctx, func(rec *paceRecord, now time.Time) bool {
		rec.throttled(app, now, asked)
		return true
	})
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
