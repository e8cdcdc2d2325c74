package relay

import (
	"context"
	"iter"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
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
	if err != nil || k == kindHeld && s.seq != 0 {
		return s.status(), err
	}
	s.ref, s.at, s.State = refOf(last.Subject, last.Header), last.Time, StateQueued
	return s.status(), nil
}

// stateOf returns the state that the last message of an entry implies. A held message implies none: its state follows.
func stateOf(k kind, header nats.Header) (State, bool) {
	switch k {
	case kindState:
		return State(header.Get(headerState)), true
	case kindHeld:
		return "", false
	default:
		return StateQueued, true
	}
}

// Watch returns the status of an entry now and after each change, until it is settled. It ends with an error if the
// context ends or the entry does not exist ([ErrNoEntry]). An unknown entry is not settled.
func (o *Outbox) Watch(ctx context.Context, id string) iter.Seq2[*Status, error] {
	return func(yield func(*Status, error) bool) {
		if err := o.watch(ctx, id, yield); err != nil {
			yield(nil, inMethod("Outbox.Watch", err))
		}
	}
}

func (o *Outbox) watch(ctx context.Context, id string, yield func(*Status, error) bool) error {
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
		if *now != last && !yield(now, nil) || now.State.settled() {
			return nil
		}
		last = *now
	}
}

// Counts returns the number of entries in each state. It reads the headers of all entries, which takes about a second
// for a few hundred thousand of them.
func (o *Outbox) Counts(ctx context.Context) (map[State]int, error) {
	counts, _, err := o.overview(ctx)
	if err != nil {
		return nil, inMethod("Outbox.Counts", err)
	}
	return counts, nil
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
