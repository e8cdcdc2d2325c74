package pgconversation

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// In the statements of this file, "(state = ...) IS TRUE" keeps the planner from the index of the state: its statistics are always old, since the states
// of a queue change faster than they are gathered, and the index of the ID is the right one.

// recordTime is how long a worker tries to record a result while the server does not answer.
const recordTime = 10 * time.Minute

// The statements can be repeated: what an attempt has recorded is known by its token.
const (
	sqlBegin = `
		UPDATE conversation_outbox
		SET state = 'attempting', at = clock_timestamp(), token = ($3::bigint[])[array_position($2::bigint[], job)],
			attempts = attempts + CASE WHEN state = 'queued' THEN 1 ELSE 0 END
		WHERE id = ANY($1) AND job = ANY($2)
			AND (state = 'queued' AND coalesce(before > clock_timestamp(), true) OR state = 'attempting' AND token = ANY($3)) IS TRUE
		RETURNING token, attempts, message, extract(epoch FROM before - clock_timestamp())::float8`
	// sqlAccepted includes an entry that Settle has queued again before the result came, so that the message is not sent twice.
	sqlAccepted = `
		UPDATE conversation_outbox
		SET state = 'accepted', at = clock_timestamp(), message_id = ($3::text[])[array_position($2::bigint[], token)], reason = '', message = NULL
		WHERE id = ANY($1) AND token = ANY($2) AND (state IN ('attempting', 'unknown', 'queued')) IS TRUE`
	// sqlFinish leaves an entry unknown that another job found without a result and made unknown, if the message was not sent: the River
	// job that would send it again may be over.
	sqlFinish = `
		UPDATE conversation_outbox
		SET state = $3, at = clock_timestamp(), reason = $4, attempts = attempts - $5,
			message = CASE WHEN $3 = 'expired' THEN NULL ELSE message END
		WHERE id = $1 AND token = $2 AND (state = 'attempting' OR state = 'unknown' AND $3 <> 'queued') IS TRUE`
)

// writeBegins records that attempts begin, and reads their messages.
func (w *Worker) writeBegins(ctx context.Context, batch []*attempt) error {
	ids, jobs, tokens := make([]string, len(batch)), make([]int64, len(batch)), make([]int64, len(batch))
	byToken := make(map[int64]*attempt, len(batch))
	for i, a := range batch {
		ids[i], jobs[i], tokens[i] = a.id(), a.job.ID, a.token
		byToken[a.token] = a
	}
	asked := time.Now()
	rows, _ := w.pool.Query(ctx, sqlBegin, ids, jobs, tokens) // the error is that of rows
	begun, err := pgx.CollectRows(rows, pgx.RowToStructByPos[begun])
	if err != nil {
		return err
	}
	for i := range begun {
		a := byToken[begun[i].Token]
		a.begun, a.asked = &begun[i], asked
		if left := begun[i].Left; left != nil {
			a.before = asked.Add(time.Duration(*left * float64(time.Second)))
		}
	}
	return nil
}

// writeFinishes records the results of attempts. Those that were accepted share a statement.
func (w *Worker) writeFinishes(ctx context.Context, batch []*attempt) error {
	var ids, messageIDs []string
	var tokens []int64
	var statements pgx.Batch // in one transaction
	for _, a := range batch {
		if a.state == StateAccepted {
			ids, tokens, messageIDs = append(ids, a.id()), append(tokens, a.token), append(messageIDs, a.messageID)
			continue
		}
		notStarted := 0
		if a.heldBack {
			notStarted = 1
		}
		statements.Queue(sqlFinish, a.id(), a.token, string(a.state), a.reason, notStarted)
	}
	if len(ids) > 0 {
		statements.Queue(sqlAccepted, ids, tokens, messageIDs)
	}
	return w.pool.SendBatch(ctx, &statements).Close()
}
