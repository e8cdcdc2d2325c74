package conversationtest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestARequestHasTheBodyOfItsAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault     conversationtest.Fault
		response  string // It is contained in the response, which is nil if this is empty.
		accepted  bool
		hasAnswer bool
	}{
		"no fault":            {conversationtest.Fault{Kind: conversationtest.FaultSlow}, `"message_id":"ID"}`, true, true},
		"an error":            {status(404), `"status":"NOT_FOUND"`, false, true},
		"a page":              {of(conversationtest.FaultHTML), "<!DOCTYPE html>", false, true},
		"a dropped answer":    {of(conversationtest.FaultDropAfterAccept), `"message_id":"ID"}`, true, false},
		"another answer":      {of(conversationtest.FaultStatusAfterAccept), "DEADLINE_EXCEEDED", true, true},
		"half of an answer":   {of(conversationtest.FaultTruncatedBody), `{"accepted_time":"`, true, true},
		"bad JSON":            {of(conversationtest.FaultBadJSON), "no JSON", true, true},
		"an empty answer":     {of(conversationtest.FaultEmptyBody), "", true, true},
		"no answer":           {of(conversationtest.FaultReset), "", false, false},
		"not the whole body":  {of(conversationtest.FaultResetMidRequest), "", false, false},
		"the credentials end": {of(conversationtest.FaultExpiredToken), "UNAUTHENTICATED", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, r := steered(t, conversationtest.Config{InMemory: true})
			srv.Fault(c.fault)
			response := new(conversation.Response)
			_, _ = srv.NewClient(t, conversation.WithRetry(conversation.NoRetry)).
				Messages.Send(t.Context(), hello(srv.AppID()), conversation.WithResponse(response))

			requests := apiRequests(srv)
			request := requests[len(requests)-1]
			listed := r.list("requests?operation=Messages.Send", "requests")
			shown := listed[len(listed)-1]
			assert.Equal(t, c.accepted, request.Accepted)
			assert.Equal(t, c.accepted, shown["accepted"])
			assert.Equal(t, c.hasAnswer, request.Status != 0)
			if c.hasAnswer {
				assert.Equal(t, string(response.Body), string(request.Response), "what the client received")
			}
			if c.accepted {
				assert.Equal(t, srv.Sent()[0].MessageID, request.MessageID)
				assert.Equal(t, request.MessageID, shown["message_id"])
			} else {
				assert.Empty(t, request.MessageID)
				assert.NotContains(t, shown, "message_id")
			}
			if c.response == "" {
				assert.Empty(t, request.Response)
				assert.Nil(t, shown["response"])
				return
			}
			assert.Contains(t, string(request.Response), strings.Replace(c.response, "ID", request.MessageID, 1))
			assert.NotNil(t, shown["response"])
		})
	}
}

func TestTheStreamHasTheAnswerAndTheOutcomeOfARequest(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})
	events := listen(t, srv, "", "")
	srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: "Messages.Send", Times: 1})
	_, err := srv.NewClient(t).Messages.Send(t.Context(), hello(srv.AppID()))
	require.Error(t, err)
	require.NoError(t, srv.NewClient(t).Apps.Delete(t.Context(), srv.AppID()))

	shown := map[any]jsonObject{} // The token is asked for twice. The order is that of the ends of requests.
	for range 4 {
		data := events.until("request").data
		shown[data["operation"]] = data
	}
	assert.NotContains(t, shown["token"], "outcome")
	assert.Nil(t, shown["token"]["response"])
	dropped, deleted := shown["Messages.Send"], shown["Apps.Delete"]
	assert.Equal(t, "unknown", dropped["outcome"])
	assert.Equal(t, true, dropped["accepted"])
	assert.Equal(t, srv.Sent()[0].MessageID, dropped["message_id"])
	assert.Equal(t, dropped["message_id"], inside(t, dropped["response"], "message_id"))
	assert.Equal(t, "accepted", deleted["outcome"])
	assert.Equal(t, jsonObject{}, deleted["response"])
}

func TestTheAnswerOfTheTokenEndpointIsNotRecorded(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	token := w.token()
	w.srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultTokenEndpointDown})
	w.call(http.MethodPost, "messages:send", w.text("hi", "15551230001"))

	for _, request := range w.srv.Requests() {
		if request.Operation == "token" {
			assert.Nil(t, request.Response)
		}
		assert.NotContains(t, string(request.Response), token)
	}
}
