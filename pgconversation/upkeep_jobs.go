package pgconversation

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/rivertype"
)

// jobEnd is what the end of a River job means for an entry that is still queued.
type jobEnd struct {
	state  State
	reason string
}

// jobEnds has the states of River jobs that are not worked any more. A job that does not exist has none: it was
// deleted, or this River client has another schema than the one that inserted it.
var jobEnds = map[rivertype.JobState]jobEnd{
	"":                          {StateDropped, "its River job does not exist"},
	rivertype.JobStateCancelled: {StateCancelled, "its River job was cancelled"},
	rivertype.JobStateDiscarded: {StateDropped, "its River job was discarded after its last attempt"},
	rivertype.JobStateCompleted: {StateDropped, "its River job was completed by something else than the worker"},
}

// queuedJob is a queued entry, and the state of its River job.
type queuedJob struct {
	position
	job   int64
	state rivertype.JobState
}

// checkJobs settles queued entries whose River job is not worked any more. It goes on where the last run of this process ended.
func (u *Upkeep) checkJobs(ctx context.Context, riverSchema string) error {
	table := "river_job"
	if riverSchema != "" {
		table = pgx.Identifier{riverSchema, table}.Sanitize()
	}
	if !u.checking.TryLock() {
		return nil // the run before this one is not done yet
	}
	defer u.checking.Unlock()
	for range maxBatches {
		page, err := u.queuedJobs(ctx, table)
		if err != nil {
			return err
		}
		if err := u.endJobs(ctx, page); err != nil {
			return err
		}
		if len(page) < batchRows {
			u.checked = listStart
			return nil
		}
		u.checked = page[len(page)-1].position
	}
	return nil
}

// queuedJobs reads a page of queued entries. Those of the last minute may be changing.
func (u *Upkeep) queuedJobs(ctx context.Context, riverTable string) ([]queuedJob, error) {
	rows, err := u.pool.Query(ctx, `
		SELECT at, id, job, coalesce((SELECT river.state::text FROM `+riverTable+` AS river WHERE river.id = job AND river.kind = $4), '')
		FROM conversation_outbox
		WHERE state = 'queued' AND (at, id) > ($1, $2) AND at < now() - interval '1 minute'
		ORDER BY at, id LIMIT $3`, u.checked.at, u.checked.id, batchRows, SendArgs{}.Kind())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (q queuedJob, err error) {
		err = row.Scan(&q.at, &q.id, &q.job, &q.state)
		return q, err
	})
}

// endJobs settles the entries of a page whose River job is not worked any more, unless they have changed.
func (u *Upkeep) endJobs(ctx context.Context, page []queuedJob) error {
	for jobState, end := range jobEnds {
		var ids []string
		var jobs []int64
		for _, q := range page {
			if q.state == jobState {
				ids, jobs = append(ids, q.id), append(jobs, q.job)
			}
		}
		if len(ids) == 0 {
			continue
		}
		_, err := u.pool.Exec(ctx, `
			UPDATE conversation_outbox
			SET state = $3, at = clock_timestamp(), reason = $4, message = CASE WHEN $3 = 'cancelled' THEN NULL ELSE message END
			WHERE id = ANY($1) AND job = ANY($2) AND (state = 'queued') IS TRUE`, ids, jobs, end.state, end.reason)
		if err != nil {
			return err
		}
	}
	return nil
}
