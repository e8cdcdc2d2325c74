package relay

import (
	"regexp"
	"strings"
)

// maxReason is the length in bytes at which a reason is cut.
const maxReason = 500

var (
	// international matches a phone number with its plus sign, however it is spaced or percent-encoded.
	international = regexp.MustCompile(`(\+|%2[Bb])[0-9](?:(?:[\s()./\x{2010}-\x{2015}-]|%2[089D-Fd-f]){0,3}[0-9]){6,}`)
	// digits matches a run of digits that is long enough to be a phone number.
	digits = regexp.MustCompile(`[0-9]{7,}`)
)

// redact returns s on one line of at most about 500 bytes, with everything that may be a phone number masked.
func redact(s string) string {
	s = international.ReplaceAllString(strings.Join(strings.Fields(s), " "), "$1*******")
	s = digits.ReplaceAllString(s, "*******")
	if len(s) > maxReason {
		s = strings.ToValidUTF8(s[:maxReason], "") + "..."
	}
	return s
}
