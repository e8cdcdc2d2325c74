package main

import (
	"context"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/sinchgo/conversation/conversationtest"
)

const (
	logText = "text"
	logJSON = "json"
)

// requestLog writes a line a request. It shows neither headers nor bodies, and no digits of what may be a phone number.
type requestLog struct {
	logger *slog.Logger
}

func newRequestLog(format string, out io.Writer) requestLog {
	if format == logJSON {
		return requestLog{slog.New(slog.NewJSONHandler(out, nil))}
	}
	return requestLog{slog.New(slog.NewTextHandler(out, nil))}
}

func (l requestLog) log(request conversationtest.Request, took time.Duration) {
	attrs := []slog.Attr{
		slog.String("method", request.Method),
		slog.String("path", maskedPath(request.Path)),
	}
	if query := maskedQuery(request.Query); query != "" {
		attrs = append(attrs, slog.String("query", query))
	}
	attrs = append(attrs,
		slog.Int("status", request.Status),
		slog.String("duration", took.Round(time.Microsecond).String()),
	)
	l.logger.LogAttrs(context.Background(), slog.LevelInfo, "request", attrs...)
}

// maskedQuery is the query as a text to read, not to send: names are sorted, values are not escaped.
func maskedQuery(query url.Values) string {
	readable, err := url.QueryUnescape(query.Encode())
	if err != nil {
		return ""
	}
	return maskDigits(readable)
}

// maskedPath masks the segments that can be phone numbers, which the ids of the API cannot.
func maskedPath(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		readable, err := url.PathUnescape(segment)
		if err == nil && len(readable) >= shortestNumber && strings.Trim(readable, "+0123456789") == "" {
			segments[i] = maskDigits(readable)
		}
	}
	return strings.Join(segments, "/")
}

const shortestNumber = 7

func maskDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '*'
		}
		return r
	}, text)
}
