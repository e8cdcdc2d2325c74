package pgconversation

import "context"

const (
	batchRows  = 1000 // that a statement changes or reads
	maxBatches = 50   // in a run
)

// inBatches runs a statement until it changes fewer rows than a batch. $1 is the size of a batch.
func inBatches(ctx context.Context, db DB, statement string, args ...any) error {
	for range maxBatches {
		changed, err := db.Exec(ctx, statement, append([]any{batchRows}, args...)...)
		if err != nil || changed.RowsAffected() < batchRows {
			return err
		}
	}
	return nil
}

// abandonAttempts makes the entries unknown whose attempts have no result after the lease.
func (u *Upkeep) abandonAttempts(ctx context.Context) error {
	return inBatches(ctx, u.pool, `
		UPDATE conversation_outbox SET state = 'unknown', at = clock_timestamp(), reason = 'its worker recorded no outcome of the attempt in time'
		WHERE id = ANY(ARRAY(
			SELECT id FROM conversation_outbox WHERE state = 'attempting' AND at < now() - $2::interval
			ORDER BY at, id LIMIT $1 FOR UPDATE SKIP LOCKED))`, u.lease)
}

// forgetEntries deletes the settled entries that are older than the retention.
func (u *Upkeep) forgetEntries(ctx context.Context) error {
	for _, state := range []State{StateAccepted, StateRejected, StateDropped, StateCancelled, StateExpired} {
		err := inBatches(ctx, u.pool, `
			DELETE FROM conversation_outbox
			WHERE id = ANY(ARRAY(
				SELECT id FROM conversation_outbox WHERE state = $2 AND at < now() - $3::interval
				ORDER BY at, id LIMIT $1 FOR UPDATE SKIP LOCKED))`, state, u.retention)
		if err != nil {
			return err
		}
	}
	return nil
}
