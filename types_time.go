package conversation

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/sinchgo/conversation/internal/wire"
)

// Time is a point in time in the API's JSON. It decodes RFC 3339 and the variants of ISO 8601 that servers write: any
// form of zone, or none for UTC, no seconds, a space or lower-case letters as separators, a date alone. It also decodes
// the dates of HTTP and Unix time, as a number or a string, in seconds, milliseconds, microseconds or nanoseconds: its size
// decides which, and a number below 100 million is not a time. It decodes null, the empty string and everything else as
// the zero Time, so that one malformed time never fails a whole response. It encodes RFC 3339 in UTC.
type Time struct{ time.Time }

// NewTime returns moment as a Time, for the filters of lists and for injected messages and events.
func NewTime(moment time.Time) Time { return Time{Time: moment} }

// UnmarshalJSON implements [json.Unmarshaler]. It never returns an error.
func (t *Time) UnmarshalJSON(data []byte) error {
	if string(data) != "null" && t.Time.UnmarshalJSON(data) == nil { // the usual case
		return nil
	}
	return wire.Unmarshal(data, t, decodeTime)
}

// decodeTime decodes a value that is not a time as the zero Time, and counts it as mistyped.
func decodeTime(at wire.Place, data []byte, t *Time) bool {
	var text string
	isText := json.Unmarshal(data, &text) == nil // or null
	if !isText {
		text = string(data) // a number, or a value that is not a time
	}
	t.Time = parseTime(strings.TrimSpace(text))
	if !isText || strings.TrimSpace(text) != "" && t.IsZero() {
		at.Mistyped()
	}
	return true
}

// timeLayouts are the layouts that parseTime accepts, the usual ones first. Each accepts fractions of a second.
var timeLayouts = func() (layouts []string) {
	for _, date := range []string{"2006-01-02T", "2006-01-02 ", "Mon, 02 Jan 2006 "} {
		for _, clock := range []string{"15:04:05", "15:04"} {
			for _, zone := range []string{"Z07:00", "Z0700", "Z07", ""} {
				layouts = append(layouts, date+clock+zone)
			}
		}
	}
	return append(layouts, "20060102T150405Z0700", "20060102T150405", time.DateOnly)
}()

// parseTime returns the time that text holds, or the zero time.
func parseTime(text string) time.Time {
	if moment, ok := unixTime(text); ok {
		return moment
	}
	text = zoneVariants.Replace(strings.ToUpper(text))
	for _, layout := range timeLayouts {
		if parsed, err := time.Parse(layout, text); err == nil {
			return parsed
		}
	}
	return time.Time{}
}

// zoneVariants brings a zone into a form that a layout accepts.
var zoneVariants = strings.NewReplacer(" UTC", "Z", " GMT", "Z", " Z", "Z", " +", "+", " -", "-")

// minUnixTime is the smallest number of seconds that is read as a time, in March 1973. A smaller number is more likely
// something else.
const minUnixTime = 1e8

// unixTime returns the time of a number in Unix seconds, milliseconds, microseconds or nanoseconds, and reports whether
// text is such a number.
func unixTime(text string) (time.Time, bool) {
	if strings.ContainsAny(text, "eE") {
		if value, err := strconv.ParseFloat(text, 64); err == nil {
			text = strconv.FormatFloat(value, 'f', -1, 64)
		}
	}
	whole, fraction, _ := strings.Cut(text, ".")
	count, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || count < minUnixTime {
		return time.Time{}, false
	}
	part, err := strconv.ParseFloat("0."+fraction, 64)
	if err != nil {
		return time.Time{}, false
	}
	unit := time.Second
	for limit := int64(1e11); count >= limit && unit > 1; limit *= 1000 { // as seconds, in the year 5138
		unit /= 1000
	}
	perSecond := int64(time.Second / unit)
	moment := time.Unix(count/perSecond, count%perSecond*int64(unit))
	return moment.Add(time.Duration(math.Round(part * float64(unit)))).UTC(), true
}

// MarshalJSON implements [json.Marshaler]. A year outside 0 to 9999, which RFC 3339 cannot express, is encoded as "".
func (t Time) MarshalJSON() ([]byte, error) {
	utc := t.UTC()
	if year := utc.Year(); year < 0 || year > 9999 {
		return []byte(`""`), nil
	}
	return utc.MarshalJSON()
}
