package webhook

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sinchgo/conversation"
)

// Fold returns the status of a message after one more delivery report: the later of the two. Reports can be duplicated
// and out of order. A program that stores what Fold returns ends with the same status in whichever order the reports
// arrive, and a status never goes back.
//
// The order is "" (no report yet), values that this package does not know, QUEUED_ON_CHANNEL, SWITCHING_CHANNEL,
// DELIVERED, FAILED, READ. FAILED and READ are final. FAILED comes after DELIVERED, and READ comes after FAILED, since a
// message that was read has arrived. Unknown values are ordered as strings; they come first so that they never hide a
// known value.
func Fold(current, report conversation.DeliveryStatus) conversation.DeliveryStatus {
	later := cmp.Or(
		cmp.Compare(rank(report), rank(current)),
		strings.Compare(string(report), string(current)),
	)
	if later > 0 {
		return report
	}
	return current
}

// rank returns the place of a status in the order, or -1 if the status is not known.
func rank(status conversation.DeliveryStatus) int {
	return slices.Index([]conversation.DeliveryStatus{
		conversation.DeliveryStatusQueuedOnChannel,
		conversation.DeliveryStatusSwitchingChannel,
		conversation.DeliveryStatusDelivered,
		conversation.DeliveryStatusFailed,
		conversation.DeliveryStatusRead,
	}, status)
}
