package retry_test

import (
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/internal/retry"
)

func TestRetryAfterIsReadFromSecondsOrADate(t *testing.T) {
	t.Parallel()
	now := time.Date(2023, time.January, 2, 10, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		value, date string
		want        time.Duration
	}{
		"seconds":                             {"5", "", 5 * time.Second},
		"padded seconds":                      {" 5 ", "", 5 * time.Second},
		"nothing":                             {"", "", 0},
		"zero":                                {"0", "", 0},
		"negative seconds":                    {"-5", "", 0},
		"a fraction":                          {"2.5", "", 3 * time.Second},
		"a fraction close to the next second": {"299.997", "", 300 * time.Second},
		"a tiny fraction":                     {"7.0000000000000000000001", "", 8 * time.Second},
		"a fraction of nothing":               {"7.000", "", 7 * time.Second},
		"less than a second":                  {"0.2", "", time.Second},
		"no seconds at all":                   {"0.0", "", 0},
		"a point without a fraction":          {"7.", "", 7 * time.Second},
		"two points":                          {"1.5.5", "", 0},
		"a fraction with a sign":              {"1.-5", "", 0},
		"an exponent":                         {"1.5e3", "", 0},
		"a comma":                             {"1,5", "", 0},
		"a fraction of more than a Duration holds": {"9223372036.5", "", math.MaxInt64},
		"a fraction of more than an int64 holds":   {"9223372036854775807.5", "", math.MaxInt64},
		"a word":                                   {"soon", "", 0},
		"the largest Duration":                     {"9223372036", "", 9223372036 * time.Second},
		"more than a Duration holds":               {"9223372037", "", math.MaxInt64},
		"more than an int64 holds":                 {"99999999999999999999", "", math.MaxInt64},
		"a date":                                   {"Mon, 02 Jan 2023 10:00:07 GMT", "", 7 * time.Second},
		"a past date":                              {"Mon, 02 Jan 2023 09:00:00 GMT", "", 0},
		"a date by the server clock":               {"Mon, 02 Jan 2023 12:00:07 GMT", "Mon, 02 Jan 2023 12:00:00 GMT", 7 * time.Second},
		"an unreadable Date header":                {"Mon, 02 Jan 2023 10:00:07 GMT", "noon", 7 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			header.Set("Retry-After", test.value)
			header.Set("Date", test.date)
			assert.Equal(t, test.want, retry.After(header, now))
			assert.Equal(t, test.want, retry.After(header, now.Add(400*time.Millisecond)), "by a clock with a fraction, rounded up")
		})
	}
}
