package outbox_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
)

func TestAStringThatIsNotUTF8IsRejectedByField(t *testing.T) {
	t.Parallel()
	encode := func(message conversation.AppMessage) error {
		_, err := outbox.Encode(&conversation.SendMessageRequest{AppID: "A", Recipient: conversation.ToContact("C"), Message: message})
		return err
	}
	for field, message := range map[string]conversation.AppMessage{
		"message.text_message.text":                                conversation.Text("caf\xe9"),
		"message.choice_message.choices[1].postback_data":          conversation.Choices("T", conversation.TextChoice("a", "b"), conversation.TextChoice("c", "\xf0\x9f")),
		"message.template_message.omni_template.parameters.name":   conversation.Template("T", "1", "", map[string]string{"day": "x", "name": "\xff"}),
		"message.template_message.omni_template.parameters.\ufffd": conversation.Template("T", "1", "", map[string]string{"\xff": "x"}),
	} {
		var rejected *conversation.ArgumentError
		require.ErrorAs(t, encode(message), &rejected, field)
		assert.Equal(t, field, rejected.Field)
		assert.Contains(t, rejected.Reason, "UTF-8")
	}
	for _, text := range []string{"café", "🍕", "a\ufffd", `\ufffd`, `\\ufffd`} {
		require.NoError(t, encode(conversation.Text(text)), text)
	}
}
