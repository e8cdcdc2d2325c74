package webhook_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

func TestAStatusOfABatchIsAnEvent(t *testing.T) {
	t.Parallel()
	const body = `{"app_id": "A", "accepted_time": "2026-11-28T12:00:01Z", "project_id": "P", "message_metadata": "",
		"batch_status_update_notification": {"batch_id": "B", "batch_status": "BATCH_STATUS_PROCESSED", "batch_type": "BATCH_TYPE_MESSAGES",
		"error_status": "NONE", "additional_data": {"message_batch_data": {"send_after": "2026-11-28T12:00:00Z",
		"batch_metadata": {"key": "K", "order": 9007199254740993}}}}}`
	receiver, err := webhook.NewReceiver(webhook.WithoutVerification())
	require.NoError(t, err)
	var got *webhook.BatchStatusUpdate
	webhook.On(receiver, func(_ context.Context, e *webhook.BatchStatusUpdate) error {
		got = e
		return nil
	})
	answer := httptest.NewRecorder()
	receiver.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body)))
	require.Equal(t, http.StatusOK, answer.Code)

	require.NotNil(t, got)
	assert.Equal(t, conversation.TriggerBatchStatusUpdate, got.Trigger())
	notification := got.BatchStatusUpdateNotification
	assert.Equal(t, "B", notification.BatchID)
	assert.Equal(t, conversation.BatchUpdateStatusProcessed, notification.BatchStatus)
	assert.Equal(t, conversation.BatchTypeMessages, notification.BatchType)
	data := notification.AdditionalData.MessageBatchData
	assert.Equal(t, time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC), data.SendAfter.UTC())
	assert.Equal(t, conversation.JSONObject{"key": "K", "order": json.Number("9007199254740993")}, data.BatchMetadata)
	assert.Contains(t, string(got.Raw), `"error_status": "NONE"`)
}

func TestValuesOfABatchAreOpen(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"batch_status_update_notification": {"batch_status": "BATCH_STATUS_ON_HOLD", "batch_type": "BATCH_TYPE_CONSENTS"}}`,
		`{"batch_status_update_notification": {"batch_status": 7, "additional_data": {"message_batch_data": ""}}}`,
		`{"batch_status_update_notification": {"additional_data": "none", "batch_type": "BATCH_TYPE_CONSENTS"}}`,
	} {
		event := parsedAs[*webhook.BatchStatusUpdate](t, body)
		assert.NotEmpty(t, event.BatchStatusUpdateNotification)
	}
	event := parsedAs[*webhook.BatchStatusUpdate](t, `{"batch_status_update_notification": {"batch_status": "BATCH_STATUS_ON_HOLD"}}`)
	encoded, err := json.Marshal(event)
	require.NoError(t, err)
	assert.Contains(t, string(encoded), `"batch_status":"BATCH_STATUS_ON_HOLD"`)
}

// TestAFailedRecipientOfABatchIsNamed has the first recipient, whose index must not be taken for an absent one.
func TestAFailedRecipientOfABatchIsNamed(t *testing.T) {
	t.Parallel()
	report := parsedAs[*webhook.MessageDelivery](t,
		`{"message_delivery_report": {"status": "FAILED", "batch_id": "B", "message_index": 0}}`).MessageDeliveryReport
	assert.Equal(t, "B", report.BatchID)
	require.NotNil(t, report.MessageIndex)
	assert.Zero(t, *report.MessageIndex)

	report = parsedAs[*webhook.MessageDelivery](t, `{"message_delivery_report": {"batch_id": "B", "message_index": "17"}}`).MessageDeliveryReport
	require.NotNil(t, report.MessageIndex)
	assert.Equal(t, 17, *report.MessageIndex)

	report = parsedAs[*webhook.MessageDelivery](t, `{"message_delivery_report": {"status": "FAILED"}}`).MessageDeliveryReport
	assert.Nil(t, report.MessageIndex)
}
