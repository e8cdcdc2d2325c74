package relay

import (
	"context"
	"errors"
	"fmt"
)

// Retry queues a rejected or dropped entry again, with its group, priority and [Entry.Before]. That is stored when Retry returns nil. A
// dropped entry was unknown before, and may have been sent: its recipient may get the message twice. The dead letter of an entry is
// retried with it, see [Relay.RetryDeadLetter]. Retry has no effect on an entry that is queued or being sent, so it can be called
// again.
//
// It returns [ErrNoEntry] if the entry does not exist, [ErrNotRetryable] with its state if it is neither rejected nor dropped, or if its
// [Entry.Before] has passed, and [ErrMessageLost] if its message is not there any more.
func (o *Outbox) Retry(ctx context.Context, id string) error {
	if id == "" {
		return argumentError(opRetry, "id", "is empty: pass the ID of an entry")
	}
	err := o.retry(ctx, id)
	if err == nil {
		err = o.relay.engine.confirm(ctx)
	}
	return inMethod("Outbox.Retry", err)
}

// insteadOfRetry is what to do about an entry that cannot be retried.
var insteadOfRetry = map[State]string{
	StateUnknown:   "use Settle",
	StateAccepted:  "it was sent",
	StateCancelled: "enqueue the message with another ID",
	StateExpired:   "enqueue the message with another ID, and a later Before",
}

func (o *Outbox) retry(ctx context.Context, id string) error {
	for {
		now, err := o.find(ctx, id)
		if err != nil {
			return err
		}
		switch state := now.state(); state {
		case StateQueued, StateAttempting:
			return nil
		case StateRejected, StateDropped:
			if err := o.checkTime(ctx, now.record); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%w: it is %s: %s", ErrNotRetryable, state, insteadOfRetry[state])
		}
		if err := o.requeueSettled(ctx, now.record); !errors.Is(err, ErrNotUnknown) {
			return err
		} // another process was faster
	}
}

// checkTime returns an error if an entry would expire immediately.
func (o *Outbox) checkTime(ctx context.Context, s stored) error {
	if s.ref.before.IsZero() {
		return nil
	}
	info, err := o.relay.outboxStream.Info(ctx)
	if err != nil {
		return err
	}
	if info.TimeStamp.Before(s.ref.before) {
		return nil
	}
	return fmt.Errorf("%w: its Before has passed: %s", ErrNotRetryable, insteadOfRetry[StateExpired])
}

// requeueSettled queues the message of a rejected or dropped entry again. It returns ErrNotUnknown if the entry has changed.
func (o *Outbox) requeueSettled(ctx context.Context, s stored) error {
	r := o.relay
	letter, err := lastOf(ctx, r.deadStream, r.names.deadLetter(originOutbox, s.ref.id))
	if err != nil {
		return err
	}
	if letter != nil && s.State == StateRejected {
		err := r.RetryDeadLetter(ctx, letter.Sequence)
		if errors.Is(err, ErrNoDeadLetter) {
			return ErrNotUnknown
		}
		return err
	}
	aside, err := lastOf(ctx, r.outboxStream, r.names.entry(asideKinds[s.State], s.ref))
	if err != nil {
		return err
	}
	if aside == nil {
		return o.changedOrLost(ctx, s)
	}
	return o.requeueAside(ctx, s)
}

// changedOrLost returns ErrNotUnknown if an entry has changed, and otherwise ErrMessageLost.
func (o *Outbox) changedOrLost(ctx context.Context, s stored) error {
	now, err := o.find(ctx, s.ref.id)
	switch {
	case err != nil:
		return err
	case now.record.seq != s.seq || now.state() != s.State:
		return ErrNotUnknown
	}
	return ErrMessageLost
}
