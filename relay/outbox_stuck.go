package relay

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// stuckFirst and stuckMost limit the wait between two searches for stuck messages, which doubles.
	stuckFirst = time.Second
	stuckMost  = 30 * time.Second
)

// stuckSearch searches the queue of an app for messages that the engine does not deliver again.
//
// A worker removes a message and then acknowledges it. A message that is acknowledged and still there is a sign that the
// engine lost the removal in a power cut, and with it what else was recorded after the last sync.
type stuckSearch struct {
	next time.Time
	wait time.Duration
}

// due reports whether it is time to search.
func (s *stuckSearch) due() bool {
	if time.Now().Before(s.next) {
		return false
	}
	s.wait = min(max(2*s.wait, stuckFirst), stuckMost)
	s.next = time.Now().Add(s.wait)
	return true
}

// unstick ends the stuck messages of the app: those that are not settled become unknown.
func (q *appQueue) unstick(ctx context.Context, consumer jetstream.Consumer) error {
	info, err := consumer.Info(ctx)
	if err != nil {
		return err
	}
	o := q.worker.outbox
	subject := o.relay.names.entriesOf(q.app)
	for seq := uint64(1); seq <= info.AckFloor.Stream; seq++ {
		msg, err := o.relay.outboxStream.GetMsg(ctx, seq, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) || err == nil && msg.Sequence > info.AckFloor.Stream {
			return nil
		}
		if err != nil {
			return err
		}
		seq = msg.Sequence
		a := &attempt{
			worker: q.worker, msg: stuckMsg{data: msg.Data}, of: refOf(msg.Subject, msg.Header), seq: msg.Sequence, taken: time.Now(),
		}
		if err := a.endStuck(ctx); err != nil {
			return err
		}
	}
	return nil
}

// endStuck ends an entry whose message is stuck.
func (a *attempt) endStuck(ctx context.Context) error {
	s, err := a.worker.outbox.state(ctx, a.of)
	if err != nil {
		return err
	}
	current := s.seq != 0 && s.ref.round >= a.of.round
	switch {
	case current && s.State == StateAttempting:
		return a.expire(ctx, s)
	case current && s.State != StateQueued:
		return a.remove(ctx)
	}
	rec := record{
		State: StateUnknown, Attempts: max(s.Attempts, 1), Sum: sumOf(a.msg.Data()),
		Reason: "a worker had it, and the engine lost what the worker recorded",
	}
	return a.toUnknown(ctx, rec, s.seq)
}

// stuckMsg is a message that the engine considers acknowledged.
type stuckMsg struct {
	jetstream.Msg

	data []byte
}

// Data returns the body.
func (m stuckMsg) Data() []byte { return m.data }

// Ack does nothing.
func (stuckMsg) Ack() error { return nil }

// NakWithDelay does nothing: the next search finds the message.
func (stuckMsg) NakWithDelay(time.Duration) error { return nil }
