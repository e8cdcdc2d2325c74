package conversationtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestTranscodingShowsWhatAMessageHasForAChannel(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		message := conversation.Text("for all")
		message.ExplicitChannelMessage = map[conversation.Channel]string{conversation.ChannelViber: `{"type": "raw & own"}`}
		message.ChannelSpecificMessage = decoded[map[conversation.Channel]conversation.ChannelSpecificMessage](
			`{"LINE": {"message_type": "NOTIFICATION_MESSAGE_TEMPLATE", "message": {"template_key": "key"}}}`)
		message.ExplicitChannelOmniMessage = map[conversation.ChannelSpecificTemplate]conversation.OmniMessageOverride{
			conversation.ChannelSpecificTemplateWhatsApp: {MediaMessage: &conversation.MediaMessage{URL: "https://example.com/"}},
			conversation.ChannelSpecificTemplateWeChat:   {TemplateReference: &conversation.OmniTemplate{TemplateID: "T", Version: "1"}},
		}
		shown, err := client.Transcoding.Transcode(t.Context(), &conversation.TranscodeRequest{
			AppID: srv.AppID(), AppMessage: message, Channels: []conversation.Channel{
				conversation.ChannelSMS, conversation.ChannelViber, conversation.ChannelLINE, conversation.ChannelWhatsApp, conversation.ChannelWeChat,
			},
		})
		require.NoError(t, err)
		line := shown.TranscodedMessage["LINE"]
		assert.JSONEq(t, `{"message_type": "NOTIFICATION_MESSAGE_TEMPLATE", "message": {"template_key": "key"}}`, line)
		delete(shown.TranscodedMessage, "LINE")
		assert.Equal(t, map[string]string{
			"SMS":      `{"type":"text","text":"for all"}`,
			"VIBER":    `{"type": "raw & own"}`,
			"WHATSAPP": `{"type":"media","url":"https://example.com/"}`,
			"WECHAT":   `{"type":"template","template_id":"T","version":"1"}`,
		}, shown.TranscodedMessage)
	})
}
