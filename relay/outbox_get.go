package relay

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation"
)

// Get returns the status of an entry, or [ErrNoEntry].
func (o *Outbox) Get(ctx context.Context, id string) (*Status, error) {
	status, err := o.get(ctx, id)
	if err != nil {
		return nil, inMethod("Outbox.Get", err)
	}
	return status, nil
}

func (o *Outbox) get(ctx context.Context, id string) (*Status, error) {
	if id == "" {
		return nil, argumentError(opOutbox, "id", "is empty: pass the ID of an entry")
	}
	last, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.allOf(id))
	if err != nil {
		return nil, err
	}
	if last == nil {
		return nil, ErrNoEntry
	}
	k := o.relay.names.kindOf(last.Subject)
	if k == kindState {
		s, err := readState(last)
		return s.status(), err
	}
	s, err := o.state(ctx, refOf(last.Subject, last.Header)) // an earlier attempt, if it was requeued
	switch {
	case err != nil:
		return nil, err
	case k.isAside() && s.seq == 0:
		return nil, ErrNoEntry // left of an entry that was forgotten
	case k.isAside():
		return s.status(), nil
	}
	return queuedStatus(s, refOf(last.Subject, last.Header), last.Time), nil
}

// queuedStatus returns the status of an entry that has a message in the queue, and a record of an earlier attempt, if any.
func queuedStatus(s stored, of ref, at time.Time) *Status {
	s.ref, s.at, s.State, s.Delivery, s.DeliveryReason = of, at, StateQueued, "", ""
	return s.status()
}

// Watch returns the status of an entry now and after each change, until it is settled. It ends with an error if the
// context ends or the entry does not exist ([ErrNoEntry]). An unknown entry is not settled.
//
// With until, it goes on after the entry was accepted, until its [Status].Delivery has at least the rank of one of these
// ([conversation.DeliveryStatus.Rank]), or is final. So [conversation.DeliveryStatusDelivered] waits until the message has arrived
// or failed. It needs the reports, which come through [Inbox.Run], in any process.
func (o *Outbox) Watch(ctx context.Context, id string, until ...conversation.DeliveryStatus) iter.Seq2[*Status, error] {
	return func(yield func(*Status, error) bool) {
		least, err := leastRank(until)
		if err == nil {
			err = o.watch(ctx, id, least, yield)
		}
		if err != nil {
			yield(nil, inMethod("Outbox.Watch", err))
		}
	}
}

// leastRank returns the rank of the delivery at which a Watch ends, or 0 if it does not wait for one.
func leastRank(until []conversation.DeliveryStatus) (int, error) {
	least := 0
	for _, status := range until {
		rank := status.Rank()
		if rank == 0 {
			return 0, argumentError(opWatch, "until", fmt.Sprintf("has %q, which is not a delivery status: use conversation.DeliveryStatusDelivered or another constant", status))
		}
		if least == 0 || rank < least {
			least = rank
		}
	}
	return least, nil
}

// ended reports whether nothing that a Watch waits for can follow.
func (s *Status) ended(least int) bool {
	if s.State != StateAccepted || least == 0 {
		return s.State.settled()
	}
	return s.Delivery.Rank() >= least || s.Delivery.Final()
}

func (o *Outbox) watch(ctx context.Context, id string, least int, yield func(*Status, error) bool) error {
	if _, err := o.get(ctx, id); err != nil {
		return err
	}
	consumer, err := o.relay.js.OrderedConsumer(ctx, o.relay.names.outbox, jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{o.relay.names.allOf(id)}, DeliverPolicy: jetstream.DeliverLastPerSubjectPolicy, HeadersOnly: true,
	})
	if err != nil {
		return err
	}
	defer o.relay.removeConsumer(ctx, o.relay.names.outbox, consumer)
	messages, err := consumer.Messages()
	if err != nil {
		return err
	}
	defer messages.Stop()
	var last Status
	for {
		if _, _, err := nextOf(ctx, messages); err != nil {
			return err
		}
		now, err := o.get(ctx, id)
		if err != nil {
			return err
		}
		if *now != last && !yield(now, nil) || now.ended(least) {
			return nil
		}
		last = *now
	}
}

// Counts returns the number of entries in each state. Its cost depends on the number of apps and groups.
func (o *Outbox) Counts(ctx context.Context) (map[State]int, error) {
	t, err := o.tally(ctx)
	if err != nil {
		return nil, inMethod("Outbox.Counts", err)
	}
	return t.states(), nil
}

// Unknown returns the entries whose outcome is unknown, oldest first.
func (o *Outbox) Unknown(ctx context.Context) iter.Seq2[*Status, error] {
	return func(yield func(*Status, error) bool) {
		for msg, err := range o.relay.scan(ctx, o.relay.names.outbox, headersOnly(o.relay.names.all(kindHeld))) {
			var s stored
			if err == nil {
				s, err = o.state(ctx, refOf(msg.Subject(), msg.Headers()))
			}
			if err != nil {
				yield(nil, inMethod("Outbox.Unknown", err))
				return
			}
			if s.State == StateUnknown && s.ref.round == refOf(msg.Subject(), msg.Headers()).round && !yield(s.status(), nil) {
				return
			}
		}
	}
}
