package pgconversation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// Settlement is what [Settle] does with an unknown entry.
type Settlement string

// The ways to settle an unknown entry.
const (
	SettleAccepted Settlement = "accepted" // it was sent
	SettleResend   Settlement = "resend"   // send it again: its recipient gets it twice if it was sent, unless a callback shows that first
	SettleDrop     Settlement = "drop"     // give it up
)

// Settle settles an unknown entry by hand. It returns [ErrNoEntry] if the entry does not exist, [ErrNotUnknown] with its state if its
// outcome is known, also when a callback or another process has settled it just now, and [ErrNotRetryable] if it cannot be sent again
// because its [Entry.Before] has passed.
func Settle(ctx context.Context, riverClient *river.Client[pgx.Tx], db DB, id string, how Settlement) error {
	if how != SettleAccepted && how != SettleResend && how != SettleDrop {
		return argumentError(opSettle, "how", fmt.Sprintf("is %q: use SettleAccepted, SettleResend or SettleDrop", how))
	}
	if err := checkRiver(opSettle, riverClient); err != nil {
		return err
	}
	if err := checkID(opSettle, db, id); err != nil {
		return err
	}
	return inCall(opSettle, hold(ctx, db, id, func(tx pgx.Tx, e heldEntry) error {
		if e.state != StateUnknown {
			return fmt.Errorf("%w: it is %s", ErrNotUnknown, e.state)
		}
		switch how {
		case SettleResend:
			return e.requeue(ctx, riverClient, tx)
		case SettleDrop:
			_, err := tx.Exec(ctx, `UPDATE conversation_outbox SET state = 'dropped', at = clock_timestamp() WHERE id = $1`, id)
			return err
		default:
			_, err := tx.Exec(ctx, `
				UPDATE conversation_outbox SET state = 'accepted', at = clock_timestamp(), reason = 'settled as sent, by hand', message = NULL
				WHERE id = $1`, id)
			return err
		}
	}))
}
