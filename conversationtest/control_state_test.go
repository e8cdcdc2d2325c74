package conversationtest_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheStateHasAppsContactsConversationsAndMessages(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	w := wire{t: t, srv: srv}
	srv.AddWebhook(hookURL, "hush", conversation.TriggerMessageInbound)
	shop := w.create("apps", `{"display_name": "Shop", "processing_mode": "DISPATCH",
		"channel_credentials": [{"channel": "RCS", "static_bearer": {"claimed_identity": "shop", "token": "hush"}}]}`)
	id := sendText(t, srv, "Tea?")
	r.post("receive", `{`+from+`, "text": "Yes"}`)

	state := r.get("state")
	assert.Equal(t, srv.ProjectID(), state["project_id"])
	assert.NotEmpty(t, state["now"])
	apps := r.list("state", "apps")
	assert.Equal(t, []any{srv.AppID(), shop}, []any{apps[0]["id"], apps[1]["id"]})
	assert.Equal(t, []any{"CONVERSATION", "DISPATCH"}, []any{apps[0]["processing_mode"], apps[1]["processing_mode"]})
	assert.Equal(t, []any{}, apps[0]["channels"])
	assert.Equal(t, []any{"RCS"}, apps[1]["channels"])
	webhooks, ok := apps[0]["webhooks"].([]any)
	require.True(t, ok)
	assert.Equal(t, hookURL, inside(t, webhooks[0], "target"))
	contact := r.list("state", "contacts")[0]["id"]
	assert.Equal(t, contact, r.list("state", "conversations")[0]["contact_id"])

	messages := r.list("state", "messages")
	assert.Len(t, messages, 2)
	sent := messages[0]
	assert.Equal(t, w.get("messages/"+id), sent["message"])
	delete(sent, "message")
	assert.NotEmpty(t, sent["accept_time"])
	delete(sent, "accept_time")
	assert.NotEmpty(t, sent["conversation_id"])
	delete(sent, "conversation_id")
	assert.Equal(t, jsonObject{
		"id": id, "app_id": srv.AppID(), "contact_id": contact, "channel": "SMS", "identity": "15551230000",
		"direction": "TO_CONTACT", "status": "QUEUED",
		"recipient_channels": []any{"SMS"}, "shown": jsonObject{"text_message": jsonObject{"text": "Tea?"}},
	}, sent)
	assert.Equal(t, "TO_APP", messages[1]["direction"])

	assert.Len(t, r.list("state?app_id="+srv.AppID(), "messages"), 2)
	assert.Empty(t, r.list("state?app_id="+shop, "messages"))
	assert.Empty(t, r.list("state?app_id="+shop, "conversations"))
	assert.Len(t, r.list("state?app_id="+shop, "apps"), 1)
}

func TestTheStateOfDispatchModeHasMessagesWithTheirStatus(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]string{"kept": `, "dispatch_retention_policy": {"retention_type": "MESSAGE_EXPIRE_POLICY", "ttl_days": 7}`, "not kept": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, r := steered(t, conversationtest.Config{Mode: conversation.ProcessingModeDispatch})
			w := wire{t: t, srv: srv}
			w.patch("apps/"+srv.AppID()+"?update_mask=dispatch_retention_policy", `{"display_name": "Test app"`+policy+`}`)
			read, failed := sendText(t, srv, "one"), sendText(t, srv, "two")
			r.post("receive", `{`+from+`, "text": "three"}`)
			r.post("read", `{"message_id": "`+read+`"}`)
			r.post("fail", `{"message_id": "`+failed+`", "description": "Out of reach"}`)

			var seen []any
			messages := r.list("state", "messages")
			for _, message := range messages {
				seen = append(seen, message["id"], message["status"])
			}
			assert.Equal(t, []any{read, "READ", failed, "FAILED"}, seen[:4])
			assert.Equal(t, []any{"RECEIVED"}, seen[5:])
			assert.Contains(t, messages[1]["reason"], "Out of reach")
			assert.NotContains(t, messages[0], "reason")
			assert.NotContains(t, messages[0], "contact_id")
			assert.Empty(t, r.list("state", "contacts"))
		})
	}
}

func TestAnEmptyStateHasEmptyLists(t *testing.T) {
	t.Parallel()
	_, r := steered(t, conversationtest.Config{})
	for _, list := range []string{"contacts", "conversations", "messages", "batches", "opted_out"} {
		assert.Equal(t, []any{}, r.get("state")[list], list)
	}
	assert.Equal(t, []any{}, r.list("state", "apps")[0]["webhooks"])
}

func TestOfTheMessagesOfDispatchModeTheNewestAreRemembered(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{Mode: conversation.ProcessingModeDispatch, LogLimit: 2})
	ids := []string{sendText(t, srv, "1"), sendText(t, srv, "2"), sendText(t, srv, "3")}

	messages := r.list("state", "messages")
	assert.Len(t, messages, 2)
	assert.Equal(t, ids[1], messages[0]["id"])
	assert.ErrorContains(t, srv.Deliver(ids[0]), "was sent")
	assert.NoError(t, srv.Deliver(ids[2]))
}

func TestTheInstanceIsTheSameAfterAResetAndAnotherAfterARestart(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{ProjectID: "shop", KeySecret: "hush"})
	instance := r.get("state")["instance"]
	assert.NotEmpty(t, instance)
	srv.Reset()
	assert.Equal(t, instance, r.get("state")["instance"])
	_, restarted := steered(t, conversationtest.Config{ProjectID: "shop", KeySecret: "hush"})
	assert.NotEqual(t, instance, restarted.get("state")["instance"])
}

func TestTheStateHasTheOptOutsOfEachApp(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{})
	w := wire{t: t, srv: srv}
	shop := w.create("apps", `{"display_name": "Shop", "channel_credentials": [
		{"channel": "RCS", "static_bearer": {"claimed_identity": "shop", "token": "hush"}}]}`)
	rcs := conversationtest.From(conversation.ChannelRCS, "15551230001")
	srv.OptOut(sms())
	srv.OptOut(rcs.To(shop))
	srv.OptOut(rcs)
	srv.OptIn(rcs)
	_, err := srv.NewClient(t).Batches.InsertConsents(t.Context(), &conversation.InsertConsentsRequest{
		AppID: shop, ConsentRecords: []conversation.ConsentRecord{{ConsentType: conversation.ConsentsOptOutAll, Identification: "15551230002"}},
	})
	require.NoError(t, err)

	mine := jsonObject{"app_id": srv.AppID(), "channel": "SMS", "identity": "15551230000"}
	others := []jsonObject{
		{"app_id": shop, "channel": "RCS", "identity": "15551230001"}, {"app_id": shop, "identity": "15551230002"},
	}
	assert.Equal(t, append([]jsonObject{mine}, others...), r.list("state", "opted_out"))
	assert.Equal(t, others, r.list("state?app_id="+shop, "opted_out"))
	srv.Reset()
	assert.Empty(t, r.list("state", "opted_out"))
}

func TestAClientThatStreamsAfterTheLastEventOfTheStateMissesNone(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{})
	assert.InDelta(t, 0, r.get("state")["last_event"], 0)
	received := 0
	for range 20 {
		var contact sync.WaitGroup
		contact.Go(func() {
			for range 20 {
				srv.Receive(sms(), conversationtest.InboundText("hi"))
				received++
			}
		})
		state := r.get("state")
		contact.Wait()
		srv.Advance(time.Second)
		seen := map[any]bool{}
		for _, message := range itemsOf(t, state["messages"]) {
			seen[inside(t, message, "id")] = true
		}
		events := listen(t, srv, fmt.Sprint("?after=", state["last_event"]), "")
		for next := events.next(); next.kind != "clock"; next = events.next() {
			seen[next.data["message_id"]] = true
		}
		require.Len(t, seen, received)
	}
}
