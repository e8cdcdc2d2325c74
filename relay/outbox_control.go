package relay

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Scope is a part of the outbox: an app, a group, a group of one app, or with the zero value all of it.
type Scope struct {
	App   string `json:"app,omitzero"`
	Group string `json:"group,omitzero"`
}

// Pause is a part of the outbox that sends nothing.
type Pause struct {
	Scope

	// Reason is why, or empty for a pause of [Outbox.Pause].
	Reason string    `json:"reason,omitzero"`
	Since  time.Time `json:"since"` // by the wall clock of the engine
}

// covers reports whether a scope includes the entries of an app and a group.
func (s Scope) covers(app, group string) bool {
	return (s.App == "" || s.App == app) && (s.Group == "" || s.Group == group)
}

// control is what operators have set. All workers read it twice a second.
type control struct {
	Pauses []Pause     `json:"pauses,omitempty"`
	Rates  []groupRate `json:"rates,omitempty"`
	// Resumed counts the calls of Resume. Each has the workers probe the apps that a wrong setting has paused.
	Resumed uint64 `json:"resumed,omitzero"`
}

// groupRate limits the requests a second of a group, for each of its apps.
type groupRate struct {
	Scope

	Rate float64 `json:"rate"`
}

// controlKey is the key of the control, in the bucket of the pace.
const controlKey = "control"

// paused reports whether nothing of an app and a group may be sent.
func (c *control) paused(app, group string) bool {
	return slices.ContainsFunc(c.Pauses, func(p Pause) bool { return p.covers(app, group) })
}

// rate returns the lowest rate that applies to a group of an app, or 0 for none.
func (c *control) rate(app, group string) float64 {
	least := 0.0
	for _, r := range c.Rates {
		if r.covers(app, group) && (least == 0 || r.Rate < least) {
			least = r.Rate
		}
	}
	return least
}

// control returns what operators have set, and the revision.
func (o *Outbox) control(ctx context.Context) (control, uint64, error) {
	var c control
	entry, err := o.relay.paceBucket.Get(ctx, controlKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return c, 0, nil
	}
	if err != nil {
		return c, 0, err
	}
	return c, entry.Revision(), json.Unmarshal(entry.Value(), &c)
}
