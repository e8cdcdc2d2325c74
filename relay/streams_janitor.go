package relay

import (
	"context"
	"errors"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// remove removes what is older than its retention: settled states, handled callbacks and their keys.
func (j *janitor) remove(ctx context.Context, count ages) error {
	r := j.relay
	return errors.Join(
		j.removeStates(ctx, count.old(r.names.outbox, j.keep).Seq),
		j.removeCallbacks(ctx, count.old(r.names.inbox, j.callbacks).Seq),
		j.removeKeys(ctx, count.old("KV_"+r.names.seen, j.keep)),
	)
}

// removeStates removes settled states up to a sequence, unless the message of the entry is still there: the state keeps it from
// being sent again.
func (j *janitor) removeStates(ctx context.Context, upTo uint64) error {
	r := j.relay
	t, _, err := r.outbox.storedTally(ctx)
	if err != nil {
		return err
	}
	var gone []forgotten
	err = j.each(ctx, r.names.outbox, r.names.all(kindState), min(upTo, t.Seq), func(msg jetstream.Msg, seq uint64) (bool, error) {
		if !State(msg.Headers().Get(headerState)).settled() {
			return false, nil
		}
		of := refOf(msg.Subject(), msg.Headers())
		for _, k := range []kind{kindEntry, kindLater} {
			message, err := lastOf(ctx, r.outboxStream, r.names.entry(k, of))
			if err != nil || message != nil {
				return false, err
			}
		}
		for _, k := range []kind{kindHeld, asideKinds[State(msg.Headers().Get(headerState))]} { // a crash may have left the first
			if err := r.outbox.forget(ctx, of, k, of.round); err != nil {
				return false, err
			}
		}
		if err := r.outbox.deleteMessage(ctx, msg.Subject(), seq); err != nil {
			return false, err
		}
		gone = append(gone, forgottenOf(msg))
		return true, nil
	})
	return errors.Join(err, r.outbox.subtract(ctx, gone))
}

// removeKeys removes the keys of handled callbacks up to a mark, once all callbacks of that time are acknowledged.
func (j *janitor) removeKeys(ctx context.Context, mark ageMark) error {
	r := j.relay
	if mark.Seq == 0 {
		return nil
	}
	waiting, err := j.waiting(ctx, mark.Inbox)
	if err != nil || waiting {
		return err
	}
	prefix := "$KV." + r.names.seen + "."
	return j.each(ctx, "KV_"+r.names.seen, prefix+">", mark.Seq, func(msg jetstream.Msg, seq uint64) (bool, error) {
		key := strings.TrimPrefix(msg.Subject(), prefix)
		found, revision, err := r.inbox.claimOf(ctx, key)
		if err != nil || revision != seq || found.State != claimDone && found.State != claimDead {
			return false, err
		}
		err = r.seenBucket.Purge(ctx, key, jetstream.LastRevision(revision), jetstream.PurgeTTL(markerLife))
		if isConflict(err) {
			return false, nil
		}
		return err == nil, err
	})
}

// waiting reports whether a callback up to a sequence is not acknowledged by the consumers that are in use.
func (j *janitor) waiting(ctx context.Context, upTo uint64) (bool, error) {
	list := j.relay.inboxStream.ListConsumers(ctx)
	found := false
	for info := range list.Info() {
		if !strings.HasPrefix(info.Name, "inbox") || info.Delivered.Consumer == 0 {
			continue
		}
		if found = true; acknowledged(info) < upTo {
			return true, nil
		}
	}
	return !found && upTo > 0, list.Err()
}

// acknowledged returns the sequence up to which a consumer has nothing left to deliver.
func acknowledged(info *jetstream.ConsumerInfo) uint64 {
	if info.NumPending == 0 && info.NumAckPending == 0 {
		return ^uint64(0)
	}
	return info.AckFloor.Stream
}

// removeCallbacks removes callbacks up to a sequence that are acknowledged.
func (j *janitor) removeCallbacks(ctx context.Context, upTo uint64) error {
	if upTo == 0 {
		return nil
	}
	r := j.relay
	list := r.inboxStream.ListConsumers(ctx)
	for info := range list.Info() {
		last := min(upTo, acknowledged(info))
		if !strings.HasPrefix(info.Name, "inbox") || info.Delivered.Consumer == 0 || last == 0 || j.done[info.Name] >= last {
			continue
		}
		opts := []jetstream.StreamPurgeOpt{jetstream.WithPurgeSequence(last + 1)}
		if info.Config.FilterSubject != "" {
			opts = append(opts, jetstream.WithPurgeSubject(info.Config.FilterSubject))
		}
		if err := r.inboxStream.Purge(ctx, opts...); err != nil {
			return err
		}
		j.done[info.Name] = last
	}
	return list.Err()
}

// each calls do for the messages of a stream up to a sequence, until it has removed ageStep of them. It does nothing if all up
// to the sequence have been seen before.
func (j *janitor) each(ctx context.Context, stream, subject string, upTo uint64, do func(jetstream.Msg, uint64) (bool, error)) error {
	if upTo == 0 || j.done[stream] >= upTo {
		return nil
	}
	removed := 0
	for msg, err := range j.relay.scan(ctx, stream, headersOnly(subject)) {
		if err != nil {
			return err
		}
		meta, err := msg.Metadata()
		if err != nil {
			return err
		}
		if meta.Sequence.Stream > upTo {
			break
		}
		gone, err := do(msg, meta.Sequence.Stream)
		if err != nil {
			return err
		}
		if gone {
			removed++
		}
		if removed == ageStep {
			return nil
		}
	}
	j.done[stream] = upTo
	return nil
}
