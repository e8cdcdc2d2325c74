package pgconversation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// Retry queues a rejected or dropped entry again, with its group, priority, queue and [Entry.Before], and a new River job. An entry that
// [SettleDrop] dropped may have been sent: its recipient may get the message twice. Retry has no effect on an entry that is queued or
// being sent, so it can be called again.
//
// It returns [ErrNoEntry] if the entry does not exist, and [ErrNotRetryable] with its state if it is neither rejected nor dropped, or if its
// [Entry.Before] has passed.
func Retry(ctx context.Context, riverClient *river.Client[pgx.Tx], db DB, id string) error {
	if err := checkRiver(opRetry, riverClient); err != nil {
		return err
	}
	if err := checkID(opRetry, db, id); err != nil {
		return err
	}
	return inCall(opRetry, hold(ctx, db, id, func(tx pgx.Tx, e heldEntry) error {
		switch e.state {
		case StateQueued, StateAttempting:
			return nil
		case StateRejected, StateDropped:
			return e.requeue(ctx, riverClient, tx)
		default:
			return fmt.Errorf("%w: it is %s: %s", ErrNotRetryable, e.state, insteadOfRetry[e.state])
		}
	}))
}

// insteadOfRetry is what to do about an entry that cannot be retried.
var insteadOfRetry = map[State]string{
	StateUnknown:   "use Settle",
	StateAccepted:  "it was sent",
	StateCancelled: "insert the message with another ID",
	StateExpired:   "insert the message with another ID, and a later Before",
}
