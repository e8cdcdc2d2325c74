package relay

import (
	"cmp"
	"context"
	"errors"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/webhook"
)

// fold records what a callback says about an entry: that it was accepted, and its delivery. It ignores the ID of an entry that the
// outbox does not know.
func (o *Outbox) fold(ctx context.Context, said outbox.Report) error {
	if said.ID == "" || len(said.ID) > maxID {
		return nil // no entry has it
	}
	for {
		last, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.allOf(said.ID))
		if err != nil || last == nil {
			return err
		}
		s, err := o.state(ctx, refOf(last.Subject, nil))
		if err != nil || s.seq == 0 {
			return err // not attempted: the callback is of another message with this correlation_id
		}
		rec, changed := s.with(said)
		if !changed {
			return nil
		}
		past := s.trail()
		if o.relay.names.kindOf(last.Subject) == kindEntry { // it was queued again; a worker finds the record and removes the message
			past = trailOf(last.Header).then(s.seq, markOf(s.State, s.Delivery)).then(last.Sequence, queuedMark(kindEntry, last.Header))
		}
		_, err = o.put(ctx, s.ref, rec, s.seq, past)
		if errors.Is(err, errConflict) {
			continue
		}
		if err != nil || s.State == StateAccepted || s.State == StateAttempting {
			return err
		}
		return o.forget(ctx, s.ref, asideKinds[s.State], s.ref.round)
	}
}

// with returns the record with what a callback says, and whether that is new.
func (r record) with(said outbox.Report) (record, bool) {
	switch r.State {
	case StateUnknown, StateAttempting, StateDropped:
		r.State, r.MessageID, r.Reason = StateAccepted, said.MessageID, ""
		r.Delivery, r.DeliveryReason = said.Delivery, said.Reason
		return r, true
	case StateAccepted:
		another := r.MessageID != "" && said.MessageID != "" && r.MessageID != said.MessageID
		if another && said.Delivery == conversation.DeliveryStatusFailed {
			return r, false // of a message that was sent again because its outcome was unknown
		}
		if said.Delivery == "" || webhook.Fold(r.Delivery, said.Delivery) == r.Delivery {
			return r, false
		}
		r.Delivery, r.DeliveryReason = said.Delivery, said.Reason
		r.MessageID = cmp.Or(r.MessageID, said.MessageID)
		return r, true
	}
	return r, false
}
