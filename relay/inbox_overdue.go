package relay

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// overdueLook is the longest wait before a callback that is not acknowledged is looked at again.
const overdueLook = time.Hour

// overdue returns callbacks to the queue that the engine should have redelivered.
//
// The engine notes by its wall clock when it delivered a callback, and until when a failed one waits. If that clock is set
// back, or a server with another clock takes over, it waits until the clock has caught up. So after each such step, and when
// Run starts, all unacknowledged callbacks are watched by a monotonic clock. One whose claim does not change for a lease has
// no worker, and one that failed is due when its claim does not change for its backoff.
//
// A callback that is returned too early does no harm: its claim keeps others from handling it.
type overdue struct {
	run     *inboxRun
	clocks  map[string]clockReading // of the servers, by consumer
	watched map[uint64]*unacked     // by sequence
}

// clockReading is the time at the engine, and the local time with its monotonic reading.
type clockReading struct{ engine, local time.Time }

// unacked is a callback that was delivered and may not be acknowledged.
type unacked struct {
	consumer string
	key      string
	next     time.Time // when it is looked at again
	returned int       // how often it was returned to the queue
}

// watch runs until the context ends.
func (o *overdue) watch(ctx context.Context) {
	for {
		_ = o.look(ctx) // the readers log that the engine is away
		if sleep(ctx, o.run.config.lease/beats) != nil {
			return
		}
	}
}

// look compares the clocks, and returns what is overdue to the queue.
func (o *overdue) look(ctx context.Context) error {
	consumers := make(map[string]*jetstream.ConsumerInfo)
	list := o.run.inbox.relay.inboxStream.ListConsumers(ctx)
	for info := range list.Info() {
		if o.run.consumes(info.Name) {
			consumers[info.Name] = info
		}
	}
	if err := list.Err(); err != nil {
		return err
	}
	for name, info := range consumers {
		if !o.isSetBack(name, clockReading{info.TimeStamp, time.Now()}) || info.NumAckPending == 0 {
			continue
		}
		if err := o.add(ctx, info); err != nil {
			delete(o.clocks, name) // try again
			return err
		}
	}
	for seq, u := range o.watched {
		info := consumers[u.consumer]
		if info == nil || acknowledged(info) >= seq {
			delete(o.watched, seq)
			continue
		}
		if time.Now().Before(u.next) {
			continue
		}
		if err := o.check(ctx, seq, u, info); err != nil {
			return err
		}
	}
	return nil
}

// isSetBack reports whether a clock of the engine was set back since its last reading, or may have been before the first.
func (o *overdue) isSetBack(name string, now clockReading) bool {
	last, known := o.clocks[name]
	o.clocks[name] = now
	expected := last.engine.Add(now.local.Sub(last.local))
	return !known || now.engine.Before(expected.Add(-o.run.config.lease/beats))
}

// add watches the callbacks that a consumer has delivered after the first that is not acknowledged.
func (o *overdue) add(ctx context.Context, info *jetstream.ConsumerInfo) error {
	from := jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: info.AckFloor.Stream + 1}
	if info.Config.FilterSubject != "" {
		from.FilterSubjects = []string{info.Config.FilterSubject}
	}
	for message, err := range o.run.inbox.relay.scan(ctx, o.run.inbox.relay.names.inbox, from) {
		if err != nil {
			return err
		}
		meta, err := message.Metadata()
		if err != nil || meta.Sequence.Stream > info.Delivered.Stream {
			return err
		}
		message = plainOf(message)
		u := &unacked{consumer: info.Name, key: keyOf(message.Data(), message.Headers())}
		o.watched[meta.Sequence.Stream] = u
		if err := o.check(ctx, meta.Sequence.Stream, u, info); err != nil {
			return err
		}
	}
	return nil
}

// check returns a callback to the queue if it is overdue.
func (o *overdue) check(ctx context.Context, seq uint64, u *unacked, info *jetstream.ConsumerInfo) error {
	found, revision, err := o.run.inbox.claimOf(ctx, u.key)
	if err != nil {
		return err
	}
	if found.State == claimDone || found.State == claimDead { // most are acknowledged, and their acknowledgement may be lost
		delete(o.watched, seq)
		return o.giveBack(seq, info)
	}
	due := o.run.config.lease
	if found.State == claimFailed {
		due = max(due, o.run.config.backoff(found.Tries))
	}
	left := due - o.run.inbox.claims.since(u.key, revision)
	if left > 0 {
		u.next = time.Now().Add(min(left, o.run.config.lease/beats))
		if found.State == claimFailed {
			u.next = time.Now().Add(min(left, overdueLook))
		}
		return nil
	}
	u.returned++
	u.next = time.Now().Add(min(due<<min(u.returned, 10), overdueLook)) // the engine may have lost it, with a leader
	return o.giveBack(seq, info)
}

// giveBack returns a callback to the queue. The engine ignores it for one that is acknowledged.
func (o *overdue) giveBack(seq uint64, info *jetstream.ConsumerInfo) error {
	// The subject of an acknowledgement: stream, consumer, deliveries, both sequences, time and number of pending messages. Of
	// the sequence in the consumer the engine checks only that it has delivered it.
	subject := fmt.Sprintf("$JS.ACK.%s.%s.1.%d.%d.0.0", info.Stream, info.Name, seq, info.Delivered.Consumer)
	return o.run.inbox.relay.engine.Conn.Publish(subject, []byte("-NAK"))
}
