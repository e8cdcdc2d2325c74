package relay

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// Settlement is what [Outbox.Settle] does with an unknown entry.
type Settlement string

// The ways to settle an unknown entry.
const (
	SettleAccepted Settlement = "accepted" // it was sent
	SettleResend   Settlement = "resend"   // send it again: its recipient gets it twice if it was sent
	SettleDrop     Settlement = "drop"     // give it up
)

// Settle settles an unknown entry by hand. It returns [ErrNoEntry] if the entry does not exist, [ErrNotUnknown] if its
// outcome is known, also when a callback or another process has settled it just now, and [ErrMessageLost] if the message cannot
// be sent again.
func (o *Outbox) Settle(ctx context.Context, id string, how Settlement) error {
	return inMethod("Outbox.Settle", o.settle(ctx, id, how, "by hand"))
}

func (o *Outbox) settle(ctx context.Context, id string, how Settlement, by string) error {
	now, err := o.get(ctx, id)
	if err != nil {
		return err
	}
	s, err := o.state(ctx, now.ref())
	if err != nil {
		return err
	}
	if now.State != StateUnknown || s.State != StateUnknown {
		return fmt.Errorf("%w: it is %s", ErrNotUnknown, now.State)
	}
	rec := s.record
	switch how {
	case SettleAccepted:
		rec.State, rec.Reason = StateAccepted, "settled as sent, "+by
	case SettleDrop:
		rec.State = StateDropped
		if err := o.moveAside(ctx, s.ref, StateUnknown, StateDropped); err != nil {
			return err
		}
	case SettleResend:
		return o.requeueAside(ctx, s)
	default:
		return argumentError(opSettle, "how", fmt.Sprintf("is %q: use SettleAccepted, SettleResend or SettleDrop", how))
	}
	if _, err := o.put(ctx, s.ref, rec, s.seq, s.trail()); err != nil {
		if errors.Is(err, errConflict) {
			return ErrNotUnknown
		}
		return err
	}
	return o.forget(ctx, s.ref, kindHeld, s.ref.round)
}

// requeueAside requeues the message of an entry that was put aside.
func (o *Outbox) requeueAside(ctx context.Context, s stored) error {
	r := o.relay
	aside, err := lastOf(ctx, r.outboxStream, r.names.entry(asideKinds[s.State], s.ref))
	if err != nil {
		return err
	}
	if aside == nil { // one of another round, from a worker that was late, has the same message
		return ErrNotUnknown // another process has settled it
	}
	if aside.Header.Get(lostHeader) != "" {
		return ErrMessageLost
	}
	return o.requeue(ctx, s, bodyOf(aside.Header, aside.Data)) // the worker that sends it removes what was put aside
}

// requeue puts the message of an entry into the queue again, in the next round.
func (o *Outbox) requeue(ctx context.Context, s stored, body []byte) error {
	next := s.ref
	next.round++
	again := o.relay.names.message(next, kindEntry, body, s.trail())
	o.relay.fit(again)
	for {
		queued, err := lastOf(ctx, o.relay.outboxStream, again.Subject)
		if err != nil {
			return err
		}
		var before uint64
		if queued != nil {
			if refOf(queued.Subject, queued.Header).round >= next.round {
				return ErrNotUnknown // already requeued
			}
			before = queued.Sequence // a worker is about to remove it, and may do so before the message is published
		}
		if _, err = o.relay.js.PublishMsg(ctx, again, jetstream.WithExpectLastSequencePerSubject(before)); !isConflict(err) {
			return err
		}
	}
}

// retryDeadLetter requeues the message of a dead letter.
func (o *Outbox) retryDeadLetter(ctx context.Context, letter *DeadLetter) error {
	now, err := o.get(ctx, letter.ID)
	if err != nil && !errors.Is(err, ErrNoEntry) {
		return err
	}
	if now == nil || now.State != StateRejected {
		return errors.New("its entry does not exist or is not rejected: check its status")
	}
	s, err := o.state(ctx, now.ref())
	if err != nil {
		return err
	}
	return o.requeue(ctx, s, letter.Body)
}

// deleteMessage removes the message of a subject, unless it is newer than a sequence number. The subject matters: an engine that
// lost its last messages in a power cut uses their numbers again.
func (o *Outbox) deleteMessage(ctx context.Context, subject string, seq uint64) error {
	return o.relay.outboxStream.Purge(ctx, jetstream.WithPurgeSubject(subject), jetstream.WithPurgeSequence(seq+1))
}
