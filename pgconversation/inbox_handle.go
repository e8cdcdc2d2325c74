package pgconversation

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/sinchgo/conversation/webhook"
)

var (
	errNoReturn = errors.New("pgconversation: the function ended its goroutine")
	errEnded    = errors.New("pgconversation: the function ended the transaction of the callback: leave COMMIT and ROLLBACK to the inbox")
	errAborted  = errors.New("pgconversation: a statement of the function failed, which aborted the transaction of the callback: " +
		"return its error, or run it in a nested transaction (tx.Begin)")
	errNotYours = errors.New("pgconversation: the inbox ends the transaction of the callback: return nil to commit it, an error to roll it back")
)

type txKey struct{}

// Tx returns the transaction in which a function of the receiver runs, and whether there is one. What the function writes in it is committed
// with the callback, exactly once, or not at all. It ends when the function returns. The function cannot commit it or roll it back, but may
// begin nested ones.
func Tx(ctx context.Context) (pgx.Tx, bool) {
	tx, ok := ctx.Value(txKey{}).(functionTx)
	return tx, ok
}

// functionTx is a transaction that its user does not end.
type functionTx struct{ pgx.Tx }

// Commit returns an error.
func (functionTx) Commit(context.Context) error { return errNotYours }

// Rollback returns an error.
func (functionTx) Rollback(context.Context) error { return errNotYours }

// handle records what a callback reports, and runs the function for it. It returns nil if it was handled before.
func (i *Inbox) handle(ctx context.Context, key string) error {
	var body []byte
	err := i.pool.QueryRow(ctx, `SELECT body FROM conversation_callbacks WHERE key = $1 AND (state <> 'handled') IS TRUE`, key).Scan(&body)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	event, err := webhook.Parse(body)
	if err != nil {
		return err
	}
	// Not in the transaction of the function: workers that record results would wait for the entry as long as the function runs.
	if err := Fold(ctx, i.pool, event); err != nil {
		return err
	}
	tx, err := i.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer rollback(ctx, tx)
	locked, err := tx.Exec(ctx, `SELECT FROM conversation_callbacks WHERE key = $1 AND (state <> 'handled') IS TRUE FOR UPDATE`, key)
	if err != nil || locked.RowsAffected() == 0 { // a job that was taken for stuck has handled it
		return err
	}
	if err := i.call(context.WithValue(ctx, txKey{}, functionTx{tx}), event); err != nil {
		return &functionError{err}
	}
	if err := commitHandled(ctx, tx, key); err != nil {
		return &functionError{err}
	}
	return nil
}

// call runs the function for an event in a goroutine that it may end.
func (i *Inbox) call(ctx context.Context, event webhook.Event) error {
	result := make(chan error, 1)
	go func() {
		err := errNoReturn
		defer func() { result <- err }()
		err = i.receiver.Handle(ctx, event)
	}()
	return <-result
}

// commitHandled commits what the function has written, with the mark that the callback is handled.
func commitHandled(ctx context.Context, tx pgx.Tx, key string) error {
	switch tx.Conn().PgConn().TxStatus() {
	case 'I':
		return errEnded
	case 'E':
		return errAborted
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	_, err := tx.Exec(ctx, `
		UPDATE conversation_callbacks SET state = 'handled', at = clock_timestamp(), reason = '', body = NULL, header = NULL WHERE key = $1`, key)
	if err != nil {
		return err
	}
	return tx.Commit(ctx)
}
