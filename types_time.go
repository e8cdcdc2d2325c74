package conversation

import (
	"encoding/json"
	"strings"
	"time"
)

// Time is a point in time in the API's JSON. It decodes RFC 3339, and a time without a zone as UTC. It decodes null, the
// empty string and everything else as the zero Time, so that one malformed time never fails a whole response. It encodes
// RFC 3339 in UTC.
type Time struct{ time.Time }

// NewTime returns moment as a Time, for the filters of lists and for injected messages and events.
func NewTime(moment time.Time) Time { return Time{Time: moment} }

// UnmarshalJSON implements [json.Unmarshaler]. It never returns an error.
func (t *Time) UnmarshalJSON(data []byte) error {
	if string(data) != "null" && t.Time.UnmarshalJSON(data) == nil { // the usual case
		return nil
	}
	var text string
	_ = json.Unmarshal(data, &text) // anything but a string leaves text empty
	t.Time = parseTime(strings.TrimSpace(text))
	return nil
}

// parseTime parses the layouts that the API has been seen to use, the usual one first. Each accepts fractions of a
// second.
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

// MarshalJSON implements [json.Marshaler]. A year outside 0 to 9999, which RFC 3339 cannot express, is encoded as "".
func (t Time) MarshalJSON() ([]byte, error) {
	utc := t.UTC()
	if year := utc.Year(); year < 0 || year > 9999 {
		return []byte(`""`), nil
	}
	return utc.MarshalJSON()
}
