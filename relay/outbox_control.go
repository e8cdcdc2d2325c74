package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

// maxRules is how many pauses there can be, and how many rates.
const maxRules = 1000

// Pause stops the sending of a part of the outbox, in all processes within two seconds. Entries stay queued, and a request that has
// left is not stopped. A pause lasts until [Outbox.Resume]. Pausing what is paused has no effect.
//
// It returns a [conversation.ArgumentError] for a scope that no entry can have.
func (o *Outbox) Pause(ctx context.Context, part Scope) error {
	if err := part.check(opPause); err != nil {
		return err
	}
	info, err := o.relay.outboxStream.Info(ctx)
	if err != nil {
		return inMethod("Outbox.Pause", err)
	}
	return inMethod("Outbox.Pause", o.setControl(ctx, func(c *control) error {
		if slices.ContainsFunc(c.Pauses, func(p Pause) bool { return p.Scope == part }) {
			return nil
		}
		c.Pauses = append(c.Pauses, Pause{Scope: part, Since: info.TimeStamp})
		if len(c.Pauses) > maxRules {
			return argumentError(opPause, "scope", fmt.Sprintf("is one more than the %d pauses that are possible: pause an app or everything", maxRules))
		}
		return nil
	}))
}

// Resume ends the pauses of a part of the outbox: with an app those of the app and of its groups, with a group those of the group in all
// apps, with the zero Scope all of them. Apps that were paused because of a wrong setting are tried again.
//
// It returns a [conversation.ArgumentError], and changes nothing, if the part stays paused because a larger part is.
func (o *Outbox) Resume(ctx context.Context, part Scope) error {
	if err := part.check(opResume); err != nil {
		return err
	}
	return inMethod("Outbox.Resume", o.setControl(ctx, func(c *control) error {
		for _, p := range c.Pauses {
			if p.Scope != part && p.covers(part.App, part.Group) {
				return argumentError(opResume, "scope", fmt.Sprintf("is %s, which stays paused because %s is: resume that", part, p.Scope))
			}
		}
		c.Pauses = slices.DeleteFunc(c.Pauses, func(p Pause) bool { return part.covers(p.App, p.Group) })
		c.Resumed++
		return nil
	}))
}

// SetRate limits the requests a second of a group, for each of its apps or for the app of the scope, in all processes within two
// seconds. It is 0.6 to 1,000,000, and 0 removes the limit. The rates of the app and the project apply as well ([WithRates]).
func (o *Outbox) SetRate(ctx context.Context, part Scope, perSecond float64) error {
	if err := part.check(opSetRate); err != nil {
		return err
	}
	switch {
	case part.Group == "":
		return argumentError(opSetRate, "scope", "has no group: name one, or set the rate of apps with WithRates")
	case !validRate(perSecond):
		return argumentError(opSetRate, "perSecond", "is neither 0 nor 0.6 to 1,000,000")
	}
	return inMethod("Outbox.SetRate", o.setControl(ctx, func(c *control) error {
		c.Rates = slices.DeleteFunc(c.Rates, func(r groupRate) bool { return r.Scope == part })
		if perSecond > 0 {
			c.Rates = append(c.Rates, groupRate{Scope: part, Rate: perSecond})
		}
		if len(c.Rates) > maxRules {
			return argumentError(opSetRate, "scope", fmt.Sprintf("is one more than the %d rates that are possible: remove one with the rate 0", maxRules))
		}
		return nil
	}))
}

// setControl changes what operators have set.
func (o *Outbox) setControl(ctx context.Context, change func(*control) error) error {
	for {
		c, revision, err := o.control(ctx)
		if err != nil {
			return err
		}
		if err := change(&c); err != nil {
			return err
		}
		body, err := json.Marshal(c)
		if err != nil {
			return err
		}
		if revision == 0 {
			_, err = o.relay.paceBucket.Create(ctx, controlKey, body)
		} else {
			_, err = o.relay.paceBucket.Update(ctx, controlKey, body, revision)
		}
		if err == nil {
			return o.relay.engine.confirm(ctx)
		}
		if !errors.Is(err, jetstream.ErrKeyExists) && !isConflict(err) {
			return err
		}
	}
}

// check returns an error for a scope that no entry can have.
func (s Scope) check(operation string) error {
	if err := checkApp(operation, "scope.App", s.App); err != nil {
		return err
	}
	return checkGroup(operation, "scope.Group", s.Group)
}

// String describes the scope, as in `group "spring" of app "A"`.
func (s Scope) String() string {
	switch {
	case s == Scope{}:
		return "everything"
	case s.Group == "":
		return fmt.Sprintf("app %q", s.App)
	case s.App == "":
		return fmt.Sprintf("group %q", s.Group)
	}
	return fmt.Sprintf("group %q of app %q", s.Group, s.App)
}
