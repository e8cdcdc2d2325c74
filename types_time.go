package conversation

import (
	"encoding/json"
	"strings"
	"time"
)

// Time is a point in time as the API writes it. It reads RFC 3339, takes a time without a zone as UTC, and reads
// null, the empty string and anything it cannot make sense of as the zero Time, so that one odd time never fails a
// whole reply. It writes RFC 3339 in UTC.
type Time struct{ time.Time }

// NewTime makes a Time, for filters of lists and times of injected things.
func NewTime(moment time.Time) Time { return Time{Time: moment} }

// UnmarshalJSON implements [json.Unmarshaler]. It never returns an error.
func (t *Time) UnmarshalJSON(data []byte) error {
	if string(data) != "null" && t.Time.UnmarshalJSON(data) == nil { // as nearly all are written
		return nil
	}
	var text string
	_ = json.Unmarshal(data, &text) // anything but a string leaves text empty
	t.Time = parseTime(strings.TrimSpace(text))
	return nil
}

// parseTime reads the forms in which times have been seen, the usual one first. Fractions of a second are read with
// each.
func parseTime(text string) time.Time {
	for _, layout := range []string{
		time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04:05Z07", "2006-01-02 15:04:05Z07:00", time.DateTime,
	} {
		if parsed, err := time.Parse(layout, text); err == nil {
			return parsed
		}
	}
	return time.Time{}
}

// MarshalJSON implements [json.Marshaler]. A time whose year has no four digits, which RFC 3339 cannot write, becomes "".
func (t Time) MarshalJSON() ([]byte, error) {
	utc := t.UTC()
	if year := utc.Year(); year < 0 || year > 9999 {
		return []byte(`""`), nil
	}
	return utc.MarshalJSON()
}
