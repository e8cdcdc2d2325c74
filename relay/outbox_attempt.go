package relay

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http/httptrace"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"github.com/sinchgo/conversation"
)

// leaseShare is how many times within a lease a worker tells that it is alive.
const leaseShare = 3

// attempt is one message of the queue in the hands of a worker.
type attempt struct {
	worker *worker
	msg    jetstream.Msg
	of     ref
	seq    uint64    // of the message in the stream
	turn   slot      // when it may be sent
	limit  float64   // requests a second of its app
	taken  time.Time // when the engine last heard of it

	before stored // the state that the attempt replaces
}

// heartbeat tells the engine, if it is due, that the message is in good hands.
func (a *attempt) heartbeat() {
	if time.Since(a.taken) < a.worker.lease/leaseShare {
		return
	}
	if a.msg.InProgress() == nil {
		a.taken = time.Now()
	}
}

// maySend decides by its state whether a message that came before, or was put in again, may be sent. It does what else there is
// to do.
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
		return true, nil // it was put in again, on purpose
	case s.State != StateAttempting || s.ref.round != a.of.round:
		return false, a.remove(ctx) // it is done
	}
	return false, a.expire(ctx, s)
}

// expire makes an entry unknown that somebody else has attempted for too long.
func (a *attempt) expire(ctx context.Context, s stored) error {
	clock := a.worker.pace.clock
	if err := clock.sync(ctx, false); err != nil {
		return err
	}
	now, _ := clock.least()
	if left := a.worker.lease - now.Sub(s.at); left > 0 {
		return a.msg.NakWithDelay(left) // it may still be under way
	}
	rec := s.record
	rec.State, rec.Reason = StateUnknown, "the worker that attempted it was gone before it noted what became of it"
	return a.toUnknown(ctx, rec, s.seq)
}

// run sends the message, and notes what became of it.
func (a *attempt) run(ctx context.Context) {
	if time.Since(a.taken) > a.worker.lease/2 {
		return // the engine may have given it to another worker
	}
	req, err := a.request()
	if err != nil {
		a.deadLetter(ctx, err)
		return
	}
	seq, err := a.begin(ctx)
	if err != nil {
		a.log(ctx, "an attempt could not be noted, so that nothing was sent", err)
		return // it comes again
	}
	if seq == 0 {
		return
	}
	stop := a.keepAlive(ctx)
	resp, err := a.send(ctx, req)
	stop()
	a.finish(ctx, seq, resp, err)
}

// request reads the message.
func (a *attempt) request() (*conversation.SendMessageRequest, error) {
	req := &conversation.SendMessageRequest{}
	if err := json.Unmarshal(a.msg.Data(), req); err != nil {
		return nil, err
	}
	if req.CorrelationID != a.of.id || req.AppID != a.of.app {
		return nil, errors.New("it is not a message that was enqueued")
	}
	return req, nil
}

// begin notes the attempt. It gives 0 when the message must not be sent.
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
			return seq, o.forget(ctx, a.of)
		case err == nil:
			return seq, nil
		case time.Since(a.taken) > a.worker.lease/2:
			return 0, err
		}
		_ = sleep(ctx, a.worker.lease/20)
	}
}

// record begins one of this attempt.
func (a *attempt) record(state State) record {
	return record{State: state, Attempts: a.before.Attempts + 1, Sum: sumOf(a.msg.Data()), By: nuid.Next()}
}

// resolveConflict finds out who was first to note something: this attempt, whose acknowledgement was lost, or another.
func (a *attempt) resolveConflict(ctx context.Context, rec record) (uint64, error) {
	s, err := a.worker.outbox.state(ctx, a.of)
	if err != nil || s.By == rec.By {
		return s.seq, err
	}
	_, err = a.maySend(ctx)
	return 0, err
}

// send makes the request. What was kept waiting past its time, by a token or a connection, waits for another time.
func (a *attempt) send(ctx context.Context, req *conversation.SendMessageRequest) (*conversation.SendMessageResponse, error) {
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		for time.Now().After(a.turn.until) && ctx.Err() == nil {
			if turn, err := a.worker.pace.wait(ctx, a.of.app, a.limit, 1, func() {}); err == nil {
				a.turn = turn
			}
		}
	}})
	return a.worker.client.Messages.Send(ctx, req, conversation.WithRequestRetry(conversation.NoRetry))
}

// keepAlive tells the engine that the message is in good hands, until it is stopped.
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
	a.worker.outbox.relay.log().LogAttrs(ctx, slog.LevelWarn, "relay: an entry has trouble", slog.String("what", what), slog.String("error", err.Error()))
}
