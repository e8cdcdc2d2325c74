package relay

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

// againAfter is the wait before an entry is tried again after the engine did not answer.
const againAfter = time.Second

// errEnded is the reason of an attempt that was not begun because the run ends.
var errEnded = errors.New("relay: the run ends")

// attempt is one message of the queue that a worker holds.
type attempt struct {
	worker *worker
	entry  *picked // nil if it is not to be sent, see expireEntry
	of     ref
	seq    uint64 // of the message in the stream
	header nats.Header
	body   []byte
	turn   slot // when it may be sent
	began  time.Time

	before stored // the state that the attempt replaces: one in which the message may be sent
	trail  trail  // of the record of the attempt

	sent   time.Time          // when the call of the client began
	result outbox.EntryResult // for observers

	again  bool // it is to be tried again
	after  time.Duration
	paused bool // its app is paused, because its setting is wrong
	gone   bool // it turned out to be removed or settled, so that the turn is left
}

// later has the entry tried again after a while.
func (a *attempt) later(after time.Duration) { a.again, a.after = true, after }

// maySend reports whether a message that was redelivered or requeued may be sent, which its state determines. If not, it
// does what is left to do.
func (a *attempt) maySend(ctx context.Context) (bool, error) {
	s, err := a.worker.outbox.state(ctx, a.of)
	if err != nil {
		return false, err
	}
	switch {
	case s.seq == 0, s.State == StateQueued && s.ref.round == a.of.round,
		s.State.canReturn() && s.ref.round < a.of.round: // it was requeued on purpose
		a.before = s
		return true, nil
	case s.State != StateAttempting || s.ref.round != a.of.round:
		return false, a.removeSettled(ctx, s)
	}
	return false, a.presumeDead(ctx, s)
}

// presumeDead makes an entry unknown whose attempt by another worker has lasted for too long, by the monotonic clock of this one.
func (a *attempt) presumeDead(ctx context.Context, s stored) error {
	if left := a.worker.lease - a.worker.unchanged.since(s.ref.id, s.seq); left > 0 {
		a.later(left) // it may still be in progress
		return nil
	}
	rec := s.record
	rec.State, rec.Reason = StateUnknown, "the worker stopped before it recorded the outcome of the attempt"
	a.trail = s.past.then(a.seq, queuedMark(kindEntry, a.header)) // a record of an earlier version has no trail
	return a.toUnknown(ctx, rec, s.seq)
}

// run sends the message and records the outcome.
func (a *attempt) run(ctx context.Context) {
	a.began = time.Now()
	found, err := a.load(ctx)
	switch {
	case err == nil && !found:
		a.gone = true
		signal(a.worker.stale)
		return
	case err == nil && a.late():
		a.expire(ctx)
		a.gone = true
		return
	case err == nil && a.of.round > 0:
		found, err = a.maySend(ctx)
	}
	if err != nil {
		a.log(ctx, "the message could not be read", err)
		a.later(againAfter)
		return
	}
	if !found {
		a.gone = true
		return
	}
	req, err := a.request()
	if err != nil {
		a.deadLetter(ctx, err)
		return
	}
	if a.worker.queues.halted(a.entry) {
		a.later(turnWait)
		return
	}
	seq, err := a.begin(ctx)
	if err != nil {
		if failed := a.confirm(ctx); failed != nil && !isAway(failed) {
			err = failed // such as a full disk
		}
		if !a.worker.ended() {
			a.log(ctx, "the attempt could not be recorded, so nothing was sent", err)
		}
		a.later(againAfter)
		return
	}
	if seq == 0 {
		a.gone = true
		return
	}
	observed, ended := a.observe(ctx)
	defer ended()
	if err := a.confirm(ctx); err != nil {
		a.log(ctx, "the record of the attempt may not be on the disk, so nothing was sent", err)
		a.takeBack(ctx, seq)
		return
	}
	a.awaitTurn(ctx)
	a.sent = time.Now()
	resp, err := a.send(observed, req)
	a.finish(ctx, seq, resp, err)
}

// load reads the message. It reports false if it was removed.
func (a *attempt) load(ctx context.Context) (bool, error) {
	var msg *jetstream.RawStreamMsg
	err := callOnce(ctx, func(ctx context.Context) (err error) {
		msg, err = a.worker.outbox.relay.outboxStream.GetMsg(ctx, a.seq)
		return err
	})
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	names := a.worker.outbox.relay.names
	a.of, a.header, a.body = refOf(msg.Subject, msg.Header), msg.Header, bodyOf(msg.Header, msg.Data)
	return names.kindOf(msg.Subject) == kindEntry && (a.entry == nil || a.of.app == a.entry.queue.app), nil // the engine may have lost messages and begun anew
}

// request decodes the message.
func (a *attempt) request() (*conversation.SendMessageRequest, error) {
	req, err := outbox.Decode(a.body)
	if err != nil {
		return nil, err
	}
	if req.CorrelationID != a.of.id || req.AppID != a.of.app {
		return nil, errors.New("it was not written by Enqueue")
	}
	req.MessageMetadata = outbox.WithID(req.MessageMetadata, a.of.id)
	return req, nil
}

// begin records the attempt. It returns 0 if the message must not be sent.
func (a *attempt) begin(ctx context.Context) (uint64, error) {
	o := a.worker.outbox
	rec := a.record(StateAttempting)
	for {
		a.trail = a.before.trail().then(a.seq, queuedMark(kindEntry, a.header))
		seq, err := o.put(ctx, a.of, rec, a.before.seq, a.trail)
		if errors.Is(err, errConflict) {
			var ready bool
			if seq, ready, err = a.resolveConflict(ctx, rec); ready && a.worker.ended() {
				return 0, errEnded
			} else if ready {
				rec = a.record(StateAttempting)
				continue
			}
		}
		switch {
		case err == nil && seq != 0 && a.before.seq != 0 && a.before.ref.round < a.of.round:
			return seq, o.forget(ctx, a.of, asideKinds[a.before.State], a.of.round-1)
		case err == nil:
			return seq, nil
		case time.Since(a.began) > a.worker.lease/2, a.worker.ended():
			return 0, err
		}
		_ = sleep(ctx, a.worker.lease/20)
	}
}

// confirm returns nil if the record of the attempt is on the disk.
func (a *attempt) confirm(ctx context.Context) error {
	ctx, cancel := context.WithDeadline(ctx, a.began.Add(a.worker.lease/2))
	defer cancel()
	engine := a.worker.outbox.relay.engine
	if engine.Confirm == nil && engine.Flush == nil {
		return nil
	}
	return a.worker.confirmed.Wait(ctx)
}

// takeBack records that the request of the attempt did not leave.
func (a *attempt) takeBack(ctx context.Context, seq uint64) {
	rec := a.record(StateQueued)
	rec.Attempts-- // no request was started
	a.note(rec, nil)
	if err := a.retry(ctx, rec, seq, nil); err != nil {
		a.later(againAfter)
		a.log(ctx, "that nothing was sent could not be recorded", err)
	}
}

// record returns a new record of this attempt.
func (a *attempt) record(state State) record {
	return record{State: state, Attempts: a.before.Attempts + 1, Sum: sumOf(a.body), By: nuid.Next()}
}

// resolveConflict finds out which write came first: that of this attempt, whose acknowledgement was lost, or another. It
// reports whether the message may be sent after the other.
func (a *attempt) resolveConflict(ctx context.Context, rec record) (uint64, bool, error) {
	s, err := a.worker.outbox.state(ctx, a.of)
	if err != nil || s.By == rec.By {
		return s.seq, false, err
	}
	ready, err := a.maySend(ctx)
	return 0, ready, err
}

func (a *attempt) log(ctx context.Context, what string, err error) {
	a.worker.outbox.relay.log().LogAttrs(ctx, slog.LevelWarn, "relay: an entry has a problem", slog.String("what", what), slog.String("error", err.Error()))
}
