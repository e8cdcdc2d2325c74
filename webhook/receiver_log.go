package webhook

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/sinchgo/conversation/internal/redact"
)

// log logs the outcome of a callback.
func (r *Receiver) log(ctx context.Context, result answer) {
	level := slog.LevelWarn
	switch result.status {
	case http.StatusOK:
		level = slog.LevelDebug
	case http.StatusInternalServerError:
		level = slog.LevelError
	}
	if !r.settings.logger.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{slog.Int("status_code", result.status)}
	if result.event != nil {
		attrs = append(attrs,
			slog.String("trigger", redact.OneLine(string(result.event.Trigger()))),
			slog.String("app_id", redact.OneLine(result.event.Meta().AppID)))
	}
	if result.reason != nil {
		attrs = append(attrs, slog.String("reason", redact.OneLine(result.reason.Error())))
	}
	if result.stack != "" {
		attrs = append(attrs, slog.String("stack", result.stack))
	}
	r.settings.logger.LogAttrs(ctx, level, "webhook: callback", attrs...)
}

// logMistyped logs which fields of a callback have an unexpected type. Their values may be personal data.
func (r *Receiver) logMistyped(ctx context.Context, event Event, fields []string) {
	if len(fields) == 0 {
		return
	}
	r.settings.logger.LogAttrs(ctx, slog.LevelWarn, "webhook: the callback has fields of an unexpected type",
		slog.String("trigger", redact.OneLine(string(event.Trigger()))), slog.Any("fields", fields))
}

// String returns a description of the receiver without its secrets.
func (r *Receiver) String() string {
	return fmt.Sprintf("webhook.Receiver{secrets: %d, max body: %d, max concurrent: %d}",
		len(r.settings.secrets), r.settings.maxBody, r.settings.maxConcurrent)
}

// GoString implements [fmt.GoStringer].
func (r *Receiver) GoString() string { return r.String() }

// Format implements [fmt.Formatter], so that no verb prints the fields.
func (r *Receiver) Format(state fmt.State, verb rune) { redact.Print(state, verb, r.String()) }

// LogValue implements [slog.LogValuer].
func (r *Receiver) LogValue() slog.Value { return slog.StringValue(r.String()) }
