package relay

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/nats-io/nuid"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

const (
	// recordTime is how long a worker tries to record an outcome while the engine does not answer.
	recordTime = 10 * time.Minute
	// retryFirst and retryMost limit the wait of an entry that was not sent, which doubles.
	retryFirst = time.Second
	retryMost  = time.Minute
)

// finish records the outcome of the request.
func (a *attempt) finish(ctx context.Context, seq uint64, resp *conversation.SendMessageResponse, failure error) {
	rec := a.record(StateUnknown)
	outcome := outcomeOf(failure)
	if failure != nil {
		rec.Reason = failure.Error()
	}
	if panicked, ok := errors.AsType[*outbox.PanicError](failure); ok {
		a.worker.outbox.relay.log().LogAttrs(ctx, slog.LevelError, "relay: a request panicked",
			slog.String("error", panicked.Error()), slog.String("stack", panicked.Stack))
	}
	if heldBack(failure) {
		rec.Attempts-- // no request was started
	} else {
		a.worker.breaker.record(outbox.Works(outcome, failure), time.Now())
	}
	a.paused = a.judgeSetting(ctx, outcome, failure)
	if a.paused && outcome == conversation.OutcomeRejected {
		outcome = conversation.OutcomeNotSent // it is sent when the setting is mended
	}
	var err error
	defer func() { a.note(rec, failure) }()
	switch outcome {
	case conversation.OutcomeAccepted:
		rec.State = StateAccepted
		if resp != nil {
			rec.MessageID = resp.MessageID
		}
		err = a.settle(ctx, rec, seq)
	case conversation.OutcomeRejected:
		rec.State = StateRejected
		err = a.settle(ctx, rec, seq)
	case conversation.OutcomeNotSent:
		rec.State = StateQueued
		err = a.retry(ctx, rec, seq, failure)
	default:
		err = a.toUnknown(ctx, rec, seq)
	}
	if err != nil {
		a.later(againAfter)
		a.log(ctx, "the outcome of a request could not be recorded", err)
	}
}

// outcomeOf returns the outcome of a request, which may have been held back.
func outcomeOf(failure error) conversation.Outcome {
	if heldBack(failure) {
		return conversation.OutcomeNotSent
	}
	return outbox.OutcomeOf(failure)
}

// settle records a final outcome and removes the message.
func (a *attempt) settle(ctx context.Context, rec record, seq uint64) error {
	if err := a.putAside(ctx, rec.State); err != nil {
		return err
	}
	if _, err := a.writeState(ctx, rec, seq); err != nil {
		return err
	}
	return a.remove(ctx)
}

// putAside keeps the message of an entry that may be sent again.
func (a *attempt) putAside(ctx context.Context, state State) error {
	if !state.canReturn() {
		return nil
	}
	r := a.worker.outbox.relay
	aside := r.names.message(a.of, asideKinds[state], a.body, nil)
	r.fit(aside)
	return a.untilDone(ctx, func(ctx context.Context) error {
		_, err := r.js.PublishMsg(ctx, aside)
		return err
	})
}

// removeSettled removes the message of an entry that another process has settled, and completes what it may have left undone.
func (a *attempt) removeSettled(ctx context.Context, s stored) error {
	if s.ref.round == a.of.round {
		if err := a.worker.outbox.markAside(ctx, s.ref, s.State); err != nil {
			return err
		}
	}
	return a.remove(ctx)
}

// retry puts a message that was not sent back into the queue, for later.
func (a *attempt) retry(ctx context.Context, rec record, seq uint64, failure error) error {
	delay := retryMost
	if n := max(0, rec.Attempts-1); n < 6 {
		delay = min(delay, retryFirst<<n)
	}
	if outbox.IsThrottled(failure) {
		answer, _ := errors.AsType[*conversation.Error](failure)
		delay = retryFirst // the whole app waits for the Retry-After
		a.worker.queues.throttled(a.entry.queue, answer.RetryAfter)
		signal(a.worker.slowed)
	}
	if heldBack(failure) || a.paused {
		delay = turnWait
	}
	recorded, err := a.writeState(ctx, rec, seq)
	if err != nil || !recorded {
		return err // another worker presumed this one dead, and has the message
	}
	a.later(delay/2 + rand.N(delay/2)) //nolint:gosec // Not a secret.
	return nil
}

// toUnknown records that the outcome is unknown, and holds the message.
func (a *attempt) toUnknown(ctx context.Context, rec record, seq uint64) error {
	o := a.worker.outbox
	rec.By = nuid.Next()
	if err := a.putAside(ctx, StateUnknown); err != nil {
		return err
	}
	recorded, err := a.writeState(ctx, rec, seq)
	if err != nil {
		return err
	}
	if !recorded {
		s, err := o.state(ctx, a.of)
		if err != nil || !s.State.settled() {
			return err // it is queued or attempted again, and needs its message
		}
		if err := o.forget(ctx, a.of, kindHeld, a.of.round); err != nil { // a callback has settled it
			return err
		}
	}
	return a.remove(ctx)
}

// writeState replaces the state of the attempt. It reports false if another process has recorded a newer state.
func (a *attempt) writeState(ctx context.Context, rec record, before uint64) (bool, error) {
	o := a.worker.outbox
	recorded := false
	err := a.untilDone(ctx, func(ctx context.Context) error {
		_, err := o.put(ctx, a.of, rec, before, a.trail.then(before, mark(StateAttempting)))
		recorded = err == nil
		if !errors.Is(err, errConflict) {
			return err
		}
		s, err := o.state(ctx, a.of)
		switch {
		case err != nil:
			return err
		case s.By == rec.By, s.State == rec.State && s.ref.round == a.of.round:
			recorded = true // the acknowledgement was lost, or another worker recorded the same
		case s.State == StateUnknown && s.ref.round == a.of.round && (rec.State == StateAccepted || rec.State == StateRejected):
			if _, err := o.put(ctx, a.of, rec, s.seq, s.trail()); err != nil { // another worker presumed this one dead
				return err
			}
			recorded = true
			return o.forget(ctx, a.of, kindHeld, a.of.round)
		}
		return nil
	})
	return recorded, err
}

// remove removes the message from the queue, because it holds text and numbers.
func (a *attempt) remove(ctx context.Context) error {
	o := a.worker.outbox
	return a.untilDone(ctx, func(ctx context.Context) error {
		return o.deleteMessage(ctx, o.relay.names.entry(kindEntry, a.of), a.seq)
	})
}

// deadLetter adds a message that cannot be decoded to the dead letters.
func (a *attempt) deadLetter(ctx context.Context, reason error) {
	r := a.worker.outbox.relay
	err := r.addDeadLetter(ctx, originOutbox, a.of.id, "the message cannot be decoded: "+reason.Error(), 1, a.body, a.header)
	if err == nil {
		rec := a.record(StateRejected)
		rec.Reason = "the message cannot be decoded: see the dead letters"
		a.trail = a.before.trail().then(a.seq, queuedMark(kindEntry, a.header))
		_, err = a.writeState(ctx, rec, a.before.seq)
	}
	if err == nil {
		err = a.remove(ctx)
	}
	if err != nil {
		a.later(againAfter)
		a.log(ctx, "a message that cannot be decoded could not be added to the dead letters", err)
	}
}

// untilDone calls the engine until a call succeeds, for at most recordTime.
func (a *attempt) untilDone(ctx context.Context, do func(context.Context) error) error {
	return callUntilDone(ctx, recordTime, a.worker.ended, do)
}
