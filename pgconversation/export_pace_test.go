package pgconversation

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Pacer is the pacer of one process, for tests with a database.
type Pacer struct {
	*pacer
	Grants atomic.Int64
}

// NewPacer returns a pacer with fixed rates.
func NewPacer(pool *pgxpool.Pool, app, project float64) *Pacer {
	p := &Pacer{pacer: newPacer(pool, nil, app, project)}
	change := p.change
	p.change = func(ctx context.Context, apps []string, do func(rec *paceRecord, asked, heard, server time.Time) error) error {
		p.Grants.Add(1)
		return change(ctx, apps, do)
	}
	return p
}

// Send returns once a request may leave, however often its job is snoozed.
func (p *Pacer) Send(ctx context.Context, app string) error {
	for {
		turn, err := p.take(ctx, app, 1)
		if err == nil {
			err = p.gate(ctx, &turn)
		}
		if err == nil || sleep(ctx, 100*time.Millisecond) != nil {
			return err
		}
	}
}

// Throttled has an app wait.
func (p *Pacer) Throttled(app string, wait time.Duration) { p.throttled(app, wait) }

// HoldPace begins a grant and stops within it, as a process that is suspended.
func HoldPace(ctx context.Context, pool *pgxpool.Pool, app string) error {
	locked := make(chan struct{})
	go func() {
		_ = paceStore{pool}.change(ctx, []string{app}, func(*paceRecord, time.Time, time.Time, time.Time) error {
			close(locked)
			<-ctx.Done()
			return ctx.Err()
		})
	}()
	select {
	case <-locked:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
