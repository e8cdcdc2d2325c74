package relay

import (
	"errors"
	"strings"

	"github.com/sinchgo/conversation"
)

var (
	// ErrNoRelay is returned by [Open] with [WithExisting] if the engine has no relay of that prefix.
	ErrNoRelay = errors.New("relay: the engine has no relay of this prefix")
	// ErrIDTaken is returned by [Outbox.Enqueue] and [Outbox.EnqueueAll] if the ID already names another message.
	ErrIDTaken = errors.New("relay: the ID already names another message")
	// ErrNoEntry is returned for an ID that the outbox does not know, or no longer knows.
	ErrNoEntry = errors.New("relay: the outbox has no entry with this ID")
	// ErrNotUnknown is returned by [Outbox.Settle] if the outcome of the entry is known.
	ErrNotUnknown = errors.New("relay: the entry is not unknown")
	// ErrNotQueued is returned by [Outbox.Cancel] if the entry is being sent, is settled, or its outcome is unknown.
	ErrNotQueued = errors.New("relay: the entry is not queued")
	// ErrNotRetryable is returned by [Outbox.Retry] if the entry is neither rejected nor dropped, or its time is over.
	ErrNotRetryable = errors.New("relay: the entry cannot be retried")
	// ErrMessageLost is returned by [Outbox.Settle] with [SettleResend] and by [Outbox.Retry] if the engine has lost the message, in a
	// power cut with [WithWeakDurability], or has none because a version of November 2026 rejected or dropped the entry.
	ErrMessageLost = errors.New("relay: the engine has no message of this entry any more: drop it if it is unknown, and enqueue the message with another ID")
	// ErrNoDeadLetter is returned for the number of a dead letter that was retried or never existed.
	ErrNoDeadLetter = errors.New("relay: there is no dead letter with this number")
)

// The operations named by an [conversation.ArgumentError].
const (
	opOpen      = "relay.Open"
	opEnqueue   = "relay.Outbox.Enqueue"
	opAll       = "relay.Outbox.EnqueueAll"
	opOutbox    = "relay.Outbox"
	opList      = "relay.Outbox.List"
	opCancel    = "relay.Outbox.Cancel"
	opRetry     = "relay.Outbox.Retry"
	opPause     = "relay.Outbox.Pause"
	opResume    = "relay.Outbox.Resume"
	opSetRate   = "relay.Outbox.SetRate"
	opSettle    = "relay.Outbox.Settle"
	opWatch     = "relay.Outbox.Watch"
	opRunOutbox = "relay.Outbox.Run"
	opRunInbox  = "relay.Inbox.Run"
)

func argumentError(operation, field, reason string) error {
	return &conversation.ArgumentError{Operation: operation, Field: field, Reason: reason}
}

// methodError adds the name of the method to an error.
type methodError struct {
	method string
	err    error
}

// inMethod returns err with the name of the method that failed. It leaves nil alone, and an
// [conversation.ArgumentError], which names its operation.
func inMethod(method string, err error) error {
	if _, ok := errors.AsType[*conversation.ArgumentError](err); ok || err == nil {
		return err
	}
	return &methodError{method, err}
}

func (e *methodError) Error() string {
	return "relay: " + e.method + ": " + strings.TrimPrefix(e.err.Error(), "relay: ")
}

func (e *methodError) Unwrap() error { return e.err }
