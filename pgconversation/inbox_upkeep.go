package pgconversation

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// CallbackCounts is the state of an [Inbox], for gauges.
type CallbackCounts struct {
	Waiting int           // callbacks that are not handled yet
	Oldest  time.Duration // since the oldest of those arrived or was retried; 0 if there is none
	Dead    int
}

// Counts counts the callbacks that are not handled.
func (i *Inbox) Counts(ctx context.Context) (*CallbackCounts, error) {
	counts, err := countCallbacks(ctx, i.pool)
	if err != nil {
		return nil, inCall(opCounts, err)
	}
	return &counts, nil
}

func countCallbacks(ctx context.Context, db DB) (counts CallbackCounts, err error) {
	err = db.QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'dead'),
			coalesce(clock_timestamp() - min(at) FILTER (WHERE state = 'waiting'), '0')
		FROM conversation_callbacks WHERE state IN ('waiting', 'dead')`).Scan(&counts.Waiting, &counts.Dead, &counts.Oldest)
	return counts, err
}

// keepCallbacks is the least time for which handled callbacks are kept, because Sinch may redeliver them.
const keepCallbacks = 3 * day

// forgetCallbacks deletes the callbacks that were handled longer ago than the retention. It deletes the keys of the deduper a day after they must be
// kept, because clocks differ.
func forgetCallbacks(ctx context.Context, db DB, retention time.Duration) error {
	err := inBatches(ctx, db, `
		DELETE FROM conversation_callbacks
		WHERE key = ANY(ARRAY(
			SELECT key FROM conversation_callbacks WHERE state = 'handled' AND at < now() - $2::interval
			ORDER BY at, key LIMIT $1 FOR UPDATE SKIP LOCKED))`, max(retention, keepCallbacks))
	if err != nil {
		return err
	}
	return inBatches(ctx, db, `
		DELETE FROM conversation_deduper
		WHERE key = ANY(ARRAY(
			SELECT key FROM conversation_deduper WHERE keep_until < now() - interval '1 day'
			ORDER BY keep_until LIMIT $1 FOR UPDATE SKIP LOCKED))`)
}

// buryCallbacks makes the callbacks dead whose River job has ended without them: it was cancelled or deleted by hand, or each process that worked
// it crashed. schema is that of River, or "".
func buryCallbacks(ctx context.Context, db DB, schema string) error {
	jobs := pgx.Identifier{"river_job"}
	if schema != "" {
		jobs = pgx.Identifier{schema, "river_job"}
	}
	_, err := db.Exec(ctx, `
		UPDATE conversation_callbacks SET state = 'dead', at = clock_timestamp(),
			reason = 'its River job was cancelled or deleted, or each process that worked it crashed'
		WHERE key IN (
			SELECT key FROM conversation_callbacks c LEFT JOIN `+jobs.Sanitize()+` j ON j.id = c.job
			WHERE c.state = 'waiting' AND (j.id IS NULL OR j.state IN ('cancelled', 'discarded', 'completed'))
			FOR UPDATE OF c SKIP LOCKED)`)
	return err
}
