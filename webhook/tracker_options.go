package webhook

import "time"

// Defaults of a tracker.
const (
	defaultTrackerSize = 100_000
	defaultTrackerAge  = time.Hour
)

// TrackerOption configures a [Tracker].
type TrackerOption func(*Tracker) error

// WithTrackerSize sets for how many IDs the tracker remembers reports: the one whose last report came longest ago is
// forgotten first. A message with a correlation ID has two. Running waits are not bounded and lose nothing. The default is
// 100,000, which use about 50 MB.
func WithTrackerSize(ids int) TrackerOption {
	return func(t *Tracker) error {
		if ids <= 0 {
			return optionError("WithTrackerSize", "must be above zero: leave the option out for 100,000")
		}
		t.size = ids
		return nil
	}
}

// WithTrackerAge sets how long the tracker remembers the reports about an ID after the last one. The default is 1 hour.
// Only a wait that begins later than that misses them.
func WithTrackerAge(age time.Duration) TrackerOption {
	return func(t *Tracker) error {
		if age <= 0 {
			return optionError("WithTrackerAge", "must be above zero: leave the option out for 1 hour")
		}
		t.age = age
		return nil
	}
}
