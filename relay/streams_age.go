package relay

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sinchgo/conversation/outbox"
)

// ages counts the time in which a process runs the relay. Only monotonic time is added to it, so that setting a clock, of a
// process or of the engine, never makes anything older.
type ages struct {
	Elapsed time.Duration        `json:"elapsed"`
	Marks   map[string][]ageMark `json:"marks,omitempty"` // by stream, oldest first
}

// ageMark is the last sequence of a stream at a time: messages up to it are at least that old.
type ageMark struct {
	At    time.Duration `json:"at"`
	Seq   uint64        `json:"seq"`
	Inbox uint64        `json:"inbox,omitempty"` // last callback at that time
}

const (
	agesKey = "ages" // in the bucket of the pace
	// ageShare is the number of marks in a retention.
	ageShare = 100
	// ageTick and ageTickLeast limit how often the time is counted.
	ageTick      = time.Minute
	ageTickLeast = 100 * time.Millisecond
	// ageStep limits what is removed from a stream in one step.
	ageStep = 1000
)

// janitor counts the time of the relay, and removes what is older than its retention.
type janitor struct {
	relay    *Relay
	revision uint64    // of the count, as last read
	since    time.Time // when this process first saw that revision
	done     map[string]uint64

	keep, callbacks time.Duration // the retentions, as stored
}

// keepHouse runs a janitor until the context ends.
func (r *Relay) keepHouse(ctx context.Context) {
	j := &janitor{relay: r, done: make(map[string]uint64)}
	for {
		if err := j.tick(ctx); err != nil && ctx.Err() == nil {
			r.log().LogAttrs(ctx, slog.LevelWarn, "relay: what is older than its retention could not be removed", slog.String("error", outbox.Redact(err.Error())))
		}
		tick := min(max(min(j.keep, j.callbacks)/ageShare, ageTickLeast), ageTick)
		if sleep(ctx, tick) != nil {
			return
		}
	}
}

// tick adds the time since the last count, and removes what is old. Each process adds at most the time for which it has seen
// the count unchanged, and only if it is still unchanged. So no time is counted twice.
func (j *janitor) tick(ctx context.Context) error {
	shared, stored, err := j.relay.storedSettings(ctx)
	if err != nil || stored == 0 {
		return err
	}
	j.keep, j.callbacks = shared.Retention, shared.Callbacks
	count, revision, err := j.relay.ages(ctx)
	if err != nil {
		return err
	}
	if j.since.IsZero() || revision != j.revision {
		j.revision, j.since = revision, time.Now()
		return j.remove(ctx, count)
	}
	now := time.Now()
	count.Elapsed += now.Sub(j.since)
	if err := j.markAges(ctx, &count); err != nil {
		return err
	}
	revision, err = j.relay.storeAges(ctx, count, revision)
	if isConflict(err) || errors.Is(err, jetstream.ErrKeyExists) {
		return nil // another process counted first
	}
	if err != nil {
		return err
	}
	j.revision, j.since = revision, time.Now()
	return j.remove(ctx, count)
}

// ages returns the count and its revision.
func (r *Relay) ages(ctx context.Context) (ages, uint64, error) {
	var count ages
	entry, err := r.paceBucket.Get(ctx, agesKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return count, 0, nil
	}
	if err != nil {
		return count, 0, err
	}
	return count, entry.Revision(), json.Unmarshal(entry.Value(), &count)
}

func (r *Relay) storeAges(ctx context.Context, count ages, revision uint64) (uint64, error) {
	body, err := json.Marshal(count)
	if err != nil {
		return 0, err
	}
	if revision == 0 {
		return r.paceBucket.Create(ctx, agesKey, body)
	}
	return r.paceBucket.Update(ctx, agesKey, body, revision)
}

// markAges adds a mark to each stream whose last one is a hundredth of its retention ago.
func (j *janitor) markAges(ctx context.Context, count *ages) error {
	if count.Marks == nil {
		count.Marks = make(map[string][]ageMark)
	}
	r := j.relay
	inbox, err := r.inboxStream.Info(ctx)
	if err != nil {
		return err
	}
	for name, keep := range j.retentions() {
		marks := count.Marks[name]
		if n := len(marks); n > 0 && count.Elapsed-marks[n-1].At < keep/ageShare {
			continue
		}
		stream, err := r.js.Stream(ctx, name)
		if err != nil {
			return err
		}
		for len(marks) > 1 && count.Elapsed-marks[1].At >= keep {
			marks = marks[1:]
		}
		// The inbox was read first: what was handled before this mark arrived before the mark or shortly after it.
		count.Marks[name] = append(marks, ageMark{At: count.Elapsed, Seq: stream.CachedInfo().State.LastSeq, Inbox: inbox.State.LastSeq})
	}
	return nil
}

// retentions returns how long the messages of streams are kept once they are handled.
func (j *janitor) retentions() map[string]time.Duration {
	r := j.relay
	return map[string]time.Duration{
		r.names.outbox: j.keep, "KV_" + r.names.seen: j.keep, r.names.inbox: j.callbacks,
	}
}

// old returns the newest mark that is at least as old as the retention.
func (c ages) old(stream string, keep time.Duration) ageMark {
	var last ageMark
	for _, mark := range c.Marks[stream] {
		if c.Elapsed-mark.At >= keep {
			last = mark
		}
	}
	return last
}

// withoutTTL republishes the states that a former version wrote with a time to live, which the engine's clock decides.
func (r *Relay) withoutTTL(ctx context.Context) error {
	if _, revision, err := r.ages(ctx); err != nil || revision > 0 {
		return err
	}
	for msg, err := range r.scan(ctx, r.names.outbox, headersOnly(r.names.all(kindState))) {
		if err != nil {
			return err
		}
		if msg.Headers().Get(jetstream.MsgTTLHeader) == "" {
			continue
		}
		last, err := lastOf(ctx, r.outboxStream, msg.Subject())
		if err != nil {
			return err
		}
		if last == nil {
			continue
		}
		again := &nats.Msg{Subject: last.Subject, Data: last.Data, Header: nats.Header{
			headerRound: {last.Header.Get(headerRound)}, headerState: {last.Header.Get(headerState)},
		}}
		if _, err := r.js.PublishMsg(ctx, again, jetstream.WithExpectLastSequencePerSubject(last.Sequence)); err != nil && !isConflict(err) {
			return err
		}
	}
	_, err := r.storeAges(ctx, ages{}, 0)
	if isConflict(err) || errors.Is(err, jetstream.ErrKeyExists) {
		return nil
	}
	return err
}
