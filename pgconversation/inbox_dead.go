package pgconversation

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// ErrNoDeadCallback is returned for a key that names no dead callback.
var ErrNoDeadCallback = errors.New("pgconversation: there is no dead callback with this key")

// deadPage is how many dead callbacks are read at a time.
const deadPage = 20

// DeadCallback is a callback that could not be handled. It is kept until it is retried or dropped.
type DeadCallback struct {
	Key      string      // for [Inbox.RetryDead] and [Inbox.DropDead]; [webhook.DeduperKey] of the body
	Reason   string      // the last error, without phone numbers
	Tries    int         // of the function; 0 if River's job ended without one that the inbox knows of
	Received time.Time   // by the clock of the server, as At
	At       time.Time   // when it became dead
	Body     []byte      // as it was received
	Header   http.Header // those of the signature and the content type
}

// Dead returns the callbacks that could not be handled, oldest first. It ends after the first error.
func (i *Inbox) Dead(ctx context.Context) iter.Seq2[*DeadCallback, error] {
	return func(yield func(*DeadCallback, error) bool) {
		var last DeadCallback
		for more := true; more; {
			page, err := i.deadAfter(ctx, last.At, last.Key)
			if err != nil {
				yield(nil, inCall(opDead, err))
				return
			}
			for _, dead := range page {
				if !yield(dead, nil) {
					return
				}
				last = DeadCallback{Key: dead.Key, At: dead.At}
			}
			more = len(page) == deadPage
		}
	}
}

// deadAfter returns the next page of dead callbacks.
func (i *Inbox) deadAfter(ctx context.Context, at time.Time, key string) ([]*DeadCallback, error) {
	rows, err := i.pool.Query(ctx, `
		SELECT key, reason, tries, received, at, body, header FROM conversation_callbacks
		WHERE state = 'dead' AND (at, key) > ($1, $2) ORDER BY at, key LIMIT $3`, at, key, deadPage)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToAddrOfStructByPos[DeadCallback])
}

// RetryDead queues a dead callback again, as if it had not been tried before. It returns [ErrNoDeadCallback] if there is none with this key.
func (i *Inbox) RetryDead(ctx context.Context, riverClient *river.Client[pgx.Tx], key string) error {
	if err := checkRiver(opRetryDead, riverClient); err != nil {
		return err
	}
	err := pgx.BeginFunc(ctx, i.pool, func(tx pgx.Tx) error {
		inserted, err := riverClient.InsertTx(ctx, tx, CallbackArgs{Key: key}, &i.opts)
		if err != nil {
			return err
		}
		return changeDead(ctx, tx, `
			UPDATE conversation_callbacks SET state = 'waiting', at = clock_timestamp(), tries = 0, reason = '', job = $2
			WHERE key = $1 AND (state = 'dead') IS TRUE`, key, inserted.Job.ID)
	})
	return inCall(opRetryDead, err)
}

// DropDead marks a dead callback as handled, so that a duplicate is not handled either, and its body is erased. It returns
// [ErrNoDeadCallback] if there is none with this key.
func (i *Inbox) DropDead(ctx context.Context, key string) error {
	err := changeDead(ctx, i.pool, `
		UPDATE conversation_callbacks SET state = 'handled', at = clock_timestamp(), body = NULL, header = NULL
		WHERE key = $1 AND (state = 'dead') IS TRUE`, key)
	return inCall(opDropDead, err)
}

// changeDead executes a statement that changes a dead callback.
func changeDead(ctx context.Context, db DB, sql string, args ...any) error {
	changed, err := db.Exec(ctx, sql, args...)
	if err == nil && changed.RowsAffected() == 0 {
		err = ErrNoDeadCallback
	}
	return err
}
