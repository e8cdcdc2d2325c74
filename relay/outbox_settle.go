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

// ErrNotUnknown is the error of settling an entry whose outcome is known.
var ErrNotUnknown = errors.New("the entry is not unknown")

// Settle decides by hand about an unknown entry. Errors: [ErrNoEntry]; [ErrNotUnknown], also when a callback or another
// process was quicker; those of the engine.
func (o *Outbox) Settle(ctx context.Context, id string, how Settlement) error {
	if err := o.settle(ctx, id, how, "by hand"); err != nil {
		return fmt.Errorf("relay: Outbox.Settle: %w", err)
	}
	return nil
}

func (o *Outbox) settle(ctx context.Context, id string, how Settlement, by string) error {
	now, err := o.get(ctx, id)
	if err != nil {
		return err
	}
	s, err := o.relay.state(ctx, ref{id: id, app: now.App})
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
		return o.again(ctx, s.ref)
	default:
		return fmt.Errorf("how is %q: use SettleAccepted, SettleResend or SettleDrop", how)
	}
	if _, err := o.relay.put(ctx, s.ref, rec, s.seq); err != nil {
		if errors.Is(err, errConflict) {
			return ErrNotUnknown
		}
		return err
	}
	return o.relay.forget(ctx, s.ref)
}

// again puts the message of an unknown entry into the queue once more, for the next round.
func (o *Outbox) again(ctx context.Context, of ref) error {
	r := o.relay
	held, err := lastOf(ctx, r.outbox, r.names.entry(kindHeld, of.app, of.id))
	if err != nil {
		return err
	}
	if held == nil || refOf(held.Subject, held.Header).round != of.round {
		return ErrNotUnknown // somebody else did it
	}
	return r.requeue(ctx, of, held.Data) // the worker that takes it removes what is held
}

// requeue puts the message of an entry into the queue once more, for the next round.
func (r *Relay) requeue(ctx context.Context, of ref, body []byte) error {
	queued, err := lastOf(ctx, r.outbox, r.names.entry(kindEntry, of.app, of.id))
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
	_, err = r.js.PublishMsg(ctx, r.message(of, kindEntry, body), jetstream.WithExpectLastSequencePerSubject(before))
	if isConflict(err) {
		return ErrNotUnknown
	}
	return err
}

// retryOutbox puts the message of a dead letter into the queue once more.
func (r *Relay) retryOutbox(ctx context.Context, letter *DeadLetter) error {
	last, err := lastOf(ctx, r.outbox, r.names.allOf(letter.ID))
	if err != nil {
		return err
	}
	if last == nil || last.Header.Get(headerState) != string(StateRejected) {
		return errors.New("its entry is not there, or is not rejected: look at its status")
	}
	return r.requeue(ctx, refOf(last.Subject, last.Header), letter.Body)
}

// forget removes what is held of an entry, so that no text stays.
func (r *Relay) forget(ctx context.Context, of ref) error {
	return r.outbox.Purge(ctx, jetstream.WithPurgeSubject(r.names.entry(kindHeld, of.app, of.id)))
}

// deleteMessage takes a message out of the outbox stream. One that is gone is no error.
func (r *Relay) deleteMessage(ctx context.Context, seq uint64) error {
	err := r.outbox.DeleteMsg(ctx, seq)
	if err == nil || errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil
	}
	// The client makes a text of what the engine says of a message that is not there, so that only a look tells.
	if _, look := r.outbox.GetMsg(ctx, seq); errors.Is(look, jetstream.ErrMsgNotFound) {
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
		s, err := o.relay.state(ctx, ref{id: id, app: now.App})
		if err != nil {
			return err
		}
		if s.State != StateUnknown && s.State != StateAttempting {
			return nil // not begun: the callback is of another message with this correlation_id
		}
		unknown := s.State == StateUnknown
		rec := s.record
		rec.State, rec.MessageID, rec.Reason = StateAccepted, messageID, ""
		_, err = o.relay.put(ctx, s.ref, rec, s.seq)
		if errors.Is(err, errConflict) {
			continue
		}
		if err != nil || !unknown {
			return err
		}
		return o.relay.forget(ctx, s.ref)
	}
}
