package conversationtest_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestABatchIsAMessageToEachRecipient(t *testing.T) {
	t.Parallel()
	w := newBatchWire(t, conversationtest.Config{})
	sent := w.sendBatch(`"message": {"card_message": {"title": "Hi ${name}", "description": "${name}, ${day}: ${unit}", "choices": [
			{"url_message": {"title": "See", "url": "https://shop.example/${name}"}}]}},
		"correlation_id": "summer", "ttl": "3600s", "message_metadata": {"sale": 1, "kind": "all"}, "conversation_metadata": {"a": "b"},
		"recipient_and_params": [
			{"recipient": ` + toNumber("15551230000") + `, "parameters": {"name": "Ada", "day": "${name}", "unit": "<kg>"}},
			{"recipient": ` + toNumber("15551230001") + `, "parameters": {"name": "Bo", "day": "", "unit": "$5"},
				"message_metadata": {"kind": "one", "_batch_id": "mine"}, "conversation_metadata": {"a": "c"}}]`)

	messages := w.srv.Sent()
	require.Len(t, messages, 2)
	for i, want := range []struct{ title, text, url, metadata, ofConversation string }{
		{"Hi Ada", "Ada, ${name}: <kg>", "https://shop.example/Ada", `{"sale": 1, "kind": "all", "_batch_id": "` + sent.BatchID + `"}`, "b"},
		{"Hi Bo", "Bo, : $5", "https://shop.example/Bo", `{"sale": 1, "kind": "one", "_batch_id": "` + sent.BatchID + `"}`, "c"},
	} {
		request, card := messages[i].Request, messages[i].Request.Message.CardMessage
		assert.Equal(t, want.title, card.Title)
		assert.Equal(t, want.text, card.Description)
		assert.Equal(t, want.url, card.Choices[0].URLMessage.URL)
		assert.JSONEq(t, want.metadata, request.MessageMetadata)
		assert.JSONEq(t, `{"a": "`+want.ofConversation+`", "_batch_id": "`+sent.BatchID+`"}`, request.ConversationMetadata)
		assert.Equal(t, "summer", request.CorrelationID)
		assert.Equal(t, 3600, request.TTL)
		assert.Equal(t, sent.BatchID, messages[i].BatchID)
		assert.Equal(t, i, messages[i].MessageIndex)
	}
	batches := w.srv.Batches()
	require.Len(t, batches, 1)
	assert.Equal(t, sent.BatchID, batches[0].BatchID)
	assert.Equal(t, conversation.BatchStatusProcessed, batches[0].Status)
	assert.Equal(t, []string{messages[0].MessageID, messages[1].MessageID}, batches[0].MessageIDs)
	assert.Equal(t, "Bo", batches[0].Request.RecipientAndParams[1].Parameters["name"])
	assert.Equal(t, 3600, batches[0].Request.TTL)
}

func TestABatchIsFoundByItsIDAndMetadata(t *testing.T) {
	t.Parallel()
	w := newBatchWire(t, conversationtest.Config{})
	first := w.sendText(`"batch_metadata": {"key": "k1", "number": 7, "_batch_id": "mine"}`)
	second := w.sendText(`"batch_metadata": {"key": "k1"}`)
	w.sendText(`"batch_metadata": {"key": "k2"}`)

	assert.Equal(t, conversation.Batch{
		BatchID: first.BatchID, Status: conversation.BatchStatusProcessed, SendAfter: first.SendAfter,
		MetaData: conversation.JSONObject{"key": "k1", "number": json.Number("7"), "_batch_id": first.BatchID},
	}, w.batch(first.BatchID))
	assert.Equal(t, []string{first.BatchID, second.BatchID}, w.found("key", "k1"))
	assert.Equal(t, []string{first.BatchID}, w.found("number", "7"))
	assert.Equal(t, []string{first.BatchID}, w.found("_batch_id", first.BatchID))
	assert.Empty(t, w.found("key", "k3"))
	assert.Equal(t, "[]", w.on(http.MethodGet, "messages?metadataKey=key&metadataValue=k3", "").body)
	w.on(http.MethodGet, "messages?metadataKey=key", "").failsFlat(http.StatusBadRequest, "INVALID_ARGUMENT", "metadataValue")
	w.on(http.MethodGet, "messages/unknown", "").failsFlat(http.StatusNotFound, "NOT_FOUND", `"unknown"`)
}

func TestABatchThatBreaksTheContractIsRejected(t *testing.T) {
	t.Parallel()
	w := newBatchWire(t, conversationtest.Config{})
	one := `"recipient_and_params": [{"recipient": ` + toNumber("15551230000") + `}]`
	hello := `"message": {"text_message": {"text": "hello"}}`
	tooMany := many(`{"recipient": `+toNumber("15551230000")+`}`, 1001)
	for field, body := range map[string]string{
		"message":                                         one,
		"recipient_and_params: it is required":            hello,
		"recipient_and_params: minimum":                   hello + `, "recipient_and_params": []`,
		"recipient_and_params: maximum":                   hello + `, "recipient_and_params": ` + tooMany,
		"recipient_and_params[0].recipient":               hello + `, "recipient_and_params": [{}]`,
		"recipient_and_params[0].parameters":              `"message": {"text_message": {"text": "hi ${name}"}}, ` + one,
		"recipient_and_params[0].parameters.a":            hello + `, "recipient_and_params": [{"parameters": {"a": 1}, "recipient": ` + toNumber("15551230000") + `}]`,
		"recipient_and_params[0].message_metadata":        hello + `, "recipient_and_params": [{"message_metadata": "a", "recipient": ` + toNumber("15551230000") + `}]`,
		"channel_identities[0].identity: it must":         hello + `, "recipient_and_params": [{"recipient": ` + toNumber("0555") + `}]`,
		"message.text_message.text: it is empty":          `"message": {"text_message": {"text": " "}}, ` + one,
		"message_metadata":                                hello + `, "message_metadata": "text", ` + one,
		"conversation_metadata":                           hello + `, "conversation_metadata": "text", ` + one,
		"batch_metadata":                                  hello + `, "batch_metadata": "text", ` + one,
		"send_after: it is more than 7 days ahead":        hello + `, "send_after": "` + inFuture(7*24*time.Hour+time.Minute) + `", ` + one,
		"send_after":                                      hello + `, "send_after": "tomorrow", ` + one,
		"ttl: it must be from 3s":                         hello + `, "ttl": "1s", ` + one,
		"callback_url: it must be an absolute":            hello + `, "callback_url": "shop", ` + one,
		"channel_properties: \"SMS_COLOR\" is none of":    hello + `, "channel_properties": {"SMS_COLOR": "1"}, ` + one,
		"message.media_message.url: it must be an absolu": `"message": {"media_message": {"url": "${url}"}}, "recipient_and_params": [{"parameters": {"url": "a.png"}, "recipient": ` + toNumber("15551230000") + `}]`,
	} {
		w.on(http.MethodPost, "messages", `{"app_id": "`+w.srv.AppID()+`", `+body+`}`).failsFlat(http.StatusBadRequest, "INVALID_ARGUMENT", field)
	}
	w.on(http.MethodPost, "messages", `{"app_id": "APP", `+hello+`, `+one+`}`).failsFlat(http.StatusNotFound, "NOT_FOUND", `"APP"`)
	w.on(http.MethodDelete, "messages", `{}`).failsFlat(http.StatusBadRequest, "INVALID_ARGUMENT", "batch_id: it is required")
	w.on(http.MethodPost, "contacts", `{"contacts": []}`).failsFlat(http.StatusBadRequest, "INVALID_ARGUMENT", "contacts")
	w.on(http.MethodDelete, "contacts", `{"contact_ids": ["`+many1001IDs+`"]}`).failsFlat(http.StatusBadRequest, "INVALID_ARGUMENT", "contact_ids")
	w.on(http.MethodPost, "consents", `{"app_id": "`+w.srv.AppID()+`", "consent_records": [{"identification": "1", "consent_type": "ALL"}]}`).
		failsFlat(http.StatusBadRequest, "INVALID_ARGUMENT", "consent_records[0].consent_type")
	assert.Empty(t, w.srv.Batches())
	assert.Empty(t, w.srv.Sent())
	assert.Equal(t, "contact_ids", violations(w.srv)[len(violations(w.srv))-2])
}

func TestTheBatchAPIAcceptsTokensOnly(t *testing.T) {
	t.Parallel()
	w := newBatchWire(t, conversationtest.Config{Projects: []conversationtest.Project{{ID: "other"}}})
	basic := w.request(http.MethodGet, w.srv.BatchURL()+"/v1/projects/"+w.srv.ProjectID()+"/messages/1", "")
	basic.SetBasicAuth(w.srv.KeyID(), w.srv.KeySecret())
	refused := w.do(basic)
	refused.failsFlat(http.StatusUnauthorized, "UNAUTHENTICATED", "bearer token")
	assert.Equal(t, "Bearer", refused.header.Get("WWW-Authenticate"))

	other := w.request(http.MethodGet, w.srv.BatchURL()+"/v1/projects/other/messages/1", "")
	other.Header.Set("Authorization", "Bearer "+w.token)
	w.do(other).failsFlat(http.StatusForbidden, "PERMISSION_DENIED", "may not be allowed to use the batch endpoint")
	w.on(http.MethodPatch, "messages", "").failsFlat(http.StatusNotImplemented, "UNIMPLEMENTED", "PATCH")
	w.on(http.MethodGet, "apps", "").failsFlat(http.StatusNotImplemented, "UNIMPLEMENTED", "apps")
	w.call(http.MethodDelete, "messages", "{}").fails(http.StatusNotImplemented, "UNIMPLEMENTED", "DELETE")
	w.srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: http.StatusForbidden, Operation: "Batches.Send"})
	w.on(http.MethodPost, "messages", "{}").failsFlat(http.StatusForbidden, "PERMISSION_DENIED", "may not be allowed to use the batch endpoint")
}
