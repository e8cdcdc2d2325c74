package webhook

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
)

// Fold gives the status of a message after one more delivery report: the further of the two. Reports come twice and out
// of order, so a program that stores what Fold gives ends with the same status whichever way they came, and a status
// never goes back.
//
// The order is "" (no report yet), values that this package does not know, QUEUED_ON_CHANNEL, SWITCHING_CHANNEL,
// DELIVERED, FAILED, READ. FAILED and READ are final. FAILED stands after DELIVERED, and READ stands after FAILED, since
// what was read has arrived. Unknown values are ordered as texts among themselves; they come first so that they never
// hide a value that is known.
func Fold(current, report conversation.DeliveryStatus) conversation.DeliveryStatus {
	further := cmp.Or(
		cmp.Compare(progress(report), progress(current)),
		strings.Compare(string(report), string(current)),
	)
	if further > 0 {
		return report
	}
	return current
}

// progress is how far a message with a status has come; -1 when the status is not known.
func progress(status conversation.DeliveryStatus) int {
	return slices.Index([]conversation.DeliveryStatus{
		conversation.DeliveryStatusQueuedOnChannel,
		conversation.DeliveryStatusSwitchingChannel,
		conversation.DeliveryStatusDelivered,
		conversation.DeliveryStatusFailed,
		conversation.DeliveryStatusRead,
	}, status)
}
