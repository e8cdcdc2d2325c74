package relay

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"
)

const (
	// lostHeader marks the held message of an entry whose message the engine has lost. It has no body.
	lostHeader = "Relay-Lost"
	// lostEvery is how often entries without a message are looked at again.
	lostEvery = time.Second
)

// findLost makes entries unknown that are not settled and have no message any more. An engine that does not sync before it
// acknowledges can lose the message and keep the record. It searches at the start and when the engine was away.
func (w *worker) findLost(ctx context.Context) {
	conn := w.outbox.relay.engine.Conn
	var open []ref
	for searched, due := uint64(0), true; ; due = conn.Stats().Reconnects != searched {
		var err error
		if due {
			reconnects := conn.Stats().Reconnects
			if open, err = w.withoutMessage(ctx); err == nil {
				searched = reconnects
			}
		} else {
			open, err = w.endLost(ctx, open)
		}
		if err != nil {
			w.trouble(ctx, "lost messages cannot be searched", err)
		}
		if sleep(ctx, lostEvery) != nil {
			return
		}
	}
}

// withoutMessage returns the entries that are not settled and have no message.
func (w *worker) withoutMessage(ctx context.Context) ([]ref, error) {
	r := w.outbox.relay
	waiting := make(map[key]ref)
	for msg, err := range r.scan(ctx, r.names.outbox, headersOnly(r.names.all(kindState))) {
		if err != nil {
			return nil, err
		}
		if state := State(msg.Headers().Get(headerState)); state == StateQueued || state == StateAttempting {
			of := refOf(msg.Subject(), nil)
			waiting[of.key()] = of
		}
	}
	if len(waiting) == 0 {
		return nil, nil
	}
	for msg, err := range r.scan(ctx, r.names.outbox, headersOnly(r.names.all(kindEntry))) {
		if err != nil {
			return nil, err
		}
		delete(waiting, refOf(msg.Subject(), nil).key())
	}
	return slices.Collect(maps.Values(waiting)), nil
}

// endLost makes those entries unknown whose record has been unchanged for a lease, and returns the others.
func (w *worker) endLost(ctx context.Context, open []ref) ([]ref, error) {
	var left []ref
	for i, of := range open {
		again, err := w.isLost(ctx, of)
		if err != nil {
			return append(left, open[i:]...), err
		}
		if again {
			left = append(left, of)
		}
	}
	return left, nil
}

// isLost ends an entry that has no message, or reports whether it must be looked at again.
func (w *worker) isLost(ctx context.Context, of ref) (bool, error) {
	o := w.outbox
	s, err := o.state(ctx, of)
	if err != nil || s.State != StateQueued && s.State != StateAttempting {
		return err != nil, err
	}
	message, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.entry(kindEntry, of))
	if err != nil || message != nil {
		return err != nil, err
	}
	if w.unchanged.since(of.id, s.seq) < w.lease {
		return true, nil
	}
	if err := o.holdLost(ctx, s.ref); err != nil {
		return true, err
	}
	rec := s.record
	rec.State, rec.Reason = StateUnknown, "the engine lost the message"
	if _, err = o.put(ctx, s.ref, rec, s.seq, s.trail()); errors.Is(err, errConflict) {
		return true, nil
	}
	return err != nil, err
}

// holdLost stores a held message for an entry whose message is lost, so that [Outbox.Unknown] finds it: that of an earlier round,
// or a mark.
func (o *Outbox) holdLost(ctx context.Context, of ref) error {
	before, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.entry(kindHeld, of))
	if err != nil {
		return err
	}
	held := o.relay.names.message(of, kindHeld, nil, nil)
	held.Header.Set(lostHeader, "true")
	if before != nil {
		held = o.relay.names.message(of, kindHeld, bodyOf(before.Header, before.Data), nil)
		o.relay.fit(held)
	}
	_, err = o.relay.js.PublishMsg(ctx, held)
	return err
}
