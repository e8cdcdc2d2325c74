package otelconversation_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestASendIsASpanWithItsAttemptsAsChildren(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen, srv := record(t), fake(t)
		srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultRateLimit, RetryAfter: "2", Times: 1, Operation: "Messages.Send"})
		sent, err := srv.NewClient(t, conversation.WithObserver(seen)).Messages.Send(t.Context(), hello(srv))
		require.NoError(t, err)

		call := seen.only(t, "Messages.Send")
		assert.Equal(t, trace.SpanKindClient, call.SpanKind())
		assert.Equal(t, codes.Unset, call.Status().Code)
		attributes := of(call)
		assert.NotEmpty(t, attributes["sinch.conversation.request_id"])
		delete(attributes, "sinch.conversation.request_id")
		delete(attributes, "sinch.conversation.waited")
		assert.Equal(t, map[string]string{
			"http.request.method":          "POST",
			"http.response.status_code":    "200",
			"url.template":                 "/v1/projects/{project_id}/messages:send",
			"messaging.system":             "sinch_conversation",
			"messaging.operation.name":     "send",
			"messaging.operation.type":     "send",
			"messaging.message.id":         sent.MessageID,
			"sinch.conversation.operation": "Messages.Send",
			"sinch.conversation.outcome":   "accepted",
			"sinch.conversation.attempts":  "2",
		}, attributes)

		attempts := seen.named("POST /v1/projects/{project_id}/messages:send")
		require.Len(t, attempts, 2)
		for _, attempt := range attempts {
			assert.Equal(t, call.SpanContext().SpanID(), attempt.Parent().SpanID())
		}
		first, second := of(attempts[0]), of(attempts[1])
		assert.Equal(t, "429", first["http.response.status_code"])
		assert.Equal(t, "429", first["error.type"])
		assert.Equal(t, codes.Error, attempts[0].Status().Code)
		assert.Empty(t, first["http.request.resend_count"])
		assert.Equal(t, "1", second["http.request.resend_count"])

		token := seen.only(t, "Token")
		assert.Equal(t, call.SpanContext().SpanID(), token.Parent().SpanID())
		assert.Equal(t, token.SpanContext().SpanID(), seen.only(t, "POST /oauth2/token").Parent().SpanID())

		assert.Equal(t, map[string]float64{"Messages.Send accepted ": 1, "Token accepted ": 1}, seen.values(t, "sinch.conversation.call.duration",
			"sinch.conversation.operation", "sinch.conversation.outcome", "error.type"))
		assert.Equal(t, map[string]float64{"Messages.Send": 1}, seen.values(t, "sinch.conversation.call.retries", "sinch.conversation.operation"))
		assert.Equal(t, map[string]float64{"accepted": 1}, seen.values(t, "sinch.conversation.token.requests", "sinch.conversation.outcome"))
	})
}

func TestTheErrorTypeIsAStatusOrAKindOfError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen, srv := record(t), fake(t)
		client := srv.NewClient(t, conversation.WithObserver(seen), conversation.WithRetry(conversation.NoRetry))
		for _, kind := range []conversationtest.Fault{
			{Kind: conversationtest.FaultRefuse},
			{Kind: conversationtest.FaultHang},
			{Kind: conversationtest.FaultStatus, Status: 503},
			{Kind: conversationtest.FaultBadJSON},
		} {
			kind.Times, kind.Operation = 1, "Messages.Send"
			srv.Fault(kind)
			_, err := client.Messages.Send(t.Context(), hello(srv))
			require.Error(t, err)
		}
		_, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{})
		require.Error(t, err)
		srv.RevokeTokens()
		srv.Fault(conversationtest.Fault{Kind: conversationtest.FaultTokenEndpointDown})
		_, err = srv.NewClient(t, conversation.WithObserver(seen), conversation.WithRetry(conversation.NoRetry)).Messages.Send(t.Context(), hello(srv))
		require.Error(t, err)
		assert.Equal(t, map[string]float64{
			"not sent no_response": 1, "unknown timeout": 1, "unknown 503": 1, "accepted invalid_response": 1,
			"not sent invalid_argument": 1, "not sent no_token": 1, "accepted ": 1, "not sent 503": 1,
		}, seen.values(t, "sinch.conversation.call.duration", "sinch.conversation.outcome", "error.type"))
	})
}
