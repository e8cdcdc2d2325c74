package pgconversation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Cancel removes an entry from the queue, also one that is not due. It becomes [StateCancelled], its message is erased, and it is not sent:
// its River job finds it cancelled, and completes. The ID stays known, as that of every settled entry. Cancelling it again has no
// effect.
//
// Cancel returns [ErrNoEntry] if the entry does not exist, and [ErrNotQueued] with its state if it is being sent, is settled, or its
// outcome is unknown. In a transaction, it keeps workers from the entry until that ends, so end it soon.
func Cancel(ctx context.Context, db DB, id string) error {
	if err := checkID(opCancel, db, id); err != nil {
		return err
	}
	return inCall(opCancel, hold(ctx, db, id, func(tx pgx.Tx, e heldEntry) error {
		switch e.state {
		case StateCancelled:
			return nil
		case StateQueued:
			_, err := tx.Exec(ctx, `
				UPDATE conversation_outbox SET state = 'cancelled', at = clock_timestamp(), reason = '', message = NULL WHERE id = $1`, id)
			return err
		default:
			return fmt.Errorf("%w: it is %s: %s", ErrNotQueued, e.state, insteadOfCancel[e.state])
		}
	}))
}

// insteadOfCancel is what to do about an entry that cannot be cancelled.
var insteadOfCancel = map[State]string{
	StateAttempting: "wait for its outcome",
	StateUnknown:    "use Settle",
	StateAccepted:   "it was sent",
	StateRejected:   "it is not sent unless Retry queues it again",
	StateDropped:    "it is not sent unless Retry queues it again",
	StateExpired:    "it is not sent",
}
