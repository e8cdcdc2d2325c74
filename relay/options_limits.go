package relay

import (
	"fmt"
	"time"
)

// Limits of the options. A sum of a few of them and of a date of this century fits into 64 bits of nanoseconds.
const (
	// leaseMargin is added to two leases for the shortest time for which an ID must be remembered: a worker crashes between
	// the record of the outcome and the removal of the message, and so does the worker after it.
	leaseMargin  = 10 * time.Second
	minRetention = 2*minLease + leaseMargin
	maxRetention = 100 * 365 * 24 * time.Hour
	minLease     = time.Second
	maxLease     = 24 * time.Hour
	// maxBackoff limits the wait before a callback is retried.
	maxBackoff = 30 * 24 * time.Hour
	maxTries   = 1_000_000
)

// outlives returns the shortest retention for a lease.
func outlives(lease time.Duration) time.Duration { return 2*lease + leaseMargin }

// checkDuration returns an error with the bounds for a duration outside them.
func checkDuration(operation, option string, d, least, most time.Duration) error {
	switch {
	case d < least:
		return argumentError(operation, option, fmt.Sprintf("is %s, below the minimum of %s", d, plain(least)))
	case d > most:
		return argumentError(operation, option, fmt.Sprintf("is %s, above the maximum of %s", d, plain(most)))
	}
	return nil
}

// plain formats a bound without the parts that are zero.
func plain(d time.Duration) string {
	switch {
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d%time.Second == 0:
		return fmt.Sprintf("%ds", d/time.Second)
	}
	return d.String()
}
