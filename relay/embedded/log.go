package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
)

// serverLog receives the log of the server. It passes problems on to a logger, and keeps the reason of a failed start.
type serverLog struct {
	to     *slog.Logger
	failed func(problem string) // called when the server can no longer write

	mu    sync.Mutex
	ended string
}

// fatal returns the reason why the server did not start, or an empty string.
func (l *serverLog) fatal() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended
}

func (l *serverLog) Fatalf(format string, values ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = fmt.Sprintf(format, values...)
}

func (l *serverLog) Errorf(format string, values ...any) { l.pass(slog.LevelError, format, values) }

func (l *serverLog) Warnf(format string, values ...any) { l.pass(slog.LevelWarn, format, values) }

func (l *serverLog) pass(level slog.Level, format string, values []any) {
	problem := fmt.Sprintf(format, values...)
	if strings.Contains(problem, partOfBatch) {
		return
	}
	if isWriteFailure(problem) {
		l.failed(problem)
	}
	l.to.Log(context.Background(), level, "The engine reports a problem.", "problem", problem)
}

// partOfBatch is in the problem that the server reports at its start if its last message was stored in a batch and is not the last of
// it. The end of the batch was removed, or the message was delayed and became due. If the end was never stored, the batch was not
// acknowledged.
const partOfBatch = "Failed restoring partial batch write"

// isWriteFailure reports whether the server has stopped to write. After a failed write or sync, a stream rejects all writes
// until the server restarts.
func isWriteFailure(problem string) bool {
	for _, sign := range []string{"ritical write error", "will be DISABLED", "disabling JetStream"} {
		if strings.Contains(problem, sign) {
			return true
		}
	}
	return false
}

func (*serverLog) Noticef(string, ...any) {}

func (*serverLog) Debugf(string, ...any) {}

func (*serverLog) Tracef(string, ...any) {}
