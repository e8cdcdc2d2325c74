package webhook

import (
	"cmp"
	"strings"

	"github.com/sinchgo/conversation"
)

// Fold returns the status of a message after one more delivery report: the later of the two. Reports can be duplicated
// and out of order. A program that stores what Fold returns ends with the same status in whichever order the reports
// arrive, and a status never goes back.
//
// The order is "" (no report yet), values that this package does not know, QUEUED_ON_CHANNEL, SWITCHING_CHANNEL,
// DELIVERED, FAILED, READ: that of [conversation.DeliveryStatus.Rank], for stores that compare numbers. FAILED comes after
// DELIVERED, and READ comes after FAILED, since a message that was read has arrived. Unknown values are ordered as strings;
// they come first so that they never hide a known value.
func Fold(current, report conversation.DeliveryStatus) conversation.DeliveryStatus {
	later := cmp.Or(
		cmp.Compare(report.Rank(), current.Rank()),
		strings.Compare(string(report), string(current)),
	)
	if later > 0 {
		return report
	}
	return current
}
