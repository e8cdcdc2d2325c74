package webhook_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

func TestFieldsAfterAnUnexpectedTypeAreRead(t *testing.T) {
	t.Parallel()
	inbound := parsedAs[*webhook.MessageInbound](t, `{"app_id": 5, "message": {
		"id": {}, "contact_message": {"choice_response_message": {"message_id": [], "postback_data": {"a": 1}}, "text_message": {"text": "hi"}},
		"contact_id": "C"}, "project_id": "P"}`)
	assert.Equal(t, "hi", inbound.Message.ContactMessage.Text())
	assert.JSONEq(t, `{"a": 1}`, inbound.Message.ContactMessage.ChoiceResponseMessage.PostbackData)
	assert.Equal(t, "C", inbound.Message.ContactID)
	assert.Equal(t, "P", inbound.ProjectID)
	assert.Equal(t, "5", inbound.AppID, "the digits of a number")
	assert.Empty(t, inbound.Message.ID)
}

func TestAValueOfAnotherTypeIsConvertedOrLeftOut(t *testing.T) {
	t.Parallel()
	location := parsedAs[*webhook.MessageInbound](t, `{"message": {"id": 5, "injected": "true", "contact_message": {
		"location_message": {"coordinates": {"latitude": "55.6", "longitude": 12.5}, "title": []}}}}`)
	assert.Equal(t, "5", location.Message.ID)
	assert.True(t, location.Message.Injected)
	assert.Equal(t, conversation.Coordinates{Latitude: 55.6, Longitude: 12.5}, location.Message.ContactMessage.LocationMessage.Coordinates)

	report := parsedAs[*webhook.MessageDelivery](t, `{"message_delivery_report": {"reason": "", "channel_identity": [], "status": "DELIVERED"}}`)
	assert.Nil(t, report.MessageDeliveryReport.Reason)
	assert.Nil(t, report.MessageDeliveryReport.ChannelIdentity)
	assert.Equal(t, conversation.DeliveryStatus("DELIVERED"), report.MessageDeliveryReport.Status)
}

func TestNumbersOfFreeFormObjectsKeepTheirDigits(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"channel_event_notification": {"channel_event": {"additional_data": {"id": 9007199254740993}}}}`,
		`{"conversation_start_notification": {"conversation": {"metadata_json": {"id": 9007199254740993}}}}`,
	} {
		event, err := webhook.Parse([]byte(body))
		require.NoError(t, err)
		again, err := json.Marshal(event)
		require.NoError(t, err)
		assert.Contains(t, string(again), `"id":9007199254740993`)
	}
}
