package relay

import (
	"context"
	"time"

	"github.com/sinchgo/conversation"
)

// Overview describes the state of a relay. Its times are by the wall clock of the engine, as they were stored. If that clock was
// set meanwhile, what is computed from them, such as an age, is wrong by the size of the step.
type Overview struct {
	At     time.Time     `json:"at"`     // now, by the clock of the engine
	States map[State]int `json:"states"` // number of entries of the outbox in each state
	Apps   []AppOverview `json:"apps"`   // those with entries, by name

	Groups []GroupOverview `json:"groups"` // those with entries, by name
	Pauses []Pause         `json:"pauses"` // of operators, and of apps that Sinch rejects because of a wrong setting
	Inbox  InboxOverview   `json:"inbox"`
	Dead   int             `json:"dead"` // dead letters
}

// AppOverview describes the entries of one app.
type AppOverview struct {
	App    string        `json:"app"`
	States map[State]int `json:"states"` // number of entries in each state
	Later  int           `json:"later"`  // queued entries that are not due ([Entry.After])

	// Oldest is when the oldest entry that is due was queued, or zero if there is none.
	Oldest time.Time `json:"oldest,omitzero"`

	// Rate is the current maximum of requests a second of all workers, after 429s. Zero if there was no request in the
	// last minute.
	Rate float64 `json:"rate,omitzero"`
	// PausedUntil is the end of the pause after a 429, or zero if the app is not paused.
	PausedUntil time.Time `json:"paused_until,omitzero"`
}

// GroupOverview describes the entries of one group ([Entry.Group]), of all apps.
type GroupOverview struct {
	Group    string                              `json:"group"`
	States   map[State]int                       `json:"states"`   // number of entries in each state
	Later    int                                 `json:"later"`    // queued entries that are not due
	Delivery map[conversation.DeliveryStatus]int `json:"delivery"` // number of accepted entries by the latest report
}

// InboxOverview describes the inbox.
type InboxOverview struct {
	Waiting int       `json:"waiting"`         // callbacks that are not handled yet
	Oldest  time.Time `json:"oldest,omitzero"` // when the oldest of them arrived; zero if there is none
	Kept    int       `json:"kept"`            // callbacks that can be replayed
}

// Overview returns the state of the relay. Its cost depends on the number of apps and groups, not of entries. While others work,
// the numbers are not a consistent snapshot.
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
	if err := r.outbox.overview(ctx, view); err != nil {
		return nil, err
	}
	if err := r.outbox.addRates(ctx, view); err != nil {
		return nil, err
	}
	view.Inbox, err = r.inbox.overview(ctx)
	return view, err
}
