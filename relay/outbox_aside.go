package relay

import (
	"context"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// moveAside stores the message that was put aside for one state for another one too.
func (o *Outbox) moveAside(ctx context.Context, of ref, from, to State) error {
	r := o.relay
	aside, err := lastOf(ctx, r.outboxStream, r.names.entry(asideKinds[from], of))
	if err != nil || aside == nil {
		return err
	}
	moved := &nats.Msg{Subject: r.names.entry(asideKinds[to], of), Header: keptAside(aside.Header), Data: aside.Data}
	_, err = r.js.PublishMsg(ctx, moved)
	return err
}

// keptAside returns the headers of a message of relay, without those of the engine.
func keptAside(header nats.Header) nats.Header {
	kept := nats.Header{}
	for name, values := range header {
		if strings.HasPrefix(name, "Relay-") {
			kept[name] = values
		}
	}
	return kept
}

// markAside stores the mark of a settled entry by which it is listed, if its state has one.
func (o *Outbox) markAside(ctx context.Context, of ref, state State) error {
	if state != StateCancelled && state != StateExpired {
		return nil
	}
	_, err := o.relay.js.PublishMsg(ctx, o.relay.names.message(of, asideKinds[state], nil, nil), jetstream.WithExpectLastSequencePerSubject(0))
	if isConflict(err) {
		return nil
	}
	return err
}

// forget removes what was put aside of an entry, because it may hold text and numbers, unless it is of a round after the last one.
func (o *Outbox) forget(ctx context.Context, of ref, k kind, last int) error {
	if k == "" {
		return nil
	}
	aside, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.entry(k, of))
	if err != nil || aside == nil || refOf(aside.Subject, aside.Header).round > last {
		return err
	}
	return o.deleteMessage(ctx, aside.Subject, aside.Sequence) // not one that another worker has stored since
}
