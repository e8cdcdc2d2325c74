package relay

import (
	"context"
	"time"
)

// Overview is how things stand in a relay.
type Overview struct {
	At     time.Time     `json:"at"`     // by the clock of the engine, as all times here
	States map[State]int `json:"states"` // how many entries of the outbox are in each state
	Apps   []AppOverview `json:"apps"`   // those with entries, by name
	Inbox  InboxOverview `json:"inbox"`
	Dead   int           `json:"dead"` // dead letters
}

// AppOverview is how things stand in the outbox with one app.
type AppOverview struct {
	App    string        `json:"app"`
	States map[State]int `json:"states"` // how many entries are in each state
	Later  int           `json:"later"`  // those of the queued whose time ([Entry.After]) has not come

	// Oldest is since when the oldest entry waits that may be sent now. Zero: none waits.
	Oldest time.Time `json:"oldest,omitzero"`

	// Rate is how many requests a second the workers make at most now, slowed by a 429 or not. Zero: none was made in the
	// last minute.
	Rate float64 `json:"rate,omitzero"`
	// PausedUntil is when the workers go on with the app, which they paused after a 429. Zero: they do not pause.
	PausedUntil time.Time `json:"paused_until,omitzero"`
}

// InboxOverview is how things stand in the inbox.
type InboxOverview struct {
	Waiting int       `json:"waiting"`         // callbacks that are not handled yet
	Oldest  time.Time `json:"oldest,omitzero"` // when the oldest of them came; zero: none waits
	Kept    int       `json:"kept"`            // callbacks that can be replayed
}

// Overview tells how things stand. It reads the heads of all entries, as [Outbox.Counts] does. While others work, the
// numbers are not all of the same moment.
func (r *Relay) Overview(ctx context.Context) (*Overview, error) {
	view, err := r.overview(ctx)
	if err != nil {
		return nil, inMethod("Overview", err)
	}
	return view, nil
}

func (r *Relay) overview(ctx context.Context) (*Overview, error) {
	dead, err := r.deadStream.Info(ctx)
	if err != nil {
		return nil, err
	}
	view := &Overview{At: dead.TimeStamp, Dead: int(dead.State.Msgs)} //nolint:gosec // No stream is that long.
	if view.States, view.Apps, err = r.outbox.overview(ctx); err != nil {
		return nil, err
	}
	if err := r.outbox.addRates(ctx, view); err != nil {
		return nil, err
	}
	view.Inbox, err = r.inbox.overview(ctx)
	return view, err
}
