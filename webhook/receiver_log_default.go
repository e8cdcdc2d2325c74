package webhook

import (
	"context"
	"log/slog"
)

// defaultLog is the handler of a receiver without WithLogger. It passes all but successes to slog.Default, which is looked
// up for each record, so that a later call of [slog.SetDefault] counts.
type defaultLog struct{}

// Enabled implements [slog.Handler].
func (defaultLog) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelInfo && slog.Default().Enabled(ctx, level)
}

// Handle implements [slog.Handler].
func (defaultLog) Handle(ctx context.Context, record slog.Record) error {
	return slog.Default().Handler().Handle(ctx, record)
}

// WithAttrs implements [slog.Handler]. The receiver does not call it.
func (h defaultLog) WithAttrs([]slog.Attr) slog.Handler { return h }

// WithGroup implements [slog.Handler]. The receiver does not call it.
func (h defaultLog) WithGroup(string) slog.Handler { return h }
