package pgconversation

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
)

// isAway reports whether a statement failed because the server cannot be reached, or cannot work now: it restarts, is full, or was demoted.
// The statement may have been committed.
func isAway(err error) bool {
	if _, connecting := errors.AsType[*pgconn.ConnectError](err); connecting {
		return true
	}
	answer, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return !errors.Is(err, context.DeadlineExceeded)
	}
	switch answer.Code {
	case "25006", "57P01", "57P02", "57P03": // read-only; shutting down, crashing, starting
		return true
	}
	return slices.Contains([]string{"08", "53", "58"}, answer.Code[:min(2, len(answer.Code))]) // connection, resources, system
}

// isBlocked reports whether a statement failed because of another transaction, or took too long.
func isBlocked(err error) bool {
	answer, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return errors.Is(err, context.DeadlineExceeded)
	}
	switch answer.Code {
	case "40001", "40P01", "55P03", "57014": // serialization, deadlock, lock_timeout, statement_timeout
		return true
	}
	return false
}
