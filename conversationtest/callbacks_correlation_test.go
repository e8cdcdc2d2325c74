package conversationtest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheCorrelationIDOfASendIsInItsCallbacksAndInTheAnswers(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	w.srv.Handle(hookURL, newListener())
	w.srv.AddWebhook(hookURL, "", conversation.TriggerMessageSubmit, conversation.TriggerMessageDelivery,
		conversation.TriggerMessageInbound, conversation.TriggerEventInbound)
	say(w.srv, "before")
	id := w.send(`{"correlation_id": "c-7", "app_id": "` + w.srv.AppID() + `",
		"recipient": {"identified_by": {"channel_identities": [` + phoneJSON + `]}}, "message": {"text_message": {"text": "x"}}}`)
	require.NoError(t, w.srv.Deliver(id))
	say(w.srv, "after")
	w.srv.Composing(conversationtest.From(conversation.ChannelSMS, "15551230000"))
	settle(t, w.srv)

	for i, callback := range w.srv.Callbacks() {
		has := assert.Contains
		if i == 0 {
			has = assert.NotContains
		}
		has(t, string(callback.Body), `"correlation_id":"c-7"`)
	}
	assert.Len(t, w.srv.Callbacks(), 5)
	w.call(http.MethodPost, "messages:send", `{"correlation_id": 7}`).fails(http.StatusBadRequest, "INVALID_ARGUMENT", "")
}

func TestAMergeLeavesTheCorrelationID(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	w.srv.Handle(hookURL, newListener())
	w.srv.AddWebhook(hookURL, "", conversation.TriggerMessageDelivery)
	id := w.send(`{"correlation_id": "c-7", "app_id": "` + w.srv.AppID() + `",
		"recipient": {"identified_by": {"channel_identities": [` + phoneJSON + `]}}, "message": {"text_message": {"text": "x"}}}`)
	w.call(http.MethodPost, "contacts:merge", `{"destination_id": "`+w.contact("15551230001")+`",
		"source_id": "`+w.of("messages/"+id, "contact_id")+`"}`)

	require.NoError(t, w.srv.Deliver(id))
	settle(t, w.srv)

	require.Len(t, w.srv.Callbacks(), 1)
	assert.Contains(t, string(w.srv.Callbacks()[0].Body), `"correlation_id":"c-7"`)
}
