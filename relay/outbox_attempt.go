package relay

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptrace"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"github.com/sinchgo/conversation"
)

// leaseShare is the number of heartbeats in a lease.
const leaseShare = 3

// errNoTurn cancels a request that could not get another turn.
var errNoTurn = errors.New("relay: no turn for the request before the lease of its attempt ended")

// attempt is one message of the queue that a worker holds.
type attempt struct {
	worker *worker
	msg    jetstream.Msg
	of     ref
	seq    uint64    // of the message in the stream
	turn   slot      // when it may be sent
	limit  float64   // requests a second of its app
	taken  time.Time // time of the last heartbeat

	before stored // the state that the attempt replaces
}

// heartbeat extends the delivery of the message at the engine, if that is due.
func (a *attempt) heartbeat() {
	if time.Since(a.taken) < a.worker.lease/leaseShare {
		return
	}
	if a.msg.InProgress() == nil {
		a.taken = time.Now()
	}
}

// maySend reports whether a message that was redelivered or requeued may be sent, which its state determines. If not, it
// does what is left to do.
func (a *attempt) maySend(ctx context.Context) (bool, error) {
	s, err := a.worker.outbox.state(ctx, a.of)
	if err != nil {
		return false, err
	}
	a.before = s
	switch {
	case s.seq == 0, s.State == StateQueued && s.ref.round == a.of.round:
		return true, nil
	case (s.State == StateUnknown || s.State == StateRejected) && s.ref.round < a.of.round:
		return true, nil // it was requeued on purpose
	case s.State != StateAttempting || s.ref.round != a.of.round:
		return false, a.remove(ctx) // it is settled
	}
	return false, a.expire(ctx, s)
}

// expire makes an entry unknown whose attempt by another worker has lasted for too long.
func (a *attempt) expire(ctx context.Context, s stored) error {
	if left := a.worker.lease - a.worker.unchanged.since(s.ref.id, s.seq); left > 0 {
		return a.msg.NakWithDelay(left) // it may still be in progress
	}
	rec := s.record
	rec.State, rec.Reason = StateUnknown, "the worker stopped before it recorded the outcome of the attempt"
	return a.toUnknown(ctx, rec, s.seq)
}

// run sends the message and records the outcome.
func (a *attempt) run(ctx context.Context) {
	if time.Since(a.taken) > a.worker.lease/2 {
		return // the engine may have delivered it to another worker
	}
	req, err := a.request()
	if err != nil {
		a.deadLetter(ctx, err)
		return
	}
	seq, err := a.begin(ctx)
	if err != nil {
		if failed := a.confirm(ctx); failed != nil && !isAway(failed) {
			err = failed // such as a full disk
		}
		a.log(ctx, "the attempt could not be recorded, so nothing was sent", err)
		return // it is redelivered
	}
	if seq == 0 {
		return
	}
	if err := a.confirm(ctx); err != nil {
		a.log(ctx, "the record of the attempt may not be on the disk, so nothing was sent", err)
		rec := a.record(StateQueued)
		if err := a.retry(ctx, rec, seq, nil); err != nil {
			a.log(ctx, "that nothing was sent could not be recorded", err)
		}
		return
	}
	stop := a.keepAlive(ctx)
	resp, err := a.send(ctx, req)
	stop()
	a.finish(ctx, seq, resp, err)
}

// request decodes the message.
func (a *attempt) request() (*conversation.SendMessageRequest, error) {
	req, err := decodeRequest(a.msg.Data())
	if err != nil {
		return nil, err
	}
	if req.CorrelationID != a.of.id || req.AppID != a.of.app {
		return nil, errors.New("it was not written by Enqueue")
	}
	return req, nil
}

// begin records the attempt. It returns 0 if the message must not be sent.
func (a *attempt) begin(ctx context.Context) (uint64, error) {
	o := a.worker.outbox
	rec := a.record(StateAttempting)
	for {
		seq, err := o.put(ctx, a.of, rec, a.before.seq)
		if errors.Is(err, errConflict) {
			seq, err = a.resolveConflict(ctx, rec)
		}
		switch {
		case err == nil && seq != 0 && a.before.seq != 0 && a.before.ref.round < a.of.round:
			return seq, o.forget(ctx, a.of, a.of.round-1)
		case err == nil:
			return seq, nil
		case time.Since(a.taken) > a.worker.lease/2:
			return 0, err
		}
		_ = sleep(ctx, a.worker.lease/20)
	}
}

// confirm returns nil if the record of the attempt is on the disk, and the message is still delivered to this worker only.
func (a *attempt) confirm(ctx context.Context) error {
	ctx, cancel := context.WithDeadline(ctx, a.taken.Add(a.worker.lease/2))
	defer cancel()
	if err := a.worker.outbox.relay.engine.confirm(ctx); err != nil {
		return err
	}
	return ctx.Err()
}

// record returns a new record of this attempt.
func (a *attempt) record(state State) record {
	return record{State: state, Attempts: a.before.Attempts + 1, Sum: sumOf(a.msg.Data()), By: nuid.Next()}
}

// resolveConflict finds out which write came first: that of this attempt, whose acknowledgement was lost, or another.
func (a *attempt) resolveConflict(ctx context.Context, rec record) (uint64, error) {
	s, err := a.worker.outbox.state(ctx, a.of)
	if err != nil || s.By == rec.By {
		return s.seq, err
	}
	before := a.before
	if _, err = a.maySend(ctx); err != nil {
		a.before = before // the next try must not replace the record of another worker
	}
	return 0, err
}

// send sends the request. If waiting for a token or a connection took longer than its turn, it waits for another turn, for
// the lease at most: an engine that is away must not hold the attempt for good. A panic becomes its error.
func (a *attempt) send(ctx context.Context, req *conversation.SendMessageRequest) (_ *conversation.SendMessageResponse, failed error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var sent reach
	defer func() {
		if value := recover(); value != nil {
			failed = sent.panicked(value)
		}
	}()
	ctx = httptrace.WithClientTrace(ctx, sent.trace(func() {
		waiting, stop := context.WithTimeout(ctx, a.worker.lease)
		defer stop()
		for time.Now().After(a.turn.until) && waiting.Err() == nil {
			if turn, err := a.worker.pace.wait(waiting, a.of.app, a.limit, 1, func() {}); err == nil {
				a.turn = turn
			}
		}
		if waiting.Err() != nil {
			cancel(errNoTurn)
		}
	}))
	return a.worker.client.Messages.Send(ctx, req, conversation.WithRequestRetry(conversation.NoRetry))
}

// keepAlive sends heartbeats for the message until it is stopped.
func (a *attempt) keepAlive(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for sleep(ctx, a.worker.lease/leaseShare) == nil {
			_ = a.msg.InProgress()
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

func (a *attempt) log(ctx context.Context, what string, err error) {
	a.worker.outbox.relay.log().LogAttrs(ctx, slog.LevelWarn, "relay: an entry has a problem", slog.String("what", what), slog.String("error", err.Error()))
}
