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
	s, err := o.state(ctx, ref{id: id, app: now.App})
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
	case SettleResend:
		return o.resend(ctx, s.ref)
	default:
		return argumentError(opSettle, "how", fmt.Sprintf("is %q: use SettleAccepted, SettleResend or SettleDrop", how))
	}
	if _, err := o.put(ctx, s.ref, rec, s.seq); err != nil {
		if errors.Is(err, errConflict) {
			return ErrNotUnknown
		}
		return err
	}
	return o.forget(ctx, s.ref, s.ref.round)
}

// resend requeues the message of an unknown entry.
func (o *Outbox) resend(ctx context.Context, of ref) error {
	r := o.relay
	held, err := lastOf(ctx, r.outboxStream, r.names.entry(kindHeld, of.app, of.id))
	if err != nil {
		return err
	}
	if held == nil { // one of another round, from a worker that was late, has the same message
		return ErrNotUnknown // another process has settled it
	}
	if held.Header.Get(lostHeader) != "" {
		return ErrMessageLost
	}
	return o.requeue(ctx, of, bodyOf(held.Header, held.Data)) // the worker that sends it removes the held message
}

// requeue puts the message of an entry into the queue again, in the next round.
func (o *Outbox) requeue(ctx context.Context, of ref, body []byte) error {
	queued, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.entry(kindEntry, of.app, of.id))
	if err != nil {
		return err
	}
	var before uint64
	if queued != nil {
		if refOf(queued.Subject, queued.Header).round > of.round {
			return ErrNotUnknown // already requeued
		}
		before = queued.Sequence // a worker is about to remove it
	}
	of.round++
	_, err = o.relay.js.PublishMsg(ctx, o.relay.names.message(of, kindEntry, body), jetstream.WithExpectLastSequencePerSubject(before))
	if isConflict(err) {
		return ErrNotUnknown
	}
	return err
}

// retryDeadLetter requeues the message of a dead letter.
func (o *Outbox) retryDeadLetter(ctx context.Context, letter *DeadLetter) error {
	last, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.allOf(letter.ID))
	if err != nil {
		return err
	}
	if last == nil || last.Header.Get(headerState) != string(StateRejected) {
		return errors.New("its entry does not exist or is not rejected: check its status")
	}
	return o.requeue(ctx, refOf(last.Subject, last.Header), letter.Body)
}

// forget removes the held message of an entry, because it holds text and numbers, unless it is of a round after the last one.
func (o *Outbox) forget(ctx context.Context, of ref, last int) error {
	held, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.entry(kindHeld, of.app, of.id))
	if err != nil || held == nil || refOf(held.Subject, held.Header).round > last {
		return err
	}
	return o.deleteMessage(ctx, held.Subject, held.Sequence) // not one that another worker has stored since
}

// deleteMessage removes the message of a subject, unless it is newer than a sequence number. The subject matters: an engine that
// lost its last messages in a power cut uses their numbers again.
func (o *Outbox) deleteMessage(ctx context.Context, subject string, seq uint64) error {
	return o.relay.outboxStream.Purge(ctx, jetstream.WithPurgeSubject(subject), jetstream.WithPurgeSequence(seq+1))
}

// settleFromCallback records that an entry was accepted, because a callback reports a message with its ID. It ignores
// the ID of an entry that the outbox does not know.
func (o *Outbox) settleFromCallback(ctx context.Context, id, messageID string) error {
	if id == "" || len(id) > maxID {
		return nil // no entry has it
	}
	for {
		now, err := o.get(ctx, id)
		if errors.Is(err, ErrNoEntry) {
			return nil
		}
		if err != nil {
			return err
		}
		s, err := o.state(ctx, ref{id: id, app: now.App})
		if err != nil {
			return err
		}
		if s.State != StateUnknown && s.State != StateAttempting {
			return nil // not attempted: the callback is of another message with this correlation_id
		}
		unknown := s.State == StateUnknown
		rec := s.record
		rec.State, rec.MessageID, rec.Reason = StateAccepted, messageID, ""
		_, err = o.put(ctx, s.ref, rec, s.seq)
		if errors.Is(err, errConflict) {
			continue
		}
		if err != nil || !unknown {
			return err
		}
		return o.forget(ctx, s.ref, s.ref.round)
	}
}
