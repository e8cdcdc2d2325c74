package pgconversation

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river"
)

// DB is a pool, a connection or a transaction of pgx. With a transaction, a function is part of it.
type DB interface {
	// Begin starts a transaction, or a savepoint within one.
	Begin(ctx context.Context) (pgx.Tx, error)
	// Exec executes a statement.
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	// Query returns the rows of a query.
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	// QueryRow returns the only row of a query.
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// checkDB returns an error for a db that is nil.
func checkDB(operation string, db DB) error {
	if db == nil {
		return argumentError(operation, "db", "is nil: pass a pool, a connection or a transaction")
	}
	return nil
}

// checkID returns an error for a db that is nil, or an ID that is empty.
func checkID(operation string, db DB, id string) error {
	if id == "" {
		return argumentError(operation, "id", "is empty: pass the ID of an entry")
	}
	return checkDB(operation, db)
}

func checkRiver(operation string, riverClient *river.Client[pgx.Tx]) error {
	if riverClient == nil {
		return argumentError(operation, "riverClient", "is nil: pass a client of River")
	}
	return nil
}

// heldEntry is an entry that a transaction has locked.
type heldEntry struct {
	id, app, queue string
	state          State
	priority       int
	late           bool // its Before has passed
}

// hold locks an entry, so that do decides about it, in a transaction.
func hold(ctx context.Context, db DB, id string, do func(pgx.Tx, heldEntry) error) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		e := heldEntry{id: id}
		err := tx.QueryRow(ctx, `
			SELECT app, queue, state, priority, before <= clock_timestamp() IS TRUE FROM conversation_outbox WHERE id = $1 FOR UPDATE`,
			id).Scan(&e.app, &e.queue, &e.state, &e.priority, &e.late)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrNoEntry
		}
		if err != nil {
			return err
		}
		return do(tx, e)
	})
}

// requeue queues an entry again, with a new River job.
func (e heldEntry) requeue(ctx context.Context, riverClient *river.Client[pgx.Tx], tx pgx.Tx) error {
	if e.late {
		return fmt.Errorf("%w: its Before has passed: %s", ErrNotRetryable, insteadOfRetry[StateExpired])
	}
	again, err := riverClient.InsertTx(ctx, tx, SendArgs{ID: e.id, App: e.app}, Entry{Priority: e.priority, Queue: e.queue}.jobOpts())
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		UPDATE conversation_outbox SET state = 'queued', at = clock_timestamp(), due = clock_timestamp(), reason = '', job = $2 WHERE id = $1`,
		e.id, again.Job.ID)
	return err
}
