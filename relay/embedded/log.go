package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
)

// serverLog receives the log of the server. It passes problems on to a logger, and keeps the reason of a failed start.
type serverLog struct {
	to *slog.Logger

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
	l.to.Log(context.Background(), level, "The engine reports a problem.", "problem", fmt.Sprintf(format, values...))
}

func (*serverLog) Noticef(string, ...any) {}

func (*serverLog) Debugf(string, ...any) {}

func (*serverLog) Tracef(string, ...any) {}
