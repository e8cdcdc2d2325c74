package conversationtest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestReportsAreAsThePlatformHasThem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
		hooked(srv, "", conversation.TriggerMessageDelivery)
		id := sendText(t, srv, "hello")
		message, err := srv.NewClient(t).Messages.Get(t.Context(), id)
		require.NoError(t, err)

		require.NoError(t, srv.QueueOnChannel(id))
		require.NoError(t, srv.Deliver(id))
		require.NoError(t, srv.Read(id))
		require.NoError(t, srv.Fail(id, conversation.Reason{
			Code: "CHANNEL_REJECT", Description: "Too large", SubCode: "ATTACHMENT_REJECTED", ChannelCode: "42",
		}))
		require.NoError(t, srv.Fail(id, conversation.Reason{}))

		report := func(status, more string) string {
			return `"message_metadata": "order 7", "message_delivery_report": {"message_id": "` + id + `", "status": "` + status + `",
				"conversation_id": "` + message.ConversationID + `", "contact_id": "` + message.ContactID + `",
				"channel_identity": ` + phoneJSON + `, "metadata": "order 7", "processing_mode": "CONVERSATION"` + more + `}`
		}
		checkCallbacks(t, srv, 0,
			conversation.TriggerMessageDelivery, report("QUEUED_ON_CHANNEL", ""),
			conversation.TriggerMessageDelivery, report("DELIVERED", ""),
			conversation.TriggerMessageDelivery, report("READ", ""),
			conversation.TriggerMessageDelivery, report("FAILED", `, "reason": {"code": "CHANNEL_REJECT",
				"description": "Too large", "sub_code": "ATTACHMENT_REJECTED", "channel_code": "42"}`),
			conversation.TriggerMessageDelivery, report("FAILED", `, "reason": {"code": "UNKNOWN", "sub_code": "UNSPECIFIED_SUB_CODE"}`),
		)
	})
}

func TestThereAreNoReportsAboutWhatWasNotSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		hooked(srv, "", conversation.TriggerMessageDelivery)
		fromContact := srv.Receive(sms(), conversationtest.InboundText("hi")).ID

		assert.EqualError(t, srv.Deliver("none"), `conversationtest: cannot report DELIVERED: no message "none" was sent`)
		assert.ErrorContains(t, srv.Read(fromContact), fromContact)
		assert.ErrorContains(t, srv.QueueOnChannel(""), "QUEUED_ON_CHANNEL")
		assert.ErrorContains(t, srv.Fail("none", conversation.Reason{}), "FAILED")
		assert.Empty(t, srv.Callbacks())
	})
}

func TestAMessageOfAnotherProjectCanBeReportedToo(t *testing.T) {
	t.Parallel()
	cfg := conversationtest.Config{Projects: []conversationtest.Project{{ID: "other", AppID: "other-app"}}}
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, cfg)
		client, err := conversation.NewClient("other", srv.OptionsFor(srv.Projects()[1])...)
		require.NoError(t, err)
		sent, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
			AppID: "other-app", Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Message: conversation.Text("hi"),
		})
		require.NoError(t, err)

		assert.NoError(t, srv.Deliver(sent.MessageID))
	})
}

func TestAScriptReportsOnEveryMessage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		script conversationtest.Script
		want   []string
	}{
		"none":    {conversationtest.ScriptNone, nil},
		"deliver": {conversationtest.ScriptDeliver, []string{"QUEUED_ON_CHANNEL", "DELIVERED"}},
		"read":    {conversationtest.ScriptRead, []string{"QUEUED_ON_CHANNEL", "DELIVERED", "READ"}},
		"fail":    {conversationtest.ScriptFail, []string{"QUEUED_ON_CHANNEL", "FAILED"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := inMemory(t, conversationtest.Config{Script: test.script})
				hooked(srv, "", conversation.TriggerMessageSubmit, conversation.TriggerMessageDelivery)
				for range 2 {
					sendText(t, srv, "hello")
					settle(t, srv)
				}

				assert.Equal(t, append(test.want, test.want...), statuses(t, srv))
				assert.Equal(t, conversation.TriggerMessageSubmit, triggersOf(srv)[0])
				for _, callback := range srv.Callbacks() {
					assert.True(t, callback.Delivered)
				}
			})
		})
	}
}

func TestAScriptThatFailsMessagesReportsWhy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Script: conversationtest.ScriptFail})
		hooked(srv, "", conversation.TriggerMessageDelivery)
		sendText(t, srv, "hello")
		settle(t, srv)

		require.Len(t, srv.Callbacks(), 2)
		assert.NotContains(t, payload(t, &srv.Callbacks()[0], "message_delivery_report"), "reason")
		assert.Equal(t, map[string]any{
			"code": "CHANNEL_FAILURE", "sub_code": "UNSPECIFIED_SUB_CODE", "description": "Config.Script is ScriptFail",
		}, payload(t, &srv.Callbacks()[1], "message_delivery_report")["reason"])
	})
}

func TestAScriptWaitsBeforeEachReport(t *testing.T) {
	t.Parallel()
	cfg := conversationtest.Config{Mode: conversation.ProcessingModeConversation, Script: conversationtest.ScriptRead, ScriptDelay: time.Minute}
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, cfg)
		h := hooked(srv, "", conversation.TriggerMessageDelivery)
		sendText(t, srv, "hello")
		settle(t, srv)
		assert.Equal(t, []time.Duration{time.Minute, 2 * time.Minute, 3 * time.Minute}, h.afters())

		gone := sendText(t, srv, "deleted")
		time.Sleep(90 * time.Second)
		require.NoError(t, srv.NewClient(t).Messages.Delete(t.Context(), gone))
		settle(t, srv)
		assert.Len(t, h.all(), 4, "a message that is deleted has no more reports")
	})
}

func TestAnUnknownScriptPanics(t *testing.T) {
	t.Parallel()
	assert.Panics(t, func() { conversationtest.NewServer(conversationtest.Config{InMemory: true, Script: 9}) })
}
