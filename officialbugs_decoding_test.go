package conversation_test

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

var decodingBugs = []bug{
	{"dotnet_1.2.0_unknown_property_fails_the_reply", func(t *testing.T) {
		t.Helper()
		message := readMessage(t, `{"id":"M","new_property":{"deep":[1,null]},"channel_identity":{"identity":"I","brand_new":true}}`)
		assert.Equal(t, "M", message.ID)
		assert.Equal(t, "I", message.ChannelIdentity.Identity)
	}},
	{"dotnet_1.2.0_unknown_enum_value_fails_the_reply", func(t *testing.T) {
		t.Helper()
		message := readMessage(t, `{"id":"M","direction":"SIDEWAYS","channel_identity":{"channel":"PIGEON_POST"}}`)
		assert.Equal(t, conversation.Direction("SIDEWAYS"), message.Direction)
		assert.Equal(t, conversation.Channel("PIGEON_POST"), message.ChannelIdentity.Channel)
	}},
	{"dotnet_1.4.1_unknown_variant_fails_the_reply", func(t *testing.T) {
		t.Helper()
		message := readMessage(t, `{"id":"M","app_message":{"hologram_message":{"depth":3}},"contact_message":{"smell_message":{}},"metadata":"kept"}`)
		assert.Equal(t, &conversation.AppMessage{}, message.AppMessage)
		assert.Equal(t, "kept", message.Metadata)
	}},
	{"python_2.3.0_what_is_not_known_is_lost", func(t *testing.T) {
		t.Helper()
		const reply = `{"id":"M","app_message":{"hologram_message":{"depth":3}}}`
		client, _ := newTestClient(t, answerWith(200, reply))
		var response conversation.Response
		_, err := client.Messages.Get(t.Context(), "M", conversation.WithResponse(&response))
		require.NoError(t, err)
		assert.JSONEq(t, reply, string(response.Body))
	}},
	{"dotnet_1.4.2_error_body_cannot_be_decoded", func(t *testing.T) {
		t.Helper()
		failed := readError(t, `{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"no app","details":[
			{"type":"BadRequest","field_violations":[{"field":"app_id","description":"unknown"}]}]}}`)
		assert.Equal(t, "no app", failed.Message)
		assert.Len(t, failed.Details, 1)
	}},
	{"dotnet_1.4.3_error_body_of_another_form_cannot_be_decoded", func(t *testing.T) {
		t.Helper()
		for _, body := range []string{
			`{"error":{"code":"400","message":"no app","details":{}}}`, `{"error":{"code":7.5,"message":"no app","details":["x",1,null]}}`,
		} {
			assert.Equal(t, "no app", readError(t, body).Message, body)
		}
		for _, body := range []string{`{"error":"invalid_request"}`, `{"title":"x","status":400,"errors":{}}`, `[]`, `null`, ``, `<html>`, `{"error":`} {
			assert.Equal(t, body, string(readError(t, body).Body))
		}
	}},
	{"node_0.0.2_time_without_a_zone_is_local_time", func(t *testing.T) {
		t.Helper()
		message := readMessage(t, `{"accept_time":"2026-03-01T12:00:00.5"}`)
		assert.True(t, message.AcceptTime.Equal(time.Date(2026, 3, 1, 12, 0, 0, 5e8, time.UTC)), message.AcceptTime)
	}},
	{"node_1.2.0_time_of_another_form_is_no_date", func(t *testing.T) {
		t.Helper()
		for text, want := range map[string]time.Time{
			"2026-03-01T12:00:00+02:00": time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC),
			"2026-03-01 12:00:00":       time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
			"":                          {},
			"tomorrow":                  {},
		} {
			assert.True(t, readMessage(t, `{"accept_time":"`+text+`"}`).AcceptTime.Equal(want), text)
		}
	}},
	{"java_1.2.2_bodies_are_not_in_utf8", textIsUTF8},
	{"node_1.2.0_202_is_taken_for_an_error", func(t *testing.T) {
		t.Helper()
		for _, status := range []int{http.StatusOK, http.StatusCreated, http.StatusAccepted} {
			client, _ := newTestClient(t, answerWith(status, `{"message_id":"M"}`))
			sent, err := client.Messages.Send(t.Context(), textMessage())
			require.NoError(t, err)
			assert.Equal(t, "M", sent.MessageID)
		}
		client, _ := newTestClient(t, answerWith(http.StatusAccepted, ``))
		require.NoError(t, client.Messages.Delete(t.Context(), "M"))
	}},
}

// readMessage reads a message from a server that answers so.
func readMessage(t *testing.T, reply string) *conversation.ConversationMessage {
	t.Helper()
	client, _ := newTestClient(t, answerWith(200, reply))
	message, err := client.Messages.Get(t.Context(), "M")
	require.NoError(t, err)
	return message
}

// readError returns the error of a call that a server answers with body.
func readError(t *testing.T, body string) *conversation.Error {
	t.Helper()
	client, _ := scriptedWith(t, conversation.WithBasicAuth("key-id", "key-secret"), []step{{status: 400, body: body}})
	err := sendCall.do(t.Context(), client)
	require.ErrorIs(t, err, conversation.ErrBadRequest)
	return as[*conversation.Error](t, err)
}

func textIsUTF8(t *testing.T) {
	t.Helper()
	const text = "Grüße, 你好, 🎉 <&>"
	client, server := newTestClient(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=ISO-8859-1") // wrong: JSON is UTF-8
		_, _ = io.WriteString(w, `{"id":"M","message_id":"M","metadata":"`+text+`","conversation_id":"`+"\xff\xfe"+`"}`)
	})
	send := textMessage()
	send.Message = conversation.Text(text)
	_, err := client.Messages.Send(t.Context(), send)
	require.NoError(t, err)
	sent := server.only(t)
	assert.True(t, utf8.ValidString(sent.body))
	assert.Contains(t, sent.body, text)
	var decoded conversation.SendMessageRequest
	require.NoError(t, json.Unmarshal([]byte(sent.body), &decoded))
	assert.Equal(t, text, decoded.Message.TextMessage.Text)

	message, err := client.Messages.Get(t.Context(), "M")
	require.NoError(t, err, "bytes that are no UTF-8 fail no reply")
	assert.Equal(t, text, message.Metadata)
	assert.True(t, utf8.ValidString(message.ConversationID))
}
