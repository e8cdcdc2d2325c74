package relay

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation"
)

// tallyKey is the key of the tally, in the bucket of the pace.
const tallyKey = "tally"

// storedTally returns the tally as it is stored, and its revision, which is 0 if there is none.
func (o *Outbox) storedTally(ctx context.Context) (*tally, uint64, error) {
	entry, err := o.relay.paceBucket.Get(ctx, tallyKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return newTally(), 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	t := newTally()
	t.queued = nil
	if json.Unmarshal(decompress(entry.Value()), t) != nil {
		t = newTally() // it is written anew
	}
	return t, entry.Revision(), nil
}

// storeTally replaces the tally of a revision, and returns the revision of the new one. It returns 0 if another process was faster.
func (o *Outbox) storeTally(ctx context.Context, t *tally, revision uint64) (uint64, error) {
	t.queued = nil
	t.Seen.trim()
	body, err := json.Marshal(t)
	if err != nil {
		return 0, err
	}
	body = compress(body)
	var stored uint64
	if revision == 0 {
		stored, err = o.relay.paceBucket.Create(ctx, tallyKey, body)
	} else {
		stored, err = o.relay.paceBucket.Update(ctx, tallyKey, body, revision)
	}
	if errors.Is(err, jetstream.ErrKeyExists) || isConflict(err) {
		return 0, nil
	}
	return stored, err
}

const (
	// longTail is how many messages after the stored tally are too many to be read again by the next caller.
	longTail = 200
	// longBacklog is how many entries a process stores before it has the tally brought up to date.
	longBacklog = 2000
	// tallyStep is how many messages are read before the tally is stored, so that a reader that is interrupted was not in vain.
	tallyStep = 20_000
)

// tally returns the counts of now. If it had to read many messages, it stores the result for others.
func (o *Outbox) tally(ctx context.Context) (*tally, error) {
	t, err := o.currentTally(ctx, longTail)
	if err != nil || !t.Later {
		return t, err
	}
	return t, o.countLater(ctx, t)
}

// currentTally brings the stored tally up to date, and stores it if more than some messages came after it.
func (o *Outbox) currentTally(ctx context.Context, tail int) (*tally, error) {
	t, revision, err := o.storedTally(ctx)
	if err != nil {
		return nil, err
	}
	for {
		var read int
		if t, read, err = o.update(ctx, t); err != nil {
			return nil, err
		}
		if read == 0 || read <= tail && revision != 0 {
			return t, nil
		}
		stored, err := o.storeTally(ctx, t, revision)
		if err != nil || read < tallyStep {
			return t, err
		}
		if stored != 0 {
			revision = stored
		}
	}
}

// countLater counts the entries that are not due. Its cost depends on their number.
func (o *Outbox) countLater(ctx context.Context, t *tally) error {
	info, err := o.relay.outboxStream.Info(ctx, jetstream.WithSubjectFilter(o.relay.names.all(kindLater)))
	if err != nil {
		return err
	}
	for subject := range info.State.Subjects {
		t.scope(refOf(subject, nil)).change(markLater, 1)
	}
	return nil
}

// update adds the messages after a tally to it, at most tallyStep, and returns their number. If the engine has lost messages that are
// counted, all are counted anew. A first count is done in one step: what is stored takes older messages for counted.
func (o *Outbox) update(ctx context.Context, t *tally) (*tally, int, error) {
	info, err := o.relay.outboxStream.Info(ctx)
	if err != nil {
		return nil, 0, err
	}
	if t.Seq > info.State.LastSeq {
		t = newTally()
	}
	if t.Seq == 0 {
		t.Seen = seen{From: max(info.State.FirstSeq, 1) - 1}
	}
	if t.Seq == info.State.LastSeq || info.State.Msgs == 0 {
		return t, 0, nil
	}
	read := 0
	for msg, err := range o.relay.scan(ctx, o.relay.names.outbox, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: t.Seq + 1, HeadersOnly: true,
	}) {
		if err != nil {
			return nil, read, err
		}
		meta, err := msg.Metadata()
		if err != nil {
			return nil, read, err
		}
		read++
		if err := o.count(ctx, t, msg.Subject(), msg.Headers(), meta.Sequence.Stream); err != nil {
			return nil, read, err
		}
		if read >= tallyStep && t.queued == nil {
			break
		}
	}
	return t, read, nil
}

// count adds a message to a tally.
func (o *Outbox) count(ctx context.Context, t *tally, subject string, header nats.Header, seq uint64) error {
	of, k := refOf(subject, header), o.relay.names.kindOf(subject)
	var m, replaces mark
	switch k {
	case kindLater:
		t.Later = true
	case kindEntry:
		m = mark(StateQueued)
	case kindState:
		m = markOf(State(header.Get(headerState)), conversation.DeliveryStatus(header.Get(headerDelivery)))
	}
	past := trailOf(header)
	if k == kindState && len(past) == 0 && t.queued != nil && (m == mark(StateRejected) || m == mark(StateDropped)) {
		t.bare = append(t.bare, of)
	}
	switch {
	case len(past) > 0:
		replaces = t.counted(past)
	case k == kindState || k == kindEntry && of.round > 0:
		var err error
		if replaces, err = o.replaced(ctx, t, of, k); err != nil {
			return err
		}
	case t.queued != nil && k == kindEntry:
		t.queued[of.key()] = seq
	}
	if m != "" {
		t.add(of, seq, m, replaces)
		t.try(seq, m, past)
	}
	t.Seen.add(seq)
	t.Seq = seq
	return nil
}

// replaced returns what a message of an earlier version, which has no trail, replaces.
func (o *Outbox) replaced(ctx context.Context, t *tally, of ref, k kind) (mark, error) {
	if seq := t.queued[of.key()]; k == kindState && t.queued != nil {
		if seq == 0 {
			return "", nil
		}
		return mark(StateQueued), nil
	}
	other := kindEntry
	if k == kindEntry {
		other = kindState
	}
	msg, err := lastOf(ctx, o.relay.outboxStream, o.relay.names.entry(other, of))
	if err != nil || msg == nil || !t.Seen.has(msg.Sequence) {
		return "", err
	}
	if other == kindEntry {
		return mark(StateQueued), nil
	}
	return mark(msg.Header.Get(headerState)), nil
}
