package fakeprogram

import (
	"context"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/sinchgo/conversation/conversationtest"
)

const (
	logText = "text"
	logJSON = "json"
)

// requestLog logs a line for each request. It logs neither headers nor bodies, and masks the digits of possible phone
// numbers.
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

// maskedQuery returns the query in a readable form: sorted by name, not escaped, and with all digits masked.
func maskedQuery(query url.Values) string {
	readable, err := url.QueryUnescape(query.Encode())
	if err != nil {
		return ""
	}
	return maskDigits(readable)
}

// maskedPath returns the path with the digits of possible phone numbers masked. Ids of the API are never mistaken for one.
func maskedPath(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		readable, err := url.PathUnescape(segment)
		if err == nil && isNumber(readable) {
			segments[i] = maskDigits(readable)
		}
	}
	return strings.Join(segments, "/")
}

// isNumber reports whether text may be a phone number: digits of any script, with anything but letters between them.
func isNumber(text string) bool {
	digits := 0
	for _, char := range text {
		if unicode.IsLetter(char) {
			return false
		}
		if unicode.IsNumber(char) {
			digits++
		}
	}
	return digits >= shortestNumber
}

const shortestNumber = 7

// maskDigits masks all digits, and replaces what a terminal does not print.
func maskDigits(text string) string {
	return strings.Map(func(char rune) rune {
		switch {
		case unicode.IsNumber(char):
			return '*'
		case !unicode.IsPrint(char):
			return '.'
		}
		return char
	}, text)
}
