package relay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// conflictWait is the wait before a key or ID is read again that another process is writing.
	conflictWait = 20 * time.Millisecond
	// engineRetry is the wait after the engine did not answer.
	engineRetry = time.Second
	// callTime is the timeout of one call to the engine that is retried without an answer.
	callTime = 5 * time.Second
)

// sleep waits for d, or until the context ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// callOnce calls the engine with a short timeout, because a server that crashes never answers: the next try reaches
// another.
func callOnce(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	return do(ctx)
}

// callUntilDone calls the engine until a call succeeds, the time is over or stopped reports true.
func callUntilDone(ctx context.Context, within time.Duration, stopped func() bool, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for {
		err := callOnce(ctx, do)
		if err == nil {
			return nil
		}
		if sleep(ctx, engineRetry/4) != nil || stopped() {
			return err
		}
	}
}

// hasTime reports whether ctx has a deadline that has not passed.
func hasTime(ctx context.Context) bool {
	_, bounded := ctx.Deadline()
	return bounded && ctx.Err() == nil
}

// lastOf returns the last message of a stream under a subject, or nil if there is none.
func lastOf(ctx context.Context, stream jetstream.Stream, subject string) (*jetstream.RawStreamMsg, error) {
	msg, err := stream.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil //nolint:nilnil // No message is not an error.
	}
	return msg, err
}

// isAway reports whether the engine did not answer or has no leader.
func isAway(err error) bool {
	answer, ok := errors.AsType[*jetstream.APIError](err)
	return ok && answer.Code == http.StatusServiceUnavailable || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, nats.ErrTimeout) ||
		errors.Is(err, nats.ErrNoResponders)
}

// isConflict reports whether the engine rejected a write because another came first.
func isConflict(err error) bool {
	answer, ok := errors.AsType[*jetstream.APIError](err)
	return ok && (answer.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence ||
		answer.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// storeError adds to an error of the engine what it means for the caller of Enqueue.
func (e *Engine) storeError(err error) error {
	switch {
	case err == nil:
		return nil
	case isFull(err):
		return fmt.Errorf("the engine has no room, so nothing was stored: %w", err)
	case !e.Conn.IsConnected():
		status := strings.ToLower(e.Conn.Status().String())
		return fmt.Errorf("the engine cannot be reached, the connection is %s: call again with the same ID: %w", status, err)
	case errors.Is(err, nats.ErrNoResponders), errors.Is(err, jetstream.ErrNoStreamResponse):
		return fmt.Errorf("the engine has no stream, or its cluster has no leader: call again with the same ID: %w", err)
	default:
		return fmt.Errorf("the engine did not acknowledge the message, for example because its disk is full: call again with the same ID: %w", err)
	}
}

// isFull reports whether the engine has no room for a message.
func isFull(err error) bool {
	answer, ok := errors.AsType[*jetstream.APIError](err)
	if !ok {
		return false
	}
	switch answer.ErrorCode {
	case 10002, 10023, 10047, 10077: // the account, the server or the storage is out of resources; the stream is full
		return true
	}
	return false
}
