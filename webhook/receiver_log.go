package webhook

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/sinchgo/conversation/internal/redact"
)

// log logs the outcome of a callback. c is nil if there is no request.
func (r *Receiver) log(ctx context.Context, result answer, c *callback, took time.Duration) {
	level := slog.LevelInfo
	switch {
	case result.status == http.StatusOK:
		level = slog.LevelDebug
	case result.failed || result.status == http.StatusInternalServerError:
		level = slog.LevelError
	}
	if !r.settings.logger.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{slog.Int("status_code", result.status), slog.Duration("duration", took)}
	if result.event != nil {
		attrs = append(attrs, slog.String("trigger", redact.OneLine(string(result.event.Trigger()))))
	}
	if appID := appIDFor(result.event, c); appID != "" {
		attrs = append(attrs, slog.String("app_id", redact.OneLine(appID)))
	}
	if result.reason != nil {
		attrs = append(attrs, slog.String("reason", redact.OneLine(result.reason.Error())))
	}
	if c != nil {
		attrs = append(attrs, r.logAttrs(c)...)
	}
	if result.stack != "" {
		attrs = append(attrs, slog.String("stack", result.stack))
	}
	r.settings.logger.LogAttrs(ctx, level, "webhook: callback", attrs...)
}

// appIDFor returns the app id of a callback, or else the one that its body claims.
func appIDFor(event Event, c *callback) string {
	switch {
	case event != nil:
		return event.Meta().AppID
	case c != nil:
		return c.appID
	default:
		return ""
	}
}

// logAttrs returns what shows why a request was rejected. It has the names of the signature headers, and no values.
func (r *Receiver) logAttrs(c *callback) []slog.Attr {
	present := presentHeaders(c.header)
	missing := slices.DeleteFunc(slices.Clone(headerNames[:]), func(name string) bool { return slices.Contains(present, name) })
	attrs := []slog.Attr{slog.Any("signature_headers", present)}
	if len(missing) > 0 {
		attrs = append(attrs, slog.Any("missing_headers", missing))
	}
	if age, ok := r.age(c.header); ok {
		attrs = append(attrs, slog.Duration("age", age))
	}
	if c.announced >= 0 {
		attrs = append(attrs, slog.Int64("content_length", c.announced))
	}
	if c.read {
		attrs = append(attrs, slog.Int("body_size", len(c.body)))
	}
	if c.read && c.announced >= 0 {
		attrs = append(attrs, slog.Bool("content_length_matched", c.announced == int64(len(c.body))))
	}
	if encoding := c.header.Get("Content-Encoding"); encoding != "" {
		attrs = append(attrs, slog.String("content_encoding", redact.OneLine(encoding)))
	}
	return attrs
}

// age returns the age of the timestamp of a callback, if it has a plain one. Before the callback is verified, it is only
// claimed.
func (r *Receiver) age(header http.Header) (time.Duration, bool) {
	given := givenValues(header)
	timestamp, err := given.value(ofTimestamp)
	if err != nil || !plainNumber(timestamp) {
		return 0, false
	}
	at := signatureHeaders{timestamp: timestamp}.at()
	return r.settings.window.now().Sub(at).Round(time.Second), true
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
	secrets := strconv.Itoa(len(r.settings.keys))
	if r.settings.appSecrets != nil {
		secrets = "by app"
	}
	return fmt.Sprintf("webhook.Receiver{secrets: %s, max body: %d, max concurrent: %d}",
		secrets, r.settings.maxBody, r.settings.maxConcurrent)
}

// GoString implements [fmt.GoStringer].
func (r *Receiver) GoString() string { return r.String() }

// Format implements [fmt.Formatter], so that no verb prints the fields.
func (r *Receiver) Format(state fmt.State, verb rune) { redact.Print(state, verb, r.String()) }

// LogValue implements [slog.LogValuer].
func (r *Receiver) LogValue() slog.Value { return slog.StringValue(r.String()) }
