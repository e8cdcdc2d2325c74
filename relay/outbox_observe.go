package relay

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/sinchgo/conversation/outbox"
)

// Observer is notified of each attempt of a worker to send an entry, to trace, measure or log it: see [WithObserver]. Its
// methods are called concurrently, and must not block. It is the counterpart of conversation.Observer and webhook.Observer for
// entries.
//
// The types of an attempt are those of package outbox, so that an observer need not depend on relay.
type Observer interface {
	outbox.Observer
}

// WithObserver adds an observer of attempts to [Outbox.Run]. Of several observers, EntryStarted is called in the order of the
// options, and each gets the context of the one before. Messages.Send of the client has the last context. EntryEnded is called in
// reverse order. A panic of an observer is logged, and changes nothing about the attempt.
func WithObserver(observer Observer) OutboxOption {
	return func(c *outboxConfig) error {
		if observer == nil {
			return argumentError(opRunOutbox, "WithObserver", "is nil: leave the option out")
		}
		c.observers = append(c.observers, observer)
		return nil
	}
}

// observe notifies the observers that the attempt has started. It returns the context of the call, and a function that notifies them
// of the end.
func (a *attempt) observe(ctx context.Context) (_ context.Context, ended func()) {
	if len(a.worker.observers) == 0 {
		return ctx, func() {}
	}
	began := time.Now()
	info := outbox.EntryInfo{Operation: "Outbox.Run", App: a.of.app, ID: a.of.id, Attempt: a.before.Attempts + 1}
	contexts := []context.Context{ctx}
	for i, observer := range a.worker.observers {
		own := a.started(contexts[i], observer, info)
		if own == nil {
			own = contexts[i]
		}
		contexts = append(contexts, own)
	}
	return contexts[len(contexts)-1], func() {
		a.result.Duration = time.Since(began)
		if !a.sent.IsZero() {
			a.result.Waited = a.sent.Sub(began)
		}
		for i, observer := range slices.Backward(a.worker.observers) {
			a.ended(contexts[i+1], observer, info)
		}
	}
}

// started returns nil if the observer panics.
func (a *attempt) started(ctx context.Context, observer Observer, info outbox.EntryInfo) context.Context {
	defer func() { a.logPanic(ctx, recover()) }()
	return observer.EntryStarted(ctx, info)
}

func (a *attempt) ended(ctx context.Context, observer Observer, info outbox.EntryInfo) {
	defer func() { a.logPanic(ctx, recover()) }()
	observer.EntryEnded(ctx, info, a.result)
}

// logPanic logs the panic of an observer, if there was one.
func (a *attempt) logPanic(ctx context.Context, value any) {
	if value != nil {
		a.worker.outbox.relay.log().LogAttrs(ctx, slog.LevelError, "relay: an observer panicked",
			slog.String("error", outbox.Redact(fmt.Sprint(value))))
	}
}

// note keeps what the observers get at the end of the attempt.
func (a *attempt) note(rec record, failure error) {
	a.result = outbox.EntryResult{State: string(rec.State), Attempts: rec.Attempts, Err: failure}
}

// OutboxOverview returns the part of [Relay.Overview] that is for gauges, such as those of otelconversation. It costs the same.
func (r *Relay) OutboxOverview(ctx context.Context) (outbox.Overview, error) {
	view, err := r.overview(ctx)
	if err != nil {
		return outbox.Overview{}, inMethod("OutboxOverview", err)
	}
	now := outbox.Overview{States: make(map[string]int), Due: view.States[StateQueued], Waiting: view.Inbox.Waiting, Dead: view.Dead}
	for state, count := range view.States {
		now.States[string(state)] = count
	}
	for i := range view.Apps {
		now.Due -= view.Apps[i].Later
		if oldest := view.Apps[i].Oldest; !oldest.IsZero() {
			now.Oldest = max(now.Oldest, view.At.Sub(oldest))
		}
	}
	if oldest := view.Inbox.Oldest; !oldest.IsZero() {
		now.OldestCall = max(0, view.At.Sub(oldest))
	}
	return now, nil
}
