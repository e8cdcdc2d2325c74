package conversationtest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// These messages have kinds and fields that only the live platform has.
var platformMessages = map[string]string{
	"choice": `{"choice_message": {"text_message": {"text": "Tea?"}, "choices": [{"url_message": {"title": "Shop", "url": "https://example.com/?a=1&b=<2>"}}]}}`,
	"list":   `{"list_message": {"title": "Teas", "sections": [{"items": [{"choice": {"title": "Sencha", "description": "green", "postback_data": "s"}}]}]}}`,
	"card":   `{"card_message": {"title": "Tea", "height": "TALL", "choices": [{"call_message": {"title": "Call", "phone_number": "1"}}]}}`,
	"media":  `{"media_message": {"url": "https://example.com/tea.jpg", "filename_override": "tea.jpg"}, "explicit_channel_message": {"SMS": "{}"}}`,
}

func TestAMessageIsReadBackAsItWasSent(t *testing.T) {
	t.Parallel()
	for name, message := range platformMessages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
			contact := w.contact("15551230000")
			id := w.send(`{"app_id": "` + w.srv.AppID() + `", "recipient": {"contact_id": "` + contact + `"}, "message": ` + message + `}`)

			assertContent(t, message, w.get("messages/"+id))
			listed, _ := w.get("messages")["messages"].([]any)
			require.Len(t, listed, 1)
			first, _ := listed[0].(map[string]any)
			assertContent(t, message, first)
			assert.Equal(t, w.get("messages/"+id), first)

			other := w.contact("15551230001")
			w.call(http.MethodPost, "contacts/"+other+":merge", `{"source_id": "`+contact+`"}`).decode(new(any))
			moved := w.get("messages/" + id)
			assertContent(t, message, moved)
			assert.Equal(t, other, moved["contact_id"])
		})
	}
}

func TestEveryKindOfMessageIsInTheLedgerInEitherDialect(t *testing.T) {
	t.Parallel()
	for dialect, contract := range contractOf {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()
			srv := conversationtest.NewServer(conversationtest.Config{Contract: contract})
			t.Cleanup(srv.Close)
			client := srv.NewClient(t)
			for _, message := range fullMessages() {
				_, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
					AppID: srv.AppID(), Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Message: message,
				})
				require.NoError(t, err)
				ledger := srv.Sent()
				assert.Equal(t, message, ledger[len(ledger)-1].Request.Message)
			}
		})
	}
}

func assertContent(t *testing.T, want string, message map[string]any) {
	t.Helper()
	got, err := json.Marshal(message["app_message"])
	require.NoError(t, err)
	assert.JSONEq(t, want, string(got))
}

func TestAMessageThatIsNotAnObjectIsRejected(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	for _, message := range []string{`null`, `"text"`, `[]`} {
		body := strings.Replace(w.text("", "15551230000"), `{"text_message": {"text": ""}}`, message, 1)
		w.call(http.MethodPost, "messages:send", body).fails(http.StatusBadRequest, "INVALID_ARGUMENT", "message")
	}
}
