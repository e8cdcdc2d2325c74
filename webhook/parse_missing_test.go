package webhook_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// TestAReasonThatIsEmptyIsNil has the form of delivery reports in which every field is written.
func TestAReasonThatIsEmptyIsNil(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{`""`, "null", `"the phone is off"`, "0", "false", "[]"} {
		message := parsedAs[*webhook.MessageDelivery](t, `{"message_delivery_report": {"reason": `+reason+`, "status": "DELIVERED"}}`)
		assert.Nil(t, message.MessageDeliveryReport.Reason, reason)
		assert.Equal(t, conversation.DeliveryStatusDelivered, message.MessageDeliveryReport.Status)
		event := parsedAs[*webhook.EventDelivery](t, `{"event_delivery_report": {"status": "DELIVERED", "reason": `+reason+`}}`)
		assert.Nil(t, event.EventDeliveryReport.Reason, reason)
		record := parsedAs[*webhook.RecordNotification](t, `{"record_notification": {"entity_id": "E", "reason": `+reason+`}}`)
		assert.Nil(t, record.RecordNotification.Reason, reason)
	}
	failed := parsedAs[*webhook.MessageDelivery](t, `{"message_delivery_report": {"reason": {"code": "BAD_REQUEST", "description": ""}}}`)
	assert.Equal(t, &conversation.Reason{Code: conversation.ReasonBadRequest}, failed.MessageDeliveryReport.Reason)
}
