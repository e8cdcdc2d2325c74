package pgconversation

import (
	"context"
	"strings"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/webhook"
)

// Fold records what a callback reports about the entry whose ID its correlation_id or its message_metadata has: that it was accepted, and its
// delivery. It ignores other callbacks. Reports may be duplicated and out of order. The [Inbox] calls it; it is for programs that
// receive callbacks otherwise:
//
//	webhook.On(receiver, func(ctx context.Context, event *webhook.MessageDelivery) error { return pgconversation.Fold(ctx, pool, event) })
func Fold(ctx context.Context, db DB, event webhook.Event) error {
	if err := checkDB(opFold, db); err != nil {
		return err
	}
	return inCall(opFold, foldDelivery(ctx, db, outbox.ReportOf(event)))
}

// foldDelivery records a report. An entry whose outcome is not known, or that was given up, becomes accepted. So does one that was queued again
// after an attempt, unless the message of that attempt failed: it need not be sent twice. A later status replaces the delivery of an accepted one,
// unless it is the failure of another message: one that was sent again because its outcome was unknown.
func foldDelivery(ctx context.Context, db DB, said outbox.Report) error {
	if said.ID == "" || len(said.ID) > maxID || strings.Contains(said.ID, "\x00") {
		return nil // no entry has it
	}
	_, err := db.Exec(ctx, `
		UPDATE conversation_outbox SET
			message_id = CASE WHEN state = 'accepted' AND message_id <> '' THEN message_id ELSE $2 END,
			state = 'accepted', at = clock_timestamp(), reason = '', message = NULL,
			delivery = $3, delivery_rank = $4, delivery_reason = $5
		WHERE id = $1 AND (
			state IN ('attempting', 'unknown', 'dropped')
			OR state = 'queued' AND attempts > 0 AND NOT $6
			OR state = 'accepted' AND $3 <> ''
				AND (delivery_rank, delivery COLLATE "C") < ($4, $3 COLLATE "C")
				AND NOT ($6 AND message_id <> '' AND $2 <> '' AND message_id <> $2)
		) IS TRUE`,
		said.ID, withoutNUL(said.MessageID), withoutNUL(string(said.Delivery)), said.Delivery.Rank(), withoutNUL(said.Reason),
		said.Delivery == conversation.DeliveryStatusFailed)
	return err
}

// withoutNUL returns text without NUL, which PostgreSQL cannot store.
func withoutNUL(text string) string { return strings.ReplaceAll(text, "\x00", "") }
