package conversationtest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheReportsOfABatchHaveItsMetadata(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
		t.Helper()
		cfg.Script = conversationtest.ScriptDeliver
		srv := start(t, cfg)
		hooked(srv, "secret", conversation.TriggerMessageDelivery)
		batch := batchOf(srv, "15551230000", "15551230001")
		batch.MessageMetadata = conversation.JSONObject{"sale": "a"}
		batch.RecipientAndParams[1].MessageMetadata = conversation.JSONObject{"sale": "b"}
		sent := sendBatch(t, srv.NewClient(t), batch)
		settle(t, srv)

		require.Len(t, srv.Callbacks(), 4)
		want := map[string]string{
			srv.Sent()[0].MessageID: `{"sale": "a", "_batch_id": "` + sent.BatchID + `"}`,
			srv.Sent()[1].MessageID: `{"sale": "b", "_batch_id": "` + sent.BatchID + `"}`,
		}
		for _, callback := range srv.Callbacks() {
			report := payload(t, &callback, "message_delivery_report")
			id, _ := report["message_id"].(string)
			metadata, ok := report["metadata"].(string)
			require.True(t, ok)
			assert.JSONEq(t, want[id], metadata)
			assert.NotContains(t, report, "batch_id", "it has not failed")
			assert.NotContains(t, report, "message_index")
		}
	})
}

func TestAFailedMessageOfABatchNamesItsRecipient(t *testing.T) {
	t.Parallel()
	inBothDialects(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		hooked(srv, "", conversation.TriggerMessageDelivery, conversation.TriggerBatchStatusUpdate)
		batch := batchOf(srv, "15551230000", "15551230001")
		batch.CorrelationID = "summer"
		batch.RecipientAndParams = append(batch.RecipientAndParams, conversation.BatchRecipient{
			Recipient: conversation.ToContact("gone"), MessageMetadata: conversation.JSONObject{"order": 7},
		})
		sent := sendBatch(t, client, batch)
		accepted := srv.Sent()
		require.Len(t, accepted, 2, "the recipients that are known")
		assert.Equal(t, []string{accepted[0].MessageID, accepted[1].MessageID, ""}, srv.Batches()[0].MessageIDs)
		require.NoError(t, srv.Fail(accepted[0].MessageID, conversation.Reason{Code: conversation.ReasonRecipientNotReachable}))
		settle(t, srv)

		callbacks := srv.Callbacks()
		require.Len(t, callbacks, 3)
		unknown := payload(t, &callbacks[0], "message_delivery_report")
		assert.Equal(t, "FAILED", unknown["status"])
		assert.Equal(t, sent.BatchID, unknown["batch_id"])
		assert.InDelta(t, 2, unknown["message_index"], 0)
		assert.Equal(t, "gone", unknown["contact_id"])
		assert.NotContains(t, unknown, "message_id")
		assert.JSONEq(t, `{"order": 7, "_batch_id": "`+sent.BatchID+`"}`, fmt.Sprint(unknown["metadata"]))
		reason, _ := unknown["reason"].(map[string]any)
		assert.Equal(t, "CONTACT_NOT_FOUND", reason["code"])
		assert.Equal(t, conversation.TriggerBatchStatusUpdate, callbacks[1].Trigger)
		failed := payload(t, &callbacks[2], "message_delivery_report")
		assert.Equal(t, accepted[0].MessageID, failed["message_id"])
		assert.Equal(t, sent.BatchID, failed["batch_id"])
		assert.InDelta(t, 0, failed["message_index"], 0, "of the first, 0 is shown")
		assert.Contains(t, failed, "message_index")
	})
}

func TestAMessageThatBreaksTheContractWithItsParametersFails(t *testing.T) {
	t.Parallel()
	w := newBatchWire(t, conversationtest.Config{})
	hooked(w.srv, "", conversation.TriggerMessageDelivery)
	w.sendBatch(`"message": {"media_message": {"url": "${url}"}}, "recipient_and_params": [
		{"recipient": ` + toNumber("15551230000") + `, "parameters": {"url": "https://shop.example/a.png"}},
		{"recipient": ` + toNumber("15551230001") + `, "parameters": {"url": "a.png"}},
		{"recipient": ` + toNumber("15551230002") + `, "parameters": {"url": ""}}]`)
	settle(t, w.srv)

	require.Len(t, w.srv.Sent(), 1)
	require.Len(t, w.srv.Callbacks(), 2)
	for i, callback := range w.srv.Callbacks() {
		report := payload(t, &callback, "message_delivery_report")
		assert.InDelta(t, i+1, report["message_index"], 0)
		reason, _ := report["reason"].(map[string]any)
		assert.Equal(t, "BAD_REQUEST", reason["code"])
		assert.Contains(t, reason["description"], "message.media_message.url")
	}
}

func TestTheStatusOfABatchIsACallback(t *testing.T) {
	t.Parallel()
	inBothDialects(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		hooked(srv, "", conversation.TriggerBatchStatusUpdate)
		batch := batchOf(srv, "15551230000")
		batch.BatchMetadata, batch.MessageMetadata = conversation.JSONObject{"key": "k", "n": 1}, conversation.JSONObject{"sale": "a"}
		sent := sendBatch(t, client, batch)
		settle(t, srv)

		require.Len(t, srv.Callbacks(), 1)
		at := sent.SendAfter.UTC().Format("2006-01-02T15:04:05.999999Z")
		assert.JSONEq(t, `{"app_id": "`+srv.AppID()+`", "project_id": "`+srv.ProjectID()+`", "accepted_time": "`+at+`", "event_time": "`+at+`",
			"message_metadata": "{\"sale\":\"a\"}", "batch_status_update_notification": {
				"batch_id": "`+sent.BatchID+`", "batch_status": "BATCH_STATUS_PROCESSED", "batch_type": "BATCH_TYPE_MESSAGES",
				"additional_data": {"message_batch_data": {"send_after": "`+at+`", "batch_metadata": {"key": "k", "n": 1}}}}}`,
			string(srv.Callbacks()[0].Body))
	})
}

func TestTheCallbackURLOfABatchGetsItsReports(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{Script: conversationtest.ScriptDeliver})
	hooked(srv, "", conversation.TriggerMessageDelivery)
	srv.Handle("https://shop.example/batches", newListener())
	batch := batchOf(srv, "15551230000")
	batch.CallbackURL = "https://shop.example/batches"
	batch.RecipientAndParams = append(batch.RecipientAndParams, conversation.BatchRecipient{Recipient: conversation.ToContact("gone")})
	sendBatch(t, srv.NewClient(t), batch)
	settle(t, srv)

	require.Len(t, srv.Callbacks(), 3)
	for _, callback := range srv.Callbacks() {
		assert.Equal(t, "https://shop.example/batches", callback.Target)
	}
}

func TestAMessageOfABatchBelongsToAConversation(t *testing.T) {
	t.Parallel()
	inBothDialects(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		batch := batchOf(srv, "15551230000")
		batch.ConversationMetadata = conversation.JSONObject{"sale": "a"}
		sent := sendBatch(t, client, batch)

		message, err := client.Messages.Get(t.Context(), srv.Sent()[0].MessageID)
		require.NoError(t, err)
		assert.JSONEq(t, `{"_batch_id": "`+sent.BatchID+`"}`, message.Metadata)
		talk, err := client.Conversations.Get(t.Context(), message.ConversationID)
		require.NoError(t, err)
		assert.Equal(t, conversation.JSONObject{"sale": "a", "_batch_id": sent.BatchID}, talk.MetadataJSON)
	})
}
