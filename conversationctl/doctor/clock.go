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
	const fix = "synchronize the clock of this machine, with NTP"
	message := fmt.Sprintf("the clock of this machine is %s ahead of the API's", ahead.Round(time.Second))
	consequence := ": a receiver on this machine takes callbacks for older than they are, and rejects those of 24 hours"
	if ahead < 0 {
		message = fmt.Sprintf("the clock of this machine is %s behind the API's", -ahead.Round(time.Second))
		consequence = ": a receiver on this machine rejects callbacks, because they seem to be dated more than 5 minutes ahead"
	}
	switch {
	case ahead.Abs() >= clockFailure:
		return []Finding{failure(checkClock, message+consequence, fix)}
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
	const half = time.Second / 2
	switch {
	case began.After(date.Add(2 * half)):
		return began.Sub(date.Add(half))
	case ended.Before(date):
		return ended.Sub(date.Add(half))
	}
	return 0
}
