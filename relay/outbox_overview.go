package relay

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation"
)

// states returns the number of entries in each state.
func (t *tally) states() map[State]int {
	all := make(map[State]int)
	for _, s := range t.Scopes {
		s.addTo(all, nil)
	}
	return all
}

// addTo adds the counts to those of an app, of a group or of all, and returns how many entries are not due.
func (s *scopeTally) addTo(states map[State]int, deliveries map[conversation.DeliveryStatus]int) (later int) {
	for m, n := range s.Marks {
		state, delivery := m.state()
		if m == markLater {
			state, later = StateQueued, n
		}
		states[state] += n
		if delivery != "" && deliveries != nil {
			deliveries[delivery] += n
		}
	}
	return later
}

// overview adds the entries to an overview.
func (o *Outbox) overview(ctx context.Context, view *Overview) error {
	t, err := o.tally(ctx)
	if err != nil {
		return err
	}
	fronts, err := o.fronts(ctx, t)
	if err != nil {
		return err
	}
	apps, groups := make(map[string]*AppOverview), make(map[string]*GroupOverview)
	for name, s := range t.Scopes {
		appName, groupName := unscope(name)
		app := apps[appName]
		if app == nil {
			app = &AppOverview{App: appName, States: make(map[State]int)}
			apps[appName] = app
		}
		app.Later += s.addTo(app.States, nil)
		if front := fronts[name]; !front.IsZero() && (app.Oldest.IsZero() || front.Before(app.Oldest)) {
			app.Oldest = front
		}
		if groupName == "" {
			continue
		}
		group := groups[groupName]
		if group == nil {
			group = &GroupOverview{Group: groupName, States: make(map[State]int), Delivery: make(map[conversation.DeliveryStatus]int)}
			groups[groupName] = group
		}
		group.Later += s.addTo(group.States, group.Delivery)
	}
	view.States = t.states()
	view.Apps = sortedBy(apps, func(a AppOverview) string { return a.App })
	view.Groups = sortedBy(groups, func(g GroupOverview) string { return g.Group })
	return nil
}

func sortedBy[T any](all map[string]*T, name func(T) string) []T {
	list := make([]T, 0, len(all))
	for _, one := range all {
		list = append(list, *one)
	}
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(name(a), name(b)) })
	return list
}

// frontCalls is how many calls read the oldest entries concurrently.
const frontCalls = 16

// fronts returns when the oldest entry in the queue of each app and group was queued.
func (o *Outbox) fronts(ctx context.Context, t *tally) (map[string]time.Time, error) {
	var mu sync.Mutex
	var failed error
	found := make(map[string]time.Time)
	slots := make(chan struct{}, frontCalls)
	var calls sync.WaitGroup
	for name, s := range t.Scopes {
		if s.Marks[mark(StateQueued)] == 0 {
			continue
		}
		slots <- struct{}{}
		calls.Go(func() {
			defer func() { <-slots }()
			msg, err := o.relay.outboxStream.GetMsg(ctx, max(s.Front, 1), jetstream.WithGetMsgSubject(o.relay.names.in(kindEntry, name)))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, jetstream.ErrMsgNotFound):
			case err != nil:
				failed = err
			default:
				found[name], s.Front = msg.Time, msg.Sequence
			}
		})
	}
	calls.Wait()
	return found, failed
}

// addRates adds the rates and pauses of the apps, as recorded by the workers.
func (o *Outbox) addRates(ctx context.Context, view *Overview) error {
	paces, err := o.storedPaces(ctx)
	if err != nil {
		return err
	}
	if err := o.addPauses(ctx, view, paces); err != nil {
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

// addPauses adds the pauses of operators, and of apps with a wrong setting.
func (o *Outbox) addPauses(ctx context.Context, view *Overview, paces map[string]appPace) error {
	now, _, err := o.control(ctx)
	if err != nil {
		return err
	}
	view.Pauses = append([]Pause{}, now.Pauses...)
	for _, app := range slices.Sorted(maps.Keys(paces)) {
		if pace := paces[app]; pace.Reason != "" {
			view.Pauses = append(view.Pauses, Pause{Scope: Scope{App: app}, Reason: pace.Reason, Since: pace.Since})
		}
	}
	return nil
}
