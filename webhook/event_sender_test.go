package webhook_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// answerable are the payloads of events that have a sender.
var answerable = []string{"message", "message_redaction", "event", "unsupported_callback"}

func senderOf(t *testing.T, body string) conversation.Recipient {
	t.Helper()
	event, err := webhook.Parse([]byte(body))
	require.NoError(t, err)
	answerable, ok := event.(interface{ Sender() conversation.Recipient })
	require.True(t, ok, "%T", event)
	return answerable.Sender()
}

func TestTheSenderIsTheContactElseTheChannelIdentity(t *testing.T) {
	t.Parallel()
	sms := conversation.ToChannel(conversation.ChannelSMS, "15551230000")
	for fields, want := range map[string]conversation.Recipient{
		`"contact_id": "C", "channel_identity": {"channel": "SMS", "identity": "15551230000"}`: conversation.ToContact("C"),
		`"contact_id": "C"`: conversation.ToContact("C"),
		`"contact_id": "", "channel_identity": {"channel": "SMS", "identity": "15551230000"}`:                            sms,
		`"processing_mode": "DISPATCH", "channel_identity": {"channel": "SMS", "identity": "15551230000", "app_id": ""}`: sms,
		`"channel": "SMS", "channel_identity": "15551230000"`:                                                            sms,
		`"channel_identity": {"channel": "MESSENGER", "identity": "27", "app_id": "A"}`: conversation.ToChannels(
			conversation.ChannelIdentity{Channel: conversation.ChannelMessenger, Identity: "27", AppID: "A"}),
		`"id": "X"`:        {},
		`"channel": "SMS"`: {},
		`"channel_identity": {"channel": "SMS", "identity": ""}`: {},
		`"contact_id": null, "channel_identity": null`:           {},
	} {
		for _, payload := range answerable {
			assert.Equal(t, want, senderOf(t, `{"`+payload+`": {`+fields+`}}`), "%s: %s", payload, fields)
		}
	}
	for fields, want := range map[string]conversation.Recipient{
		`"contact_id": "C", "channel": "SMS", "identity": "15551230000"`: conversation.ToContact("C"),
		`"contact_id": "", "channel": "SMS", "identity": "15551230000"`:  sms,
		`"status": "OPT_IN_SUCCEEDED"`:                                   {},
	} {
		assert.Equal(t, want, senderOf(t, `{"opt_in_notification": {`+fields+`}}`), fields)
	}
}

func TestTheSenderIsACopy(t *testing.T) {
	t.Parallel()
	e := parsedAs[*webhook.MessageInbound](t, `{"message": {"channel_identity": {"channel": "SMS", "identity": "15551230000"}}}`)
	e.Sender().IdentifiedBy.ChannelIdentities[0].Identity = "changed"
	assert.Equal(t, "15551230000", e.Message.ChannelIdentity.Identity)
}
