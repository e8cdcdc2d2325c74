package pgconversation

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

// InsertTx stores a message in the transaction tx. A [Worker] sends it if, and only if, tx commits. Inserting the same message under the same
// ID again has no effect, until the entry is forgotten (see [WithRetention]): one that was rejected, dropped or cancelled is not sent either.
// All River clients that use an outbox must have the same Schema in their [river.Config].
//
// InsertTx returns a [conversation.ArgumentError] if the entry or the request is not valid ([conversation.SendMessageRequest.Validate]), and
// [ErrIDTaken] if the ID names another message; the transaction can go on after both. After any other error, such as one of the
// server, roll it back. If another transaction has just inserted the ID, InsertTx waits for its end. With the isolation level
// repeatable read or serializable, it then returns an error of serialization (SQLSTATE 40001): run the whole transaction again.
func InsertTx(ctx context.Context, riverClient *river.Client[pgx.Tx], tx pgx.Tx, req *conversation.SendMessageRequest, e Entry) error {
	if err := checkRiver(opInsert, riverClient); err != nil {
		return err
	}
	if tx == nil {
		return argumentError(opInsert, "tx", "is nil: pass the transaction")
	}
	message, err := encode(opInsert, req, &e)
	if err != nil {
		return err
	}
	return inCall(opInsert, insert(ctx, riverClient, tx, message, e))
}

func insert(ctx context.Context, riverClient *river.Client[pgx.Tx], tx pgx.Tx, message []byte, e Entry) error {
	inserted, err := riverClient.InsertTx(ctx, tx, SendArgs{ID: e.ID, App: e.App}, e.jobOpts())
	if err != nil {
		return err
	}
	sum := sha256.Sum256(message)
	stored, err := tx.Exec(ctx, `
		INSERT INTO conversation_outbox (id, app, grp, priority, queue, due, before, job, sum, message)
		VALUES ($1, $2, $3, $4, $5, coalesce($6, now()), $7, $8, $9, $10)
		ON CONFLICT (id) DO NOTHING`,
		e.ID, e.App, e.Group, e.Priority, e.Queue, nullTime(e.After), nullTime(e.Before), inserted.Job.ID, sum[:], message)
	if err != nil || stored.RowsAffected() == 1 {
		return err
	}
	if _, err := riverClient.JobDeleteTx(ctx, tx, inserted.Job.ID); err != nil {
		return err
	}
	var same bool
	if err := tx.QueryRow(ctx, `SELECT sum = $2 FROM conversation_outbox WHERE id = $1`, e.ID, sum[:]).Scan(&same); err != nil {
		return err
	}
	if !same {
		return ErrIDTaken
	}
	return nil
}

// encode checks a message and its entry, sets the app of the entry, and returns the message as it is sent.
func encode(operation string, req *conversation.SendMessageRequest, e *Entry) ([]byte, error) {
	if err := checkEntry(operation, req, *e); err != nil {
		return nil, err
	}
	own := *req
	if own.AppID == "" {
		own.AppID = e.App
	}
	e.App, own.CorrelationID = own.AppID, e.ID
	message, err := []byte(nil), own.Validate()
	if err == nil {
		message, err = outbox.Encode(&own)
	}
	if wrong, ok := errors.AsType[*conversation.ArgumentError](err); ok {
		err = argumentError(operation, wrong.Field, wrong.Reason)
	}
	return message, err
}

func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
