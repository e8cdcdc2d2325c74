package relay

import (
	"cmp"
	"context"
	"errors"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// report is what a callback says about an entry.
type report struct {
	id        string // of the entry; empty for a callback about something else
	messageID string // of its message at Sinch
	delivery  conversation.DeliveryStatus
	reason    string // why the delivery failed
}

// fold records what a callback says about an entry: that it was accepted, and its delivery. It ignores the ID of an entry that the
// outbox does not know.
func (o *Outbox) fold(ctx context.Context, said report) error {
	if said.id == "" || len(said.id) > maxID {
		return nil // no entry has it
	}
	for {
		last, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.allOf(said.id))
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
func (r record) with(said report) (record, bool) {
	switch r.State {
	case StateUnknown, StateAttempting, StateDropped:
		r.State, r.MessageID, r.Reason = StateAccepted, said.messageID, ""
		r.Delivery, r.DeliveryReason = said.delivery, said.reason
		return r, true
	case StateAccepted:
		another := r.MessageID != "" && said.messageID != "" && r.MessageID != said.messageID
		if another && said.delivery == conversation.DeliveryStatusFailed {
			return r, false // of a message that was sent again because its outcome was unknown
		}
		if said.delivery == "" || webhook.Fold(r.Delivery, said.delivery) == r.Delivery {
			return r, false
		}
		r.Delivery, r.DeliveryReason = said.delivery, said.reason
		r.MessageID = cmp.Or(r.MessageID, said.messageID)
		return r, true
	}
	return r, false
}
