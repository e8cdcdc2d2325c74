package pgconversation

import (
	"errors"
	"strings"

	"github.com/sinchgo/conversation"
)

var (
	// ErrIDTaken is returned by [InsertTx] and [InsertManyTx] if the ID already names another message.
	ErrIDTaken = errors.New("pgconversation: the ID already names another message")
	// ErrNoEntry is returned for an ID that the outbox does not know, or no longer knows.
	ErrNoEntry = errors.New("pgconversation: the outbox has no entry with this ID")
	// ErrNotUnknown is returned by [Settle] if the outcome of the entry is known.
	ErrNotUnknown = errors.New("pgconversation: the entry is not unknown")
	// ErrNotQueued is returned by [Cancel] if the entry is being sent, is settled, or its outcome is unknown.
	ErrNotQueued = errors.New("pgconversation: the entry is not queued")
	// ErrNotRetryable is returned by [Retry] if the entry is neither rejected nor dropped, or its time is over, and by [Settle] with
	// [SettleResend] if its time is over.
	ErrNotRetryable = errors.New("pgconversation: the entry cannot be retried")
)

// The operations named by an [conversation.ArgumentError].
const (
	opInsert     = "pgconversation.InsertTx"
	opInsertMany = "pgconversation.InsertManyTx"
	opWorker     = "pgconversation.NewWorker"
	opGet        = "pgconversation.Get"
	opList       = "pgconversation.List"
	opSettle     = "pgconversation.Settle"
	opRetry      = "pgconversation.Retry"
	opCancel     = "pgconversation.Cancel"
	opCount      = "pgconversation.Count"
	opOverview   = "pgconversation.Overview"
	opUpkeep     = "pgconversation.NewUpkeep"
	opMigrate    = "pgconversation.Migrate"
	callUpkeep   = "pgconversation.Upkeep"
	opFold       = "pgconversation.Fold"
	opInbox      = "pgconversation.NewInbox"
	opDeduper    = "pgconversation.NewDeduper"
	opDead       = "pgconversation.Inbox.Dead"
	opRetryDead  = "pgconversation.Inbox.RetryDead"
	opDropDead   = "pgconversation.Inbox.DropDead"
	opCounts     = "pgconversation.Inbox.Counts"
)

func argumentError(operation, field, reason string) error {
	return &conversation.ArgumentError{Operation: operation, Field: field, Reason: reason}
}

// callError adds the name of the function that failed to an error.
type callError struct {
	operation string
	err       error
}

// inCall returns err with the function that failed. It leaves nil alone, and an [conversation.ArgumentError], which names its operation.
func inCall(operation string, err error) error {
	if _, ok := errors.AsType[*conversation.ArgumentError](err); ok || err == nil {
		return err
	}
	return &callError{operation, err}
}

func (e *callError) Error() string {
	return strings.Replace(e.operation, ".", ": ", 1) + ": " + strings.TrimPrefix(e.err.Error(), "pgconversation: ")
}

func (e *callError) Unwrap() error { return e.err }
