package conversation_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

const batchHost = "https://eu.conversationbatch.api.sinch.com/v1/projects/project"

// fullBatch is a request with every field set.
func fullBatch() *conversation.SendBatchRequest {
	plusOne := time.FixedZone("", 3600)
	return &conversation.SendBatchRequest{
		AppID:   "app",
		Message: conversation.Text("Hi ${name}"),
		RecipientAndParams: []conversation.BatchRecipient{
			{
				Recipient: conversation.ToChannels(conversation.ChannelIdentity{
					Channel: conversation.ChannelSMS, Identity: "15551230000", AppID: "app",
				}),
				Parameters:           map[string]string{"name": "Ada"},
				MessageMetadata:      map[string]any{"row": 1},
				ConversationMetadata: map[string]any{"row": "one"},
			},
			{Recipient: conversation.ToContact("contact"), Parameters: map[string]string{"name": ""}},
		},
		BatchMetadata:        map[string]any{"campaign": "spring"},
		MessageMetadata:      map[string]any{"a": true},
		ConversationMetadata: map[string]any{"b": nil},
		SendAfter:            conversation.NewTime(time.Now().In(plusOne).Add(time.Hour).Truncate(time.Second)),
		ChannelPriorityOrder: []conversation.Channel{conversation.ChannelRCS, conversation.ChannelSMS},
		ChannelProperties:    map[conversation.ChannelPropertyKey]string{conversation.PropertySMSSender: "Shop"},
		CallbackURL:          "https://example.com/callbacks",
		CorrelationID:        "c-1",
		ProcessingStrategy:   conversation.ProcessingStrategyDispatchOnly,
		TTL:                  86400,
	}
}

func TestABatchIsSentInTheFormOfThePlatform(t *testing.T) {
	t.Parallel()
	for _, dialect := range []conversation.Dialect{conversation.DialectOpenAPI, conversation.DialectPlatform} {
		client, wire := scripted(t, []step{{status: 200, body: `{"batch_id":"B","send_after":"2026-11-28T18:05:00Z"}`}}, conversation.WithDialect(dialect))
		req := fullBatch()
		reply, err := client.Batches.Send(t.Context(), req)
		require.NoError(t, err)
		assert.Equal(t, "B", reply.BatchID)
		assert.Equal(t, time.Date(2026, 11, 28, 18, 5, 0, 0, time.UTC), reply.SendAfter.Time)
		seen := wire.requests()[0]
		assert.Equal(t, "POST "+batchHost+"/messages", seen.method+" "+seen.url)
		assert.Equal(t, []string{"Bearer token"}, seen.header["Authorization"])
		assert.Equal(t, []string{"application/json"}, seen.header["Content-Type"])
		assert.JSONEq(t, `{
			"app_id":"app","message":{"text_message":{"text":"Hi ${name}"}},
			"recipient_and_params":[
				{"recipient":{"identified_by":{"channel_identities":[{"channel":"SMS","identity":"15551230000"}]}},
				 "parameters":{"name":"Ada"},"message_metadata":{"row":1},"conversation_metadata":{"row":"one"}},
				{"recipient":{"contact_id":"contact"},"parameters":{"name":""}}],
			"batch_metadata":{"campaign":"spring"},"message_metadata":{"a":true},"conversation_metadata":{"b":null},
			"send_after":"`+req.SendAfter.UTC().Format(time.RFC3339)+`","channel_priority_order":["RCS","SMS"],
			"channel_properties":{"SMS_SENDER":"Shop"},"callback_url":"https://example.com/callbacks","correlation_id":"c-1",
			"processing_strategy":"DISPATCH_ONLY","ttl":"86400s"}`, seen.body)
		assert.Equal(t, "app", req.RecipientAndParams[0].Recipient.IdentifiedBy.ChannelIdentities[0].AppID, "the caller's request is unchanged")
	}
}

func TestWhatABatchLacksIsNotSent(t *testing.T) {
	t.Parallel()
	client, wire := scripted(t, []step{{status: 200, body: `{"batch_id":"B"}`}})
	list := conversation.ListMenu("menu", conversation.ListSection{Items: []conversation.Choice{conversation.TextChoice("tea", "t")}})
	reply, err := client.Batches.Send(t.Context(), &conversation.SendBatchRequest{
		AppID: "app", Message: list, RecipientAndParams: []conversation.BatchRecipient{{Recipient: conversation.ToContact("c")}},
	})
	require.NoError(t, err)
	assert.True(t, reply.SendAfter.IsZero())
	assert.JSONEq(t, `{"app_id":"app","message":{"list_message":{"title":"menu","sections":[{"items":[{"choice":{"postback_data":"t","title":"tea"}}]}]}},`+
		`"recipient_and_params":[{"recipient":{"contact_id":"c"}}]}`, wire.requests()[0].body)
}

func TestTheOtherOperationsOfBatches(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct{ target, body string }{
		"Batches.Get":            {"GET " + batchHost + "/messages/b", ""},
		"Batches.FindByMetadata": {"GET " + batchHost + "/messages?metadataKey=key&metadataValue=v", ""},
		"Batches.Cancel":         {"DELETE " + batchHost + "/messages", `{"batch_id":"b"}`},
		"Batches.CreateContacts": {"POST " + batchHost + "/contacts", `{"contacts":[{"channel_identities":[{"channel":"SMS","identity":"15551230000"}]}]}`},
		"Batches.DeleteContacts": {"DELETE " + batchHost + "/contacts", `{"contact_ids":["c"]}`},
		"Batches.InsertConsents": {"POST " + batchHost + "/consents", `{"app_id":"a","consent_records":[{"consent_type":"OPT_OUT_ALL","identification":"15551230000"}]}`},
	} {
		client, wire := scripted(t, []step{{status: 200, body: `{"batch_id":"B"}`}})
		require.NoError(t, everyCall()[name](t.Context(), client), name)
		seen := wire.requests()[0]
		assert.Equal(t, want.target, seen.method+" "+seen.url)
		assert.Equal(t, want.body, seen.body)
		if want.body != "" {
			assert.Equal(t, []string{"application/json"}, seen.header["Content-Type"], name)
		}
	}
}

func TestADeleteOfBatchesReachesAServerWithItsBody(t *testing.T) {
	t.Parallel()
	client, server := newTestClient(t, answerWith(200, ``))
	require.NoError(t, client.Batches.Cancel(t.Context(), "B"))
	seen := server.only(t)
	assert.Equal(t, http.MethodDelete+" /v1/projects/PROJECT/messages", seen.method+" "+seen.uri)
	assert.JSONEq(t, `{"batch_id":"B"}`, seen.body)
	assert.Equal(t, []string{"16"}, seen.header["Content-Length"])
}

func TestTheStateOfABatchIsRead(t *testing.T) {
	t.Parallel()
	client, _ := scripted(t, []step{{status: 200, body: `{"batch_id":"B","meta_data":{"n":90071992547409931234},"status":"NEW","send_after":"2026-11-28T18:05:00Z"}`}})
	batch, err := client.Batches.Get(t.Context(), "B")
	require.NoError(t, err)
	assert.Equal(t, conversation.BatchStatus("NEW"), batch.Status, "the set is open")
	assert.Equal(t, json.Number("90071992547409931234"), batch.MetaData["n"])
	assert.Equal(t, 18, batch.SendAfter.Hour())
}

func TestEveryFormOfAListOfBatchesIsRead(t *testing.T) {
	t.Parallel()
	const one = `{"batch_id":"B","meta_data":{"k":"v"},"status":"PROCESSED"}`
	for body, want := range map[string]int{
		`[]`: 0, `{}`: 0, `{"batches":null}`: 0, `{"statuses":[]}`: 0,
		`[` + one + `]`: 1, one: 1, `{"batches":[` + one + `]}`: 1, `{"total":1,"statuses":[` + one + `]}`: 1,
		`[` + one + `,` + one + `]`: 2,
	} {
		client, _ := scripted(t, []step{{status: 200, body: body}})
		list, err := client.Batches.FindByMetadata(t.Context(), "k", "v")
		require.NoError(t, err, body)
		require.Len(t, list.Batches, want, body)
		for _, batch := range list.Batches {
			assert.Equal(t, conversation.Batch{BatchID: "B", MetaData: map[string]any{"k": "v"}, Status: conversation.BatchStatusProcessed}, batch)
		}
	}
	for _, body := range []string{`7`, `"B"`, `{"message":"hi"}`, `<p>Sign in</p>`, `null`} {
		client, _ := scripted(t, []step{{status: 200, body: body}})
		require.Error(t, fails(client.Batches.FindByMetadata(t.Context(), "k", "v")), body)
	}
}

func TestBothFormsOfAnErrorOfBatchesAreRead(t *testing.T) {
	t.Parallel()
	const flat = `{"code":403,"message":"The project may not use batches","status":"PERMISSION_DENIED","details":[{"a":1}]}`
	for _, body := range []string{flat, `{"error":` + flat + `}`} {
		client, _ := scripted(t, []step{{status: 403, body: body}})
		err := everyCall()["Batches.Send"](t.Context(), client)
		failed := as[*conversation.Error](t, err)
		require.ErrorIs(t, err, conversation.ErrForbidden)
		assert.Equal(t, 403, failed.Code)
		assert.Equal(t, "PERMISSION_DENIED", failed.Status)
		assert.Equal(t, "The project may not use batches", failed.Message)
		assert.Len(t, failed.Details, 1)
		assert.Equal(t, conversation.OutcomeRejected, conversation.OutcomeOf(err))
	}
}

func TestABatchIsReadFromTheJSONOfOtherSDKs(t *testing.T) {
	t.Parallel()
	for _, ttl := range []string{`600`, `"600s"`} {
		var req conversation.SendBatchRequest
		require.NoError(t, jsonInto(`{"app_id":"A","ttl":`+ttl+`}`, &req))
		assert.Equal(t, conversation.SendBatchRequest{AppID: "A", TTL: 600}, req)
	}
	require.ErrorContains(t, jsonInto(`{"ttl":"soon"}`, &conversation.SendBatchRequest{}), "whole seconds")
}
