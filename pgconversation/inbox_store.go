package pgconversation

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/sinchgo/conversation/webhook"
)

// keptHeaders are the headers that are stored with a callback.
var keptHeaders = []string{
	webhook.HeaderSignature, webhook.HeaderNonce, webhook.HeaderTimestamp, webhook.HeaderAlgorithm, "Content-Type",
}

// Handler returns the handler to mount at the target of the webhook. It verifies callbacks as the receiver does, and responds as
// [webhook.Receiver.Forward] describes: 200 once a callback and its River job are committed, 503 if they are not, so that Sinch redelivers it. It
// runs no function of the receiver; River does, in this or another process. riverClient may be one that works no jobs.
//
// Of the headers, those of the signature and the content type are stored. They and the body are erased once the callback is handled.
func (i *Inbox) Handler(riverClient *river.Client[pgx.Tx]) http.Handler {
	if riverClient == nil {
		panic(inboxError("riverClient", "is nil: pass River's client"))
	}
	return i.receiver.Forward(func(ctx context.Context, body []byte, header http.Header) error {
		ctx, cancel := context.WithTimeout(ctx, endTime) // Sinch does not wait until the server is back
		defer cancel()
		return i.store(ctx, riverClient, body, header)
	})
}

// store stores a callback with its job, unless it is a duplicate. If another transaction has just stored it, store waits for its end.
func (i *Inbox) store(ctx context.Context, riverClient *river.Client[pgx.Tx], body []byte, header http.Header) error {
	tx, err := i.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer rollback(ctx, tx)
	key := webhook.DeduperKey(body)
	inserted, err := riverClient.InsertTx(ctx, tx, CallbackArgs{Key: key}, &i.opts)
	if err != nil {
		return err
	}
	kept := make(http.Header, len(keptHeaders))
	for _, name := range keptHeaders {
		if values := header.Values(name); len(values) > 0 {
			kept[name] = values
		}
	}
	keptJSON, err := json.Marshal(kept) // pgx would have to ask the server for the type, which not every QueryExecMode does
	if err != nil {
		return err
	}
	stored, err := tx.Exec(ctx, `
		INSERT INTO conversation_callbacks (key, job, body, header) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO NOTHING`,
		key, inserted.Job.ID, body, string(keptJSON))
	if err != nil || stored.RowsAffected() == 0 {
		return err
	}
	return tx.Commit(ctx)
}

// rollback ends a transaction that was not committed, also when ctx has ended.
func rollback(ctx context.Context, tx pgx.Tx) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	_ = tx.Rollback(ctx) // after an error the connection is closed, which ends the transaction
}
