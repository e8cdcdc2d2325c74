package retry

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// After returns how long the Retry-After header asks the caller to wait. It returns 0 if the header is missing or
// malformed. A date in it is compared with the Date header, if there is one, so that a wrong local clock does no harm.
func After(header http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if strings.Trim(value, "0123456789") == "" {
		return wholeSeconds(value)
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	return max(0, until.Sub(now))
}

// wholeSeconds parses a number of seconds. A number too large for a Duration becomes the largest Duration.
func wholeSeconds(value string) time.Duration {
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err != nil || seconds > int64(math.MaxInt64/time.Second) {
		return math.MaxInt64
	}
	return time.Duration(seconds) * time.Second
}
