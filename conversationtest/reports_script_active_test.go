package conversationtest_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// reasonsOf returns the reasons of the delivery reports about messages that have one.
func reasonsOf(t *testing.T, srv *conversationtest.Server) []any {
	t.Helper()
	var reasons []any
	for _, callback := range srv.Callbacks() {
		if reason, ok := payload(t, &callback, "message_delivery_report")["reason"]; ok {
			reasons = append(reasons, reason)
		}
	}
	return reasons
}

func TestARuleHasItsReason(t *testing.T) {
	t.Parallel()
	inABubble(t, conversationtest.Config{Script: conversationtest.ScriptFail}, func(t *testing.T, srv *conversationtest.Server) {
		t.Helper()
		given := conversation.Reason{
			Code: "CHANNEL_REJECT", Description: "Too large", SubCode: "ATTACHMENT_REJECTED", ChannelCode: "42",
		}
		for _, rule := range []conversationtest.ScriptRule{
			{Script: conversationtest.ScriptFail, Times: 1},
			{Script: conversationtest.ScriptFail, Times: 1, Reason: given},
			{Script: conversationtest.ScriptFallback, Times: 1, Reason: conversation.Reason{Description: "RCS is down"}},
			{Script: conversationtest.ScriptRead, Times: 1, Reason: given},
		} {
			srv.Script(rule)
			sendTo(t, srv, nil, conversation.ChannelRCS, conversation.ChannelSMS)
		}
		sendTo(t, srv, nil, conversation.ChannelRCS)
		settle(t, srv)

		reason := func(code, description, subCode string) map[string]any {
			return map[string]any{"code": code, "description": description, "sub_code": subCode}
		}
		rejected := reason("CHANNEL_REJECT", "Too large", "ATTACHMENT_REJECTED")
		rejected["channel_code"] = "42"
		assert.ElementsMatch(t, []any{
			reason("CHANNEL_FAILURE", "ScriptRule.Script is ScriptFail", "UNSPECIFIED_SUB_CODE"),
			rejected,
			reason("CHANNEL_FAILURE", "RCS is down", "UNSPECIFIED_SUB_CODE"),
			reason("CHANNEL_FAILURE", "Config.Script is ScriptFail", "UNSPECIFIED_SUB_CODE"),
		}, reasonsOf(t, srv))
	})
}

// sendTyping sends an event on a channel.
func sendTyping(t *testing.T, srv *conversationtest.Server, channel conversation.Channel) {
	t.Helper()
	_, err := srv.NewClient(t).Events.Send(t.Context(), &conversation.SendEventRequest{
		AppID:     srv.AppID(),
		Recipient: conversation.ToChannel(channel, "15551230000"),
		Event:     conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}},
	})
	require.NoError(t, err)
}

func TestARuleAppliesToEventsToo(t *testing.T) {
	t.Parallel()
	inABubble(t, conversationtest.Config{Script: conversationtest.ScriptDeliver}, func(t *testing.T, srv *conversationtest.Server) {
		t.Helper()
		rule := srv.Script(conversationtest.ScriptRule{
			Script: conversationtest.ScriptFallback, Channel: conversation.ChannelWhatsApp, Times: 2,
			Reason: conversation.Reason{Code: conversation.ReasonRateLimited},
		})
		sendTyping(t, srv, conversation.ChannelRCS)
		sendTyping(t, srv, conversation.ChannelWhatsApp)
		sendTo(t, srv, nil, conversation.ChannelWhatsApp) // A message is counted too.
		sendTyping(t, srv, conversation.ChannelWhatsApp)
		settle(t, srv)

		var ended []any
		for _, callback := range srv.Callbacks() {
			if callback.Trigger == conversation.TriggerEventDelivery {
				report := payload(t, &callback, "event_delivery_report")
				if report["status"] != "QUEUED_ON_CHANNEL" {
					ended = append(ended, report["status"])
				}
				if reason, ok := report["reason"].(map[string]any); ok {
					assert.Equal(t, "RATE_LIMITED", reason["code"])
				}
			}
		}
		assert.ElementsMatch(t, []any{"DELIVERED", "FAILED", "DELIVERED"}, ended)
		assert.ElementsMatch(t, []string{"QUEUED_ON_CHANNEL on WHATSAPP", "FAILED on WHATSAPP"}, reported(t, srv))
		assert.Equal(t, 2, rule.Hits())
	})
}

func TestARuleAppliesToTheMessagesOfABatch(t *testing.T) {
	t.Parallel()
	inABubble(t, conversationtest.Config{Script: conversationtest.ScriptDeliver}, func(t *testing.T, srv *conversationtest.Server) {
		t.Helper()
		rule := srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptFail, Skip: 1, Times: 1})
		batch := sendBatch(t, srv.NewClient(t), batchOf(srv, "15551230000", "15551230001", "15551230002"))
		settle(t, srv)

		last := map[any]any{}
		for _, callback := range srv.Callbacks() {
			report := payload(t, &callback, "message_delivery_report")
			last[report["message_id"]] = report["status"]
			if report["status"] == "FAILED" {
				assert.Equal(t, batch.BatchID, report["batch_id"])
				assert.InDelta(t, 1, report["message_index"], 0)
			}
		}
		ids := srv.Batches()[0].MessageIDs
		assert.Equal(t, []any{"DELIVERED", "FAILED", "DELIVERED"}, []any{last[ids[0]], last[ids[1]], last[ids[2]]})
		assert.Equal(t, 1, rule.Hits())
	})
}

func TestARuleLeavesAMessageAloneThatFailsByItself(t *testing.T) {
	t.Parallel()
	inABubble(t, conversationtest.Config{}, func(t *testing.T, srv *conversationtest.Server) {
		t.Helper()
		_, err := srv.NewClient(t).Apps.Update(t.Context(), srv.AppID(), &conversation.UpdateAppRequest{
			ChannelCredentials: []conversation.ChannelCredential{{
				Channel:      conversation.ChannelSMS,
				StaticBearer: &conversation.StaticBearer{ClaimedIdentity: "shop", Token: "hush"},
			}},
		})
		require.NoError(t, err)
		rule := srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptDeliver})
		sendTo(t, srv, nil, conversation.ChannelRCS)
		settle(t, srv)
		assert.Equal(t, []string{"FAILED on RCS"}, reported(t, srv))
		assert.Zero(t, rule.Hits())
	})
}

func TestARuleAppliesExactlyTimesToConcurrentSends(t *testing.T) {
	t.Parallel()
	inABubble(t, conversationtest.Config{Script: conversationtest.ScriptDeliver}, func(t *testing.T, srv *conversationtest.Server) {
		t.Helper()
		rule := srv.Script(conversationtest.ScriptRule{Script: conversationtest.ScriptFail, Times: 7})
		client := srv.NewClient(t)
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				_, err := client.Messages.Send(t.Context(), hello(srv.AppID()))
				assert.NoError(t, err)
			})
		}
		group.Wait()
		settle(t, srv)
		assert.Len(t, reasonsOf(t, srv), 7)
		assert.Equal(t, 7, rule.Hits())
	})
}
