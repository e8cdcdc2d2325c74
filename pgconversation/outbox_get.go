package pgconversation

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// Get returns the status of an entry, or [ErrNoEntry].
func Get(ctx context.Context, db DB, id string) (*Status, error) {
	if err := checkID(opGet, db, id); err != nil {
		return nil, err
	}
	rows, err := db.Query(ctx, `SELECT `+statusColumns+` FROM conversation_outbox WHERE id = $1`, id)
	if err != nil {
		return nil, inCall(opGet, err)
	}
	status, err := pgx.CollectExactlyOneRow(rows, toStatus)
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNoEntry
	}
	return status, inCall(opGet, err)
}

// statusColumns are the columns that toStatus reads.
const statusColumns = `id, app, grp, state, message_id, reason, attempts, at, delivery, delivery_reason, priority, before, job`

func toStatus(row pgx.CollectableRow) (*Status, error) {
	var s Status
	var before *time.Time
	err := row.Scan(&s.ID, &s.App, &s.Group, &s.State, &s.MessageID, &s.Reason, &s.Attempts, &s.At, &s.Delivery, &s.DeliveryReason, &s.Priority,
		&before, &s.Job)
	if err != nil {
		return nil, err
	}
	if before != nil {
		s.Before = *before
	}
	return &s, nil
}
