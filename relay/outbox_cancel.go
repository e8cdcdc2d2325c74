package relay

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// Cancel takes an entry out of the queue, also one that is not due. It becomes [StateCancelled], and is not sent: that is stored when
// Cancel returns nil. The ID stays known, as that of every settled entry. Cancelling it again has no effect.
//
// Cancel returns [ErrNoEntry] if the entry does not exist, and [ErrNotQueued] with its state if it is being sent, is settled, or its
// outcome is unknown. After another error, the entry may be cancelled or not: call Cancel again.
func (o *Outbox) Cancel(ctx context.Context, id string) error {
	if id == "" {
		return argumentError(opCancel, "id", "is empty: pass the ID of an entry")
	}
	err := o.cancel(ctx, id)
	if err == nil {
		err = o.relay.engine.confirm(ctx)
	}
	return inMethod("Outbox.Cancel", err)
}

func (o *Outbox) cancel(ctx context.Context, id string) error {
	for {
		now, err := o.find(ctx, id)
		if err != nil {
			return err
		}
		switch {
		case now.state() == StateCancelled:
			return o.endCancel(ctx, now.record.ref)
		case now.state() != StateQueued:
			return fmt.Errorf("%w: it is %s: %s", ErrNotQueued, now.state(), insteadOfCancel[now.state()])
		case now.queued == nil:
			return fmt.Errorf("%w: the engine lost its message: it becomes unknown, and can be dropped with Settle", ErrNotQueued)
		}
		now, err = o.postpone(ctx, now)
		if err == nil {
			err = o.checkNotDue(ctx, now)
		}
		if err == nil {
			err = o.putCancelled(ctx, now)
		}
		if !errors.Is(err, errConflict) {
			return err
		}
	}
}

// insteadOfCancel is what to do about an entry that cannot be cancelled.
var insteadOfCancel = map[State]string{
	StateAttempting: "wait for its outcome with Watch",
	StateUnknown:    "use Settle",
	StateAccepted:   "it was sent",
	StateRejected:   "it is not sent unless Retry queues it again",
	StateDropped:    "it is not sent unless Retry queues it again",
	StateExpired:    "it is not sent",
}

// putCancelled records that a queued entry is cancelled. A worker that begins to send it writes the same record, and only one of them
// succeeds.
func (o *Outbox) putCancelled(ctx context.Context, now found) error {
	of, s := refOf(now.queued.Subject, now.queued.Header), now.record
	rec := record{State: StateCancelled, Attempts: s.Attempts, Sum: sumOf(bodyOf(now.queued.Header, now.queued.Data)), By: nuid.Next()}
	past := s.trail()
	for _, before := range trailOf(now.queued.Header) {
		past = past.then(before.seq, before.mark)
	}
	if _, err := o.put(ctx, of, rec, s.seq, past.then(now.queued.Sequence, o.queuedMark(now.queued))); err != nil {
		return err
	}
	return o.endCancel(ctx, of)
}

// endCancel does what follows the record of a cancelled entry, which a crash may have left undone.
func (o *Outbox) endCancel(ctx context.Context, of ref) error {
	if err := o.markAside(ctx, of, StateCancelled); err != nil {
		return err
	}
	for _, k := range []kind{kindLater, kindEntry} { // in this order, because the engine turns the first into the second
		msg, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.entry(k, of))
		if err != nil {
			return err
		}
		if msg == nil {
			continue
		}
		if err := o.deleteMessage(ctx, msg.Subject, msg.Sequence); err != nil {
			return err
		}
	}
	if of.round == 0 {
		return nil
	}
	for _, state := range []State{StateUnknown, StateRejected, StateDropped} { // what the entry was before it was queued again
		if err := o.forget(ctx, of, asideKinds[state], of.round); err != nil {
			return err
		}
	}
	return nil
}

// postponeBy is how long a delayed message must not be due while its entry is cancelled.
const postponeBy = time.Minute

// postpone keeps the engine from queueing a delayed message while its entry is being cancelled. A crash leaves it a minute late.
func (o *Outbox) postpone(ctx context.Context, now found) (found, error) {
	msg := now.queued
	due := dueAt(msg)
	if o.queuedMark(msg) != markLater || time.Until(due) > postponeBy {
		return now, nil
	}
	of := refOf(msg.Subject, msg.Header)
	again := o.relay.names.message(of, kindLater, msg.Data, trailOf(msg.Header).then(msg.Sequence, markLater))
	ack, err := o.relay.js.PublishMsg(ctx, again, jetstream.WithExpectLastSequencePerSubject(msg.Sequence),
		jetstream.WithScheduleAt(wholeSecond(time.Now().Add(2*postponeBy))),
		jetstream.WithScheduleTarget(o.relay.names.entry(kindEntry, of)), jetstream.WithScheduleTTLNever())
	if isConflict(err) {
		return now, errConflict // it is due
	}
	if err != nil {
		return now, err
	}
	now.queued = &jetstream.RawStreamMsg{Subject: again.Subject, Sequence: ack.Sequence, Header: again.Header, Data: again.Data}
	return now, nil
}

// checkNotDue returns errConflict if the engine has queued a message in the place of a delayed one, which is removed then. The engine
// does the first before the second.
func (o *Outbox) checkNotDue(ctx context.Context, now found) error {
	if o.queuedMark(now.queued) != markLater {
		return nil
	}
	due, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.entry(kindEntry, refOf(now.queued.Subject, nil)))
	if err != nil || due == nil {
		return err
	}
	if err := o.deleteMessage(ctx, now.queued.Subject, now.queued.Sequence); err != nil {
		return err
	}
	return errConflict
}

// dueAt returns when the engine queues a delayed message.
func dueAt(msg *jetstream.RawStreamMsg) time.Time {
	at, _ := time.Parse(time.RFC3339, strings.TrimPrefix(msg.Header.Get(jetstream.ScheduleHeader), "@at "))
	return at
}

// queuedMark returns what a message of the queue counts as.
func (o *Outbox) queuedMark(msg *jetstream.RawStreamMsg) mark {
	return queuedMark(o.relay.names.kindOf(msg.Subject), msg.Header)
}

// found is what the outbox has of an entry.
type found struct {
	record stored
	queued *jetstream.RawStreamMsg // its message in the queue, or nil
}

// find reads an entry.
func (o *Outbox) find(ctx context.Context, id string) (found, error) {
	last, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.allOf(id))
	if err != nil {
		return found{}, err
	}
	if last == nil {
		return found{}, ErrNoEntry
	}
	of := refOf(last.Subject, last.Header)
	for _, k := range []kind{kindLater, kindEntry} {
		var now found
		if now.queued, err = lastOf(ctx, o.relay.outboxStream, o.relay.names.entry(k, of)); err != nil {
			return found{}, err
		}
		if now.record, err = o.state(ctx, of); err != nil {
			return found{}, err
		}
		if now.queued != nil {
			return now, nil
		}
		if k == kindEntry && now.record.seq != 0 {
			return now, nil
		}
	}
	return found{}, ErrNoEntry
}

// state returns the state of an entry.
func (f found) state() State {
	if f.queued != nil && f.queued.Sequence > f.record.seq {
		return StateQueued
	}
	return f.record.State
}
