package conversationtest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestACallbackIsResentOverTheControlAPI(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{})
	handled := received(t, srv)
	say(srv, "one", "two")
	settle(t, srv)
	events := listen(t, srv, "", "")

	for i, c := range []struct {
		body, signature string
		status          int
	}{
		{"", "valid", 200},
		{`{"signature": "valid"}`, "valid", 200},
		{`{"signature": "wrong"}`, "wrong", 401},
		{`{"signature": "missing"}`, "missing", 401},
		{`{"signature": "old"}`, "old", 503},
	} {
		status, again := r.ask(http.MethodPost, "callbacks/2/resend", c.body)
		require.Equal(t, http.StatusCreated, status, again)
		assert.InDelta(t, 3+i, again["seq"], 0)
		assert.InDelta(t, 2, again["resent"], 0)
		assert.Equal(t, c.signature, again["signature"])
		assert.InDelta(t, 0, again["attempts"], 0)
		assert.Equal(t, again, events.until("callback").data)
		settle(t, srv)
		attempt := events.until("callback_attempt").data
		assert.InDelta(t, c.status, attempt["status"], 0, c.body)
		assert.Equal(t, again["seq"], attempt["seq"])
	}

	assert.Equal(t, int64(2), handled.Load())
	callbacks := r.list("callbacks", "callbacks")
	require.Len(t, callbacks, 7)
	for _, callback := range callbacks[:2] {
		assert.NotContains(t, callback, "resent")
		assert.NotContains(t, callback, "signature")
	}
	assert.Equal(t, callbacks[1]["body"], callbacks[6]["body"])
	assert.Equal(t, "old", callbacks[6]["signature"])
}

func TestACallbackThatCannotBeResentIsAnError(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{LogLimit: 2})
	hooked(srv, "", conversation.TriggerMessageInbound)
	say(srv, "one", "two", "three")
	settle(t, srv)

	for _, seq := range []string{"0", "1", "4", "-1", "x", "99999999999999999999"} {
		r.fails(http.StatusNotFound, http.MethodPost, "callbacks/"+seq+"/resend", "", "callbacks: there is no callback", seq, "GET /_fake/callbacks")
	}
	r.fails(http.StatusBadRequest, http.MethodPost, "callbacks/2/resend", `{"signature": "bad"}`,
		`callbacks: signature: "bad" is unknown: use valid, wrong, missing, old`)
	r.fails(http.StatusBadRequest, http.MethodPost, "callbacks/2/resend", `{"signature": 1}`, "callbacks: signature", "a string")
	r.fails(http.StatusBadRequest, http.MethodPost, "callbacks/2/resend", `{"sig": "old"}`, `callbacks: field "sig" is unknown`)
	for _, signature := range []string{"wrong", "old"} {
		r.fails(http.StatusBadRequest, http.MethodPost, "callbacks/2/resend", `{"signature": "`+signature+`"}`,
			"callbacks: signature: without a secret", "set the secret")
	}
	assert.Len(t, srv.Callbacks(), 2, "nothing was delivered")
	assert.InDelta(t, 3, r.list("callbacks", "callbacks")[1]["seq"], 0)
}
