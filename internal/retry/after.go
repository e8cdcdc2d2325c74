package retry

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// After returns how long the Retry-After header asks the caller to wait, rounded up to whole seconds. It returns 0 if the
// header is missing or malformed. A date in it is compared with the Date header, if there is one, so that a wrong local
// clock does no harm.
func After(header http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if whole, fraction, _ := strings.Cut(value, "."); isNumber(whole) && isNumber("0"+fraction) {
		return seconds(whole, fraction)
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	return roundUp(max(0, until.Sub(now)))
}

func isNumber(value string) bool { return value != "" && strings.Trim(value, "0123456789") == "" }

// seconds parses a number of seconds and rounds it up. A number too large for a Duration becomes the largest Duration.
func seconds(whole, fraction string) time.Duration {
	n, err := strconv.ParseInt(whole, 10, 64)
	if err == nil && strings.Trim(fraction, "0") != "" {
		n = min(n, math.MaxInt64-1) + 1
	}
	if err != nil || n > int64(math.MaxInt64/time.Second) {
		return math.MaxInt64
	}
	return time.Duration(n) * time.Second
}

func roundUp(d time.Duration) time.Duration {
	if part := d % time.Second; part > 0 && d < math.MaxInt64-time.Second {
		return d - part + time.Second
	}
	return d
}
