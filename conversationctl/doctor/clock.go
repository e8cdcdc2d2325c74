package doctor

import (
	"fmt"
	"net/http"
	"time"
)

const (
	clockWarning = 30 * time.Second
	clockFailure = 5 * time.Minute // receivers reject callbacks that are dated this far ahead
)

// clock compares the clock of this machine with the Date of an answer of the API.
func clock(first firstCall) []Finding {
	ahead, known := first.ahead()
	if !known {
		return nil
	}
	const fix = "synchronise the clock of this machine, with NTP"
	message := fmt.Sprintf("the clock of this machine is %s %s the API's", ahead.Abs().Round(time.Second), direction(ahead))
	switch {
	case ahead.Abs() >= clockFailure:
		return []Finding{failure(checkClock, message+": a receiver rejects callbacks dated more than 5 minutes ahead or 24 hours back", fix)}
	case ahead.Abs() > clockWarning:
		return []Finding{warning(checkClock, message, fix)}
	}
	return []Finding{ok(checkClock, "the clock of this machine is right")}
}

// ahead returns how far the clock here is ahead of the API's. It reports false without an answer of the API.
func (first firstCall) ahead() (ahead time.Duration, known bool) {
	date, err := http.ParseTime(first.response.Header.Get("Date"))
	if err != nil {
		return 0, false
	}
	return aheadOf(date, first.began, first.ended), true
}

// aheadOf returns how far the clock here is ahead of a Date, which was sent between began and ended and has whole seconds.
func aheadOf(date, began, ended time.Time) time.Duration {
	switch {
	case began.After(date.Add(time.Second)):
		return began.Sub(date)
	case ended.Before(date):
		return ended.Sub(date)
	}
	return 0
}

func direction(ahead time.Duration) string {
	if ahead > 0 {
		return "ahead of"
	}
	return "behind"
}
