package relay

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// seenEntry is what the last message of an entry reveals.
type seenEntry struct {
	app   string
	kind  kind
	state State
	since time.Time
}

func (o *Outbox) overview(ctx context.Context) (map[State]int, []AppOverview, error) {
	entries := make(map[string]seenEntry) // by ID; a later message replaces an earlier one
	for msg, err := range o.relay.scan(ctx, o.relay.names.outbox, headersOnly(o.relay.names.prefix+".outbox.>")) {
		if err != nil {
			return nil, nil, err
		}
		meta, err := msg.Metadata()
		if err != nil {
			return nil, nil, err
		}
		of, k := refOf(msg.Subject(), msg.Headers()), o.relay.names.kindOf(msg.Subject())
		if state, known := stateOf(k, msg.Headers()); known {
			entries[of.id] = seenEntry{of.app, k, state, meta.Timestamp}
		}
	}
	states, apps := make(map[State]int), make(map[string]*AppOverview)
	for _, entry := range entries {
		states[entry.state]++
		of := apps[entry.app]
		if of == nil {
			of = &AppOverview{App: entry.app, States: make(map[State]int)}
			apps[entry.app] = of
		}
		of.add(entry)
	}
	list := make([]AppOverview, 0, len(apps))
	for _, of := range apps {
		list = append(list, *of)
	}
	slices.SortFunc(list, func(a, b AppOverview) int { return cmp.Compare(a.App, b.App) })
	return states, list, nil
}

func (a *AppOverview) add(entry seenEntry) {
	a.States[entry.state]++
	switch {
	case entry.kind == kindLater:
		a.Later++
	case entry.state == StateQueued && (a.Oldest.IsZero() || entry.since.Before(a.Oldest)):
		a.Oldest = entry.since
	}
}

// addRates adds the rates and pauses of the apps, as recorded by the workers.
func (o *Outbox) addRates(ctx context.Context, view *Overview) error {
	paces, err := o.storedPaces(ctx)
	if err != nil {
		return err
	}
	for i := range view.Apps {
		app := &view.Apps[i]
		pace, known := paces[app.App]
		if !known || view.At.Sub(later(pace.Next, pace.Until)) > idleLife {
			continue
		}
		app.Rate = pace.rate(view.At)
		if pace.Until.After(view.At) {
			app.PausedUntil = pace.Until
		}
	}
	return nil
}
