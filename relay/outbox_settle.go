package relay

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// Settlement is what to do with an entry whose outcome is unknown.
type Settlement string

// The ways to settle an unknown entry by hand.
const (
	SettleAccepted Settlement = "accepted" // it was sent
	SettleResend   Settlement = "resend"   // send it again: its person gets it twice if it was sent
	SettleDrop     Settlement = "drop"     // give it up
)

// Settle decides by hand about an unknown entry. Errors: [ErrNoEntry]; [ErrNotUnknown], also when a callback or another
// process was quicker; those of the engine.
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
		rec.State, rec.Reason = StateAccepted, "said to be sent, "+by
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
	return o.forget(ctx, s.ref)
}

// resend puts the message of an unknown entry into the queue once more, for the next round.
func (o *Outbox) resend(ctx context.Context, of ref) error {
	r := o.relay
	held, err := lastOf(ctx, r.outboxStream, r.names.entry(kindHeld, of.app, of.id))
	if err != nil {
		return err
	}
	if held == nil || refOf(held.Subject, held.Header).round != of.round {
		return ErrNotUnknown // somebody else did it
	}
	return o.requeue(ctx, of, held.Data) // the worker that takes it removes what is held
}

// requeue puts the message of an entry into the queue once more, for the next round.
func (o *Outbox) requeue(ctx context.Context, of ref, body []byte) error {
	queued, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.entry(kindEntry, of.app, of.id))
	if err != nil {
		return err
	}
	var before uint64
	if queued != nil {
		if refOf(queued.Subject, queued.Header).round > of.round {
			return ErrNotUnknown // put in again before
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

// retryDeadLetter puts the message of a dead letter into the queue once more.
func (o *Outbox) retryDeadLetter(ctx context.Context, letter *DeadLetter) error {
	last, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.allOf(letter.ID))
	if err != nil {
		return err
	}
	if last == nil || last.Header.Get(headerState) != string(StateRejected) {
		return errors.New("its entry is not there, or is not rejected: look at its status")
	}
	return o.requeue(ctx, refOf(last.Subject, last.Header), letter.Body)
}

// forget removes what is held of an entry, so that no text stays.
func (o *Outbox) forget(ctx context.Context, of ref) error {
	return o.relay.outboxStream.Purge(ctx, jetstream.WithPurgeSubject(o.relay.names.entry(kindHeld, of.app, of.id)))
}

// deleteMessage takes a message out of the outbox stream. One that is gone is no error.
func (o *Outbox) deleteMessage(ctx context.Context, seq uint64) error {
	err := o.relay.outboxStream.DeleteMsg(ctx, seq)
	if err == nil || errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil
	}
	// The client makes a text of what the engine says of a message that is not there, so that only a look tells.
	if _, look := o.relay.outboxStream.GetMsg(ctx, seq); errors.Is(look, jetstream.ErrMsgNotFound) {
		return nil
	}
	return err
}

// settleFromCallback notes that Sinch told of a message with the ID of an entry: it was accepted. A callback for an ID that
// the outbox does not know is none of its business.
func (o *Outbox) settleFromCallback(ctx context.Context, id, messageID string) error {
	if id == "" {
		return nil
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
			return nil // not begun: the callback is of another message with this correlation_id
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
		return o.forget(ctx, s.ref)
	}
}
