package webhook_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// identified are the payloads with a channel identity.
var identified = []string{
	"message", "message_redaction", "message_submit_notification", "message_delivery_report", "event", "event_delivery_report",
	"record_notification", "unsupported_callback",
}

// identityIn returns the channel identity in the payload of an event.
func identityIn(t *testing.T, event webhook.Event, payload string) (identity *conversation.ChannelIdentity) {
	t.Helper()
	text, err := json.Marshal(event)
	require.NoError(t, err)
	var body map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &body))
	var fields map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(body[payload], &fields))
	if raw, ok := fields["channel_identity"]; ok {
		require.NoError(t, json.Unmarshal(raw, &identity))
	}
	return identity
}

func TestTheChannelIdentityIsFilledFromTheOldForm(t *testing.T) {
	t.Parallel()
	sms := &conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: "15551230000"}
	messenger := &conversation.ChannelIdentity{Channel: conversation.ChannelMessenger, Identity: "27", AppID: "A"}
	for fields, want := range map[string]*conversation.ChannelIdentity{
		`"channel": "SMS", "channel_identity": "15551230000"`:                                       sms,
		`"channel_identity": 15551230000, "channel": "SMS"`:                                         sms,
		`"channel": "SMS", "channel_identity": {"identity": "15551230000", "app_id": ""}`:           sms,
		`"channel": "MESSENGER", "channel_identity": {"identity": "27", "app_id": "A"}`:             messenger,
		`"channel": "MESSENGER", "channel_identity": {"channel": "", "identity": 27, "app_id":"A"}`: messenger,
		`"channel_identity": "15551230000"`:                                                         {Identity: "15551230000"},
		`"channel": "SMS", "channel_identity": ""`:                                                  {Channel: conversation.ChannelSMS},
		`"channel": "SMS", "channel_identity": null`:                                                {Channel: conversation.ChannelSMS},
		`"channel": "SMS"`: {Channel: conversation.ChannelSMS},
		// What must not change:
		`"channel": "RCS", "channel_identity": {"channel": "SMS", "identity": "15551230000"}`: sms,
		`"channel_identity": {"channel": "SMS", "identity": "15551230000"}`:                   sms,
		`"channel_identity": {}`:                    {},
		`"channel_identity": "", "channel": ""`:     nil,
		`"channel_identity": true, "channel": []`:   nil,
		`"channel_identity": ["1"], "channel": {}`:  nil,
		`"identity": "15551230000"`:                 nil,
		`"reply": {"channel": "SMS"}, "text": "hi"`: nil,
	} {
		for _, payload := range identified {
			for _, name := range []string{payload, strings.ToUpper(payload)} {
				event, err := webhook.Parse(fmt.Appendf(nil, `{%q: {"contact_id": "C", %s}, "app_id": "A"}`, name, fields))
				require.NoError(t, err)
				if payload == "unsupported_callback" && want != nil && want.Identity == "" && !strings.Contains(fields, "{}") {
					want = nil // its type has the channel
				}
				assert.Equal(t, want, identityIn(t, event, payload), "%s: %s", name, fields)
			}
		}
	}
}

func TestASmartConversationIsReadInBothForms(t *testing.T) {
	t.Parallel()
	for _, fields := range []string{
		`"channel": "SMS", "channel_identity": "1"`, `"channel_identity": {"channel": "SMS", "identity": "1"}`,
		`"channel": "SMS", "channel_identity": {"channel": "RCS", "identity": 1}`,
	} {
		event := parsedAs[*webhook.SmartConversations](t, `{"smart_conversation_notification": {`+fields+`}}`)
		assert.Equal(t, conversation.ChannelSMS, event.SmartConversationNotification.Channel)
		assert.Equal(t, "1", event.SmartConversationNotification.ChannelIdentity)
	}
}

// TestTheTriggerAndTheChannelMetadataAreKept has them beside the payload of each sample, and inside it.
func TestTheTriggerAndTheChannelMetadataAreKept(t *testing.T) {
	t.Parallel()
	inside := []string{"message", "message_redaction", "message_submit_notification", "message_delivery_report", "event", "event_delivery_report"}
	forms := []string{`{"operator": "O", "id": 12345678901234567890, "deep": [1.50]}`, `"text"`, "5", "true", `[]`, `{}`, "null"}
	for trigger, sample := range samples(t) {
		for _, metadata := range forms {
			var body map[string]any
			require.NoError(t, json.Unmarshal(sample, &body))
			body["channel_metadata"], body["trigger"] = json.RawMessage(metadata), trigger
			for _, name := range inside {
				if payload, ok := body[name].(map[string]any); ok {
					payload["channel_metadata"] = json.RawMessage(metadata)
				}
			}
			text, err := json.Marshal(body)
			require.NoError(t, err)
			event, err := webhook.Parse(text)
			require.NoError(t, err)
			assert.Equal(t, trigger, event.Meta().SentTrigger)
			assert.JSONEq(t, metadata, string(event.Meta().ChannelMetadata))
			again, err := json.Marshal(event)
			require.NoError(t, err)
			assert.JSONEq(t, string(text), string(again))
		}
	}
	report := parsedAs[*webhook.MessageDelivery](t, `{"trigger": "NEWER", "message_delivery_report": {"channel_metadata": {"operator": "O"}}}`)
	assert.Equal(t, conversation.WebhookTrigger("NEWER"), report.SentTrigger)
	assert.Equal(t, conversation.TriggerMessageDelivery, report.Trigger(), "of the type")
	assert.Nil(t, report.ChannelMetadata)
	assert.JSONEq(t, `{"operator": "O"}`, string(report.MessageDeliveryReport.ChannelMetadata))

	unknown := parsedAs[*webhook.Unknown](t, `{"trigger": "FAX", "channel_metadata": [1]}`)
	assert.Equal(t, conversation.WebhookTrigger("FAX"), unknown.SentTrigger)
	assert.JSONEq(t, `[1]`, string(unknown.ChannelMetadata))
	assert.Empty(t, parsedAs[*webhook.Unknown](t, `{"trigger": {"id": 1}}`).SentTrigger, "of another type")
}
