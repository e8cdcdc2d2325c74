package conversation

import (
	"context"
	"log/slog"
	"time"

	"github.com/sinchgo/conversation/internal/redact"
	"github.com/sinchgo/conversation/internal/transport"
)

// logAttempt logs one request and its result.
func (c *Client) logAttempt(ctx context.Context, state *callState, got *transport.Reply, started time.Time, err error) {
	if !c.logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := state.attrs(slog.Duration("took", time.Since(started)))
	if got != nil {
		attrs = append(attrs, slog.Int("status_code", got.Status), slog.String("request_id", redact.OneLine(redact.Hide(requestID(got.Header), state.hidden()))))
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	c.logger.LogAttrs(ctx, slog.LevelDebug, "conversation: request", attrs...)
}

// logRetry logs that a call is about to be retried.
func (c *Client) logRetry(ctx context.Context, state *callState, delay time.Duration) {
	if !c.logger.Enabled(ctx, slog.LevelWarn) {
		return
	}
	c.logger.LogAttrs(ctx, slog.LevelWarn, "conversation: retrying",
		state.attrs(slog.Duration("delay", delay), slog.String("error", state.last.Error()))...)
}

// logMistyped logs which fields of the reply have an unexpected type. Their values may be personal data.
func (c *Client) logMistyped(ctx context.Context, state *callState) {
	if len(state.mistyped) == 0 {
		return
	}
	c.logger.LogAttrs(ctx, slog.LevelWarn, "conversation: the reply has fields of an unexpected type",
		state.attrs(slog.Any("fields", state.mistyped))...)
}

// attrs returns the attributes of every log record of a call, followed by more.
func (state *callState) attrs(more ...slog.Attr) []slog.Attr {
	return append([]slog.Attr{
		slog.String("operation", state.call.name),
		slog.String("method", state.call.method),
		slog.String("route", state.call.route),
		slog.Int("attempt", state.attempts),
	}, more...)
}
