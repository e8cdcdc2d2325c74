package relay

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
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
		return nil, fmt.Errorf("relay: Overview: %w", err)
	}
	return view, nil
}

func (r *Relay) overview(ctx context.Context) (*Overview, error) {
	dead, err := r.dead.Info(ctx)
	if err != nil {
		return nil, err
	}
	view := &Overview{At: dead.TimeStamp, Dead: int(dead.State.Msgs)} //nolint:gosec // No stream is that long.
	if view.States, view.Apps, err = r.overviewOfOutbox(ctx); err != nil {
		return nil, err
	}
	if err := r.addRates(ctx, view); err != nil {
		return nil, err
	}
	view.Inbox, err = r.overviewOfInbox(ctx)
	return view, err
}

// seenEntry is what the last message of an entry tells.
type seenEntry struct {
	app   string
	kind  kind
	state State
	since time.Time
}

func (r *Relay) overviewOfOutbox(ctx context.Context) (map[State]int, []AppOverview, error) {
	entries := make(map[string]seenEntry) // by ID; what comes last holds
	for msg, err := range r.scan(ctx, r.names.outbox, heads(r.names.prefix+".outbox.>")) {
		if err != nil {
			return nil, nil, err
		}
		meta, err := msg.Metadata()
		if err != nil {
			return nil, nil, err
		}
		of, k := refOf(msg.Subject(), msg.Headers()), r.kindOf(msg.Subject())
		if state, tells := stateOf(k, msg.Headers()); tells {
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

// addRates adds how fast the apps go, as far as the workers noted it.
func (r *Relay) addRates(ctx context.Context, view *Overview) error {
	rec, _, err := readPace(ctx, r.pace)
	if err != nil {
		return err
	}
	for i := range view.Apps {
		app := &view.Apps[i]
		pace := rec.Apps[app.App]
		if pace == nil || view.At.Sub(later(pace.Next, pace.Until)) > idleLife {
			continue
		}
		app.Rate = pace.rate(view.At)
		if pace.Until.After(view.At) {
			app.PausedUntil = pace.Until
		}
	}
	return nil
}

func (r *Relay) overviewOfInbox(ctx context.Context) (InboxOverview, error) {
	info, err := r.inbox.Info(ctx, jetstream.WithSubjectFilter(r.names.prefix+".inbox.*"))
	if err != nil || info.State.Msgs == 0 {
		return InboxOverview{}, err
	}
	kept := int(info.State.Msgs) //nolint:gosec // No stream is that long.
	view := InboxOverview{Waiting: kept, Oldest: info.State.FirstTime, Kept: kept}
	ways, err := r.waysOut(ctx, info.State.Subjects)
	if err != nil {
		return view, err
	}
	for _, way := range ways {
		waiting := 0
		for _, queue := range way {
			waiting += queue.waiting
		}
		if waiting >= view.Waiting {
			continue
		}
		view.Waiting = waiting
		if view.Oldest, err = r.oldestOf(ctx, way); err != nil {
			return view, err
		}
	}
	return view, nil
}

// inboxQueue is a part of the inbox that is handed out in one line.
type inboxQueue struct {
	subject string
	waiting int
	done    uint64 // up to this number in the stream all is handled
}

// waysOut gives the two ways in which callbacks are handed out, as far as they are used: as they come, in one queue, and in
// order, in one for each lane. After a change from one to the other, that which is no longer used has the more waiting. The
// queues of lanes are made one after the other; in a lane that has none yet, all waits.
func (r *Relay) waysOut(ctx context.Context, subjects map[string]uint64) ([][]inboxQueue, error) {
	var ways [][]inboxQueue
	lanes := make(map[string]inboxQueue)
	list := r.inbox.ListConsumers(ctx)
	for consumer := range list.Info() {
		switch {
		case consumer.Delivered.Consumer == 0: // One that is being made may say that nothing waits. It all does.
		case consumer.Name == "inbox":
			ways = append(ways, []inboxQueue{queueOf(consumer, r.names.prefix+".inbox.*")})
		case strings.HasPrefix(consumer.Name, "inbox-"):
			lanes[consumer.Config.FilterSubject] = queueOf(consumer, consumer.Config.FilterSubject)
		}
	}
	if err := list.Err(); err != nil || len(lanes) == 0 {
		return ways, err
	}
	var way []inboxQueue
	for subject, count := range subjects {
		queue, ok := lanes[subject]
		if !ok {
			queue = inboxQueue{subject: subject, waiting: int(count)} //nolint:gosec // No stream is that long.
		}
		way = append(way, queue)
	}
	return append(ways, way), nil
}

func queueOf(consumer *jetstream.ConsumerInfo, subject string) inboxQueue {
	waiting := int(consumer.NumPending) + consumer.NumAckPending //nolint:gosec // No stream is that long.
	return inboxQueue{subject: subject, waiting: waiting, done: consumer.AckFloor.Stream}
}

// oldestOf gives when the oldest callback came that waits in some queues.
func (r *Relay) oldestOf(ctx context.Context, queues []inboxQueue) (time.Time, error) {
	var oldest time.Time
	for _, queue := range queues {
		if queue.waiting == 0 {
			continue
		}
		msg, err := r.inbox.GetMsg(ctx, queue.done+1, jetstream.WithGetMsgSubject(queue.subject))
		switch {
		case errors.Is(err, jetstream.ErrMsgNotFound): // handled by now
		case err != nil:
			return oldest, err
		case oldest.IsZero() || msg.Time.Before(oldest):
			oldest = msg.Time
		}
	}
	return oldest, nil
}
