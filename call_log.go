package conversation

import (
	"context"
	"log/slog"
	"time"

	"github.com/sinchgo/conversation/internal/redact"
)

// logAttempt records one request and its end.
func (c *Client) logAttempt(ctx context.Context, run *progress, got *reply, started time.Time, err error) {
	if !c.logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := run.attrs(slog.Duration("took", time.Since(started)))
	if got != nil {
		attrs = append(attrs, slog.Int("status_code", got.status), slog.String("request_id", redact.OneLine(redact.Hide(requestID(got.header), run.hidden()))))
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	c.logger.LogAttrs(ctx, slog.LevelDebug, "conversation: request", attrs...)
}

// logRepeat records that a call is about to be repeated.
func (c *Client) logRepeat(ctx context.Context, run *progress, delay time.Duration) {
	if !c.logger.Enabled(ctx, slog.LevelWarn) {
		return
	}
	c.logger.LogAttrs(ctx, slog.LevelWarn, "conversation: repeating",
		run.attrs(slog.Duration("delay", delay), slog.String("error", run.last.Error()))...)
}

func (run *progress) attrs(more ...slog.Attr) []slog.Attr {
	return append([]slog.Attr{
		slog.String("operation", run.call.name),
		slog.String("method", run.call.method),
		slog.String("route", run.call.route),
		slog.Int("attempt", run.attempts),
	}, more...)
}
