package conversationtest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// TestEventsNameWhatTheyAreAbout checks what a page needs to show them, also if nothing is stored.
func TestEventsNameWhatTheyAreAbout(t *testing.T) {
	t.Parallel()
	inBothProcessingModes(t, func(t *testing.T, w wire) {
		t.Helper()
		events := listen(t, w.srv, "", "")
		about := func(kind, idField, id, channel string) map[string]any {
			t.Helper()
			data := events.until(kind).data
			assert.Equal(t, []any{w.srv.AppID(), id, channel, "15551230000"},
				[]any{data["app_id"], data[idField], data["channel"], data["identity"]}, kind)
			return data
		}
		sent := w.sendContent(`{"text_message": {"text": "Hi"}}`)
		about("sent", "message_id", sent, "WHATSAPP")
		require.NoError(t, w.srv.QueueOnChannel(sent))
		about("report", "message_id", sent, "WHATSAPP")
		require.NoError(t, w.srv.SwitchChannel(sent))
		assert.Equal(t, "SWITCHING_CHANNEL", about("report", "message_id", sent, "WHATSAPP")["status"])
		require.NoError(t, w.srv.Deliver(sent))
		about("report", "message_id", sent, "SMS")

		received := w.srv.Receive(sms(), conversationtest.InboundText("Ho"))
		about("received", "message_id", received.ID, "SMS")
		about("received", "event_id", w.srv.Composing(sms()), "SMS")
		w.srv.OptOut(sms())
		assert.Equal(t, "SMS", events.until("received").data["channel"])

		var event struct {
			EventID string `json:"event_id"`
		}
		w.call(http.MethodPost, "events:send", `{"app_id": "`+w.srv.AppID()+`", "recipient": `+toTwoChannels+`, "event": `+composing+`}`).decode(&event)
		about("sent", "event_id", event.EventID, "WHATSAPP")
	})
}

func TestReportsOfAnEventNameIt(t *testing.T) {
	t.Parallel()
	for _, mode := range []conversation.ProcessingMode{conversation.ProcessingModeConversation, conversation.ProcessingModeDispatch} {
		srv := start(t, conversationtest.Config{Mode: mode, Script: conversationtest.ScriptDeliver})
		events := listen(t, srv, "", "")
		sent, err := srv.NewClient(t).Events.Send(t.Context(), &conversation.SendEventRequest{
			AppID: srv.AppID(), Recipient: conversation.ToChannel(conversation.ChannelRCS, "15551230000"), Event: composingEvent,
		})
		require.NoError(t, err)
		for _, status := range []string{"QUEUED_ON_CHANNEL", "DELIVERED"} {
			data := events.until("report").data
			assert.Equal(t, []any{srv.AppID(), sent.EventID, "RCS", "15551230000", status},
				[]any{data["app_id"], data["event_id"], data["channel"], data["identity"], data["status"]})
		}
	}
}

// TestWhatAnEventNamesCanBeReadImmediately also checks that the message has the channel after a switch.
func TestWhatAnEventNamesCanBeReadImmediately(t *testing.T) {
	t.Parallel()
	inBothProcessingModes(t, func(t *testing.T, w wire) {
		t.Helper()
		events := listen(t, w.srv, "", "")
		read := func(kind string) messageSeen {
			t.Helper()
			id, ok := events.until(kind).data["message_id"].(string)
			require.True(t, ok)
			return see(t, w.srv, id)
		}
		sent := w.sendContent(`{"text_message": {"text": "Hi"}}`)
		assert.Equal(t, "QUEUED", read("sent").Status)
		require.NoError(t, w.srv.SwitchChannel(sent))
		assert.Equal(t, "SMS", read("report").Channel)
		require.NoError(t, w.srv.Deliver(sent))
		assert.Equal(t, "DELIVERED", read("report").Status)
		w.srv.Receive(sms(), conversationtest.InboundText("Ho"))
		assert.Equal(t, "RECEIVED", read("received").Status)
	})
}
