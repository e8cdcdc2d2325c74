package pgconversation_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/pgconversation"
	"github.com/sinchgo/conversation/webhook"
)

const (
	onChannel = conversation.DeliveryStatusQueuedOnChannel
	switching = conversation.DeliveryStatusSwitchingChannel
	delivered = conversation.DeliveryStatusDelivered
	failed    = conversation.DeliveryStatusFailed
	read      = conversation.DeliveryStatusRead
)

// folded is what callbacks change of an entry.
type folded struct {
	State, MessageID, Reason string
	Message                  []byte
	Delivery                 conversation.DeliveryStatus
	DeliveryReason           string
}

// insertEntry inserts an entry in a state, as workers leave it.
func insertEntry(t *testing.T, pool *pgxpool.Pool, id string, state pgconversation.State, messageID string) {
	t.Helper()
	_, err := pool.Exec(t.Context(), `
		INSERT INTO conversation_outbox (id, state, app, job, sum, message, message_id, reason, token) VALUES ($1, $2, 'A', 1, '', 'M', $3, 'why', 7)`,
		id, state, messageID)
	require.NoError(t, err)
}

func entryOf(t *testing.T, pool *pgxpool.Pool, id string) folded {
	t.Helper()
	var e folded
	require.NoError(t, pool.QueryRow(t.Context(), `
		SELECT state, message_id, reason, message, delivery, delivery_reason FROM conversation_outbox WHERE id = $1`, id).
		Scan(&e.State, &e.MessageID, &e.Reason, &e.Message, &e.Delivery, &e.DeliveryReason))
	return e
}

// reportOn returns a delivery report; one without a status reports that the message was submitted.
func reportOn(id string, status conversation.DeliveryStatus, messageID string) webhook.Event {
	envelope := webhook.Envelope{CorrelationID: id}
	if status == "" {
		return &webhook.MessageSubmit{Envelope: envelope, MessageSubmitNotification: conversation.MessageSubmitNotification{MessageID: messageID}}
	}
	report := conversation.MessageDeliveryReport{MessageID: messageID, Status: status}
	if status == failed {
		report.Reason = &conversation.Reason{Code: "CHANNEL_FAILURE", Description: "no +46701234567"}
	}
	return &webhook.MessageDelivery{Envelope: envelope, MessageDeliveryReport: report}
}

func TestReportsAreFoldedIntoTheEntry(t *testing.T) {
	t.Parallel()
	pool := newDatabase(t)
	type report struct {
		status  conversation.DeliveryStatus
		message string
	}
	const accepted = pgconversation.StateAccepted
	for name, tt := range map[string]struct {
		state     pgconversation.State
		messageID string
		reports   []report
		want      conversation.DeliveryStatus
		becomes   pgconversation.State
		message   string
	}{
		"in order":      {accepted, "M", []report{{onChannel, "M"}, {delivered, "M"}, {read, "M"}}, read, accepted, "M"},
		"out of order":  {accepted, "M", []report{{delivered, "M"}, {onChannel, "M"}, {delivered, "M"}}, delivered, accepted, "M"},
		"failed":        {accepted, "M", []report{{onChannel, "M"}, {failed, "M"}}, failed, accepted, "M"},
		"unknown value": {accepted, "M", []report{{"NEWER", "M"}, {"NEW", "M"}}, "NEWER", accepted, "M"},
		"no message id": {accepted, "", []report{{delivered, "N"}}, delivered, accepted, "N"},
		"of unknown":    {pgconversation.StateUnknown, "", []report{{delivered, "N"}}, delivered, accepted, "N"},
		"of dropped":    {pgconversation.StateDropped, "M", []report{{"", "N"}, {read, "N"}}, read, accepted, "N"},
		"of attempting": {pgconversation.StateAttempting, "", []report{{onChannel, "N"}}, onChannel, accepted, "N"},
		"of queued":     {pgconversation.StateQueued, "", []report{{delivered, "N"}}, "", pgconversation.StateQueued, ""},
		"of rejected":   {pgconversation.StateRejected, "", []report{{delivered, "N"}}, "", pgconversation.StateRejected, ""},
		"of cancelled":  {pgconversation.StateCancelled, "", []report{{delivered, "N"}}, "", pgconversation.StateCancelled, ""},
		"of expired":    {pgconversation.StateExpired, "", []report{{delivered, "N"}}, "", pgconversation.StateExpired, ""},
		"a failure of a message that was sent again":  {accepted, "M", []report{{delivered, "M"}, {failed, "N"}}, delivered, accepted, "M"},
		"a delivery of a message that was sent again": {accepted, "M", []report{{onChannel, "M"}, {delivered, "N"}}, delivered, accepted, "M"},
		"submitted only": {accepted, "M", []report{{"", "M"}}, "", accepted, "M"},
		"with NUL":       {accepted, "M", []report{{"NEW\x00ER", "M"}}, "NEWER", accepted, "M"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			insertEntry(t, pool, name, tt.state, tt.messageID)
			insertEntry(t, pool, "not "+name, tt.state, tt.messageID)
			another := entryOf(t, pool, "not "+name)
			for _, said := range tt.reports {
				require.NoError(t, pgconversation.Fold(t.Context(), pool, reportOn(name, said.status, said.message)))
			}
			got := entryOf(t, pool, name)
			assert.Equal(t, tt.want, got.Delivery)
			assert.Equal(t, string(tt.becomes), got.State)
			assert.Equal(t, tt.message, got.MessageID)
			assert.Equal(t, tt.want == failed, got.DeliveryReason != "")
			assert.NotContains(t, got.DeliveryReason, "467")
			if tt.state != accepted && tt.becomes == accepted {
				assert.Empty(t, got.Message)
				assert.Empty(t, got.Reason)
			}
			assert.Equal(t, another, entryOf(t, pool, "not "+name))
		})
	}
}

// TestReportsEndInTheSameDeliveryInEachOrder permutes them.
func TestReportsEndInTheSameDeliveryInEachOrder(t *testing.T) {
	t.Parallel()
	pool := newDatabase(t)
	n := 0
	for _, statuses := range [][]conversation.DeliveryStatus{
		{onChannel, switching, delivered, failed}, {"", "ZEBRA", "ape", onChannel}, {failed, read, delivered, read}, {"é", "z", "Z", ""},
	} {
		permute(statuses, func(order []conversation.DeliveryStatus) {
			n++
			id := fmt.Sprint("order-", n)
			insertEntry(t, pool, id, pgconversation.StateUnknown, "")
			var want conversation.DeliveryStatus
			for _, status := range order {
				require.NoError(t, pgconversation.Fold(t.Context(), pool, reportOn(id, status, "M")))
				want = webhook.Fold(want, status)
			}
			assert.Equal(t, want, entryOf(t, pool, id).Delivery, "%v", order)
		})
	}
}

// permute calls f with each order of values.
func permute[T any](values []T, f func([]T), chosen ...T) {
	if len(values) == 0 {
		f(chosen)
	}
	for i, value := range values {
		permute(slices.Delete(slices.Clone(values), i, i+1), f, append(slices.Clone(chosen), value)...)
	}
}

func TestTheEntryIsFoundByTheMetadataToo(t *testing.T) {
	t.Parallel()
	pool := newDatabase(t)
	for _, id := range []string{"a", "b"} {
		insertEntry(t, pool, id, pgconversation.StateUnknown, "")
	}
	for _, event := range []webhook.Event{
		&webhook.MessageDelivery{MessageDeliveryReport: conversation.MessageDeliveryReport{MessageID: "N", Status: delivered, Metadata: `{"relay_id":"a"}`}},
		&webhook.MessageDelivery{MessageDeliveryReport: conversation.MessageDeliveryReport{MessageID: "N", Status: delivered}},
		&webhook.MessageInbound{Envelope: webhook.Envelope{CorrelationID: "b"}},
		reportOn("b\x00", delivered, "N"),
	} {
		require.NoError(t, pgconversation.Fold(t.Context(), pool, event))
	}
	assert.Equal(t, delivered, entryOf(t, pool, "a").Delivery)
	assert.Equal(t, string(pgconversation.StateUnknown), entryOf(t, pool, "b").State)
}

// TestAReportOfAnAttemptKeepsAnEntryThatWasQueuedAgainFromBeingSentTwice settles unknown entries by SettleResend, before their callbacks arrive.
func TestAReportOfAnAttemptKeepsAnEntryThatWasQueuedAgainFromBeingSentTwice(t *testing.T) {
	t.Parallel()
	o := newOutbox(t)
	o.insert(pgconversation.Entry{ID: "delivered"}, pgconversation.Entry{ID: "failed"}, pgconversation.Entry{ID: "silent"}, pgconversation.Entry{ID: "new"})
	o.exec(`UPDATE conversation_outbox SET state = 'unknown', attempts = 1, token = 7 WHERE id <> 'new'`)
	for _, id := range []string{"delivered", "failed", "silent"} {
		require.NoError(t, pgconversation.Settle(t.Context(), o.river, o.pool, id, pgconversation.SettleResend))
	}
	require.NoError(t, pgconversation.Fold(t.Context(), o.pool, reportOn("delivered", delivered, "M")))
	require.NoError(t, pgconversation.Fold(t.Context(), o.pool, reportOn("failed", failed, "M")))
	require.NoError(t, pgconversation.Fold(t.Context(), o.pool, reportOn("new", delivered, "M"))) // of another program
	assert.Equal(t, row{State: pgconversation.StateAccepted, MessageID: "M", Attempts: 1}, o.row("delivered"))
	for _, id := range []string{"delivered", "failed", "silent", "new"} {
		o.completes(o.worker, o.job(id))
		assert.Equal(t, pgconversation.StateAccepted, o.row(id).State)
	}
	assert.Equal(t, []string{"failed", "silent", "new"}, sentIDs(o))
}

// sentIDs returns the IDs of the entries that were sent, in order.
func sentIDs(o *outboxTest) []string {
	var ids []string
	for _, sent := range o.srv.Sent() {
		ids = append(ids, sent.Request.CorrelationID)
	}
	return ids
}
