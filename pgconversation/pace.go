package pgconversation

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sinchgo/conversation"
)

const (
	// takeEarly is how long before its turn a job goes on, to record the attempt and to connect.
	takeEarly = 150 * time.Millisecond
	// takeWait limits the wait of a job for its turn. Longer ones are snoozed, so that they do not keep River's workers from other jobs.
	takeWait = 3 * time.Second
	// gateWait limits the wait for another turn of a request that missed its own.
	gateWait = 200 * time.Millisecond
	// gatePriority is before that of all jobs: a request that missed its turn has a connection and a record.
	gatePriority = 0
	// grantAgain is the wait before further turns of an app are asked for of which there are none now.
	grantAgain = paceAhead / 2
	// grantGather is the time between two grants, in which jobs gather that share the second, unless there are grantMany.
	grantGather = 50 * time.Millisecond
	grantMany   = 32
	// grantTime limits a grant.
	grantTime = 5 * time.Second
	// leadLeast and takeEarly limit how far ahead the first turn is granted.
	leadLeast = 5 * time.Millisecond
)

var (
	// errNoTurn is returned for a request that missed its turn, so that nothing was sent.
	errNoTurn = errors.New("pgconversation: the request missed its turn, so nothing was sent")
	// errFarTurn is the reason of a job whose turn is too far away to wait for it.
	errFarTurn = errors.New("pgconversation: the turn of the message is not soon")
)

// turn is the time in which a request may leave.
type turn struct {
	slot
	app     string
	spacing time.Duration
	taken   time.Time // when the job went on
	early   bool      // the job has no slot until it is at the gate
}

// pacer assigns turns to jobs: so many a second of each app, and of the project, in all processes. What was granted is in the database, and a grant
// has several turns of several apps. A turn that is not used is lost.
type pacer struct {
	change func(ctx context.Context, apps []string, do func(rec *paceRecord, asked, heard, server time.Time) error) error
	pause  func(ctx context.Context, app string, wait time.Duration) error
	rates  *appRates
	grid   grid
	least  time.Duration // spacing of the project

	mu       sync.Mutex
	queues   map[string]*paceQueue
	granting bool
	asking   int           // jobs since the last grant that need one
	early    int           // jobs on their way to the gate without a slot
	more     chan struct{} // has an element after there are enough of them
	lead     time.Duration // from a grant to the first turn: how long a job needs from its grant to the gate

	// For grants, of which there is one at a time.
	clock paceClock
	last  time.Time
	set   bool // the clock of the server was set, and no grant has succeeded since
}

// newPacer returns a pacer. A rate of 0 is the default: see [WithRates].
func newPacer(pool *pgxpool.Pool, client *conversation.Client, app, project float64) *pacer {
	project = cmp.Or(project, defaultProjectRate)
	store := paceStore{pool}
	return &pacer{
		change: store.change, pause: store.pause,
		rates: &appRates{client: client, fixed: app, known: make(map[string]*appRate)},
		grid:  newGrid(project), least: spacing(project),
		queues: make(map[string]*paceQueue), more: make(chan struct{}, 1), lead: takeEarly / 3,
	}
}

// take waits until shortly before a turn of an app. Of the jobs that wait, those with a lower priority number are first. It returns a snoozeError
// if the turn is too far away or nothing can be granted, or the job is to stop.
func (p *pacer) take(ctx context.Context, app string, priority int) (turn, error) {
	rate, err := p.rates.of(ctx, app)
	if err != nil {
		return turn{}, &snoozeError{againAfter, err}
	}
	between := max(spacing(rate), p.least)
	if t, ok := p.takePlenty(app, between); ok { //nolint:contextcheck // A grant is for several jobs.
		return t, nil
	}
	return p.await(ctx, app, between, priority, takeWait)
}

// gate waits for the turn, or for another one soon if it is over. It returns errNoTurn if the request must not leave.
func (p *pacer) gate(ctx context.Context, t *turn) error {
	p.reached(t)
	if !time.Now().Before(t.until) {
		another, err := p.await(ctx, t.app, t.spacing, gatePriority, gateWait)
		if err != nil {
			return errNoTurn
		}
		*t = another
	}
	if err := sleep(ctx, time.Until(t.from)); err != nil {
		return errNoTurn
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if q := p.queues[t.app]; !now.Before(t.until) || q != nil && now.Before(q.held) {
		return errNoTurn
	}
	t.until = now // it is used
	return nil
}

// reached notes how long a job needed from its grant to the gate, so that its turn is neither over by then nor long after.
func (p *pacer) reached(t *turn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	const smooth = 16
	p.lead += (min(max(2*time.Since(t.taken), leadLeast), takeEarly) - p.lead) / smooth
	p.arrived(t)
}

// throttled has an app wait after a 429, in all processes.
func (p *pacer) throttled(app string, wait time.Duration) {
	wait = min(wait, maxPause)
	p.mu.Lock()
	if q := p.queues[app]; q != nil {
		q.hold(time.Now().Add(wait))
	}
	p.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), grantTime)
	defer cancel()
	_ = p.pause(ctx, app, wait) // without it this process alone waits; the others have a 429 of their own
}

// await waits for a turn of an app.
func (p *pacer) await(ctx context.Context, app string, spacing time.Duration, priority int, most time.Duration) (turn, error) {
	p.mu.Lock()
	q := p.queue(app) //nolint:contextcheck // A grant is for several jobs.
	q.spacing = spacing
	if s, ok := q.spare(time.Now()); ok {
		p.serve(q) //nolint:contextcheck // A grant is for several jobs.
		p.mu.Unlock()
		return turn{slot: s, app: app, spacing: spacing, taken: time.Now()}, nil
	}
	w := &paceWaiter{priority: priority, granted: make(chan slot, 1), failed: make(chan error, 1)}
	if err := q.enter(w, time.Now()); err != nil {
		p.mu.Unlock()
		return turn{}, err
	}
	p.serve(q) //nolint:contextcheck // A grant is for several jobs.
	p.mu.Unlock()

	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case s := <-w.granted:
		return turn{slot: s, app: app, spacing: spacing, taken: time.Now()}, nil
	case err := <-w.failed:
		return turn{}, err
	case <-timer.C:
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !q.leave(w) {
		select {
		case s := <-w.granted: // meanwhile
			return turn{slot: s, app: app, spacing: spacing, taken: time.Now()}, nil
		case err := <-w.failed:
			return turn{}, err
		}
	}
	if err := ctx.Err(); err != nil {
		return turn{}, &snoozeError{againAfter, err}
	}
	return turn{}, &snoozeError{q.snooze(time.Now()), errFarTurn}
}

func (p *pacer) queue(app string) *paceQueue {
	q := p.queues[app]
	if q == nil {
		q = &paceQueue{app: app}
		q.timer = time.AfterFunc(takeWait, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.serve(q)
		})
		p.queues[app] = q
	}
	return q
}

// serve assigns the turns of an app that are near, and has more granted if there are too few.
func (p *pacer) serve(q *paceQueue) {
	now := time.Now()
	q.assign(now)
	q.arm(now)
	if q.wants(now, 0) == 0 {
		return
	}
	if p.asking++; p.asking >= grantMany || q.plenty(now) {
		select {
		case p.more <- struct{}{}:
		default:
		}
	}
	if !p.granting {
		p.granting = true
		go p.grantAll()
	}
}

// sleep waits for d or the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
