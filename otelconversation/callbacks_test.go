package otelconversation_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/otelconversation"
	"github.com/sinchgo/conversation/webhook"
)

func receive(t *testing.T, seen *signals) *webhook.Receiver {
	t.Helper()
	receiver, err := webhook.NewReceiver(webhook.WithSecret("secret"), webhook.WithObserver(seen))
	require.NoError(t, err)
	return receiver
}

func post(receiver *webhook.Receiver, body, secret string) {
	request := httptest.NewRequestWithContext(context.Background(), "POST", "/", strings.NewReader(body))
	request.Header = webhook.Sign([]byte(body), secret, "nonce", time.Now())
	receiver.ServeHTTP(httptest.NewRecorder(), request)
}

func TestACallbackIsASpan(t *testing.T) {
	t.Parallel()
	seen := record(t)
	receiver := receive(t, seen)
	webhook.On(receiver, func(context.Context, *webhook.MessageInbound) error { return errors.New("broken") })
	post(receiver, `{"message":{"id":"M1","contact_message":{"text_message":{"text":"Hi"}}}}`, "secret")
	post(receiver, `{"message":{"id":"M1","contact_message":{"text_message":{"text":"Hi"}}}}`, "another")

	spans := seen.named("Receiver.ServeHTTP")
	require.Len(t, spans, 2)
	handled := of(spans[0])
	assert.Equal(t, trace.SpanKindConsumer, spans[0].SpanKind())
	assert.Equal(t, codes.Error, spans[0].Status().Code)
	assert.Equal(t, "M1", handled["messaging.message.id"])
	assert.Equal(t, "process", handled["messaging.operation.name"])
	assert.Equal(t, "MESSAGE_INBOUND", handled["sinch.conversation.trigger"])
	assert.Equal(t, "500", handled["http.response.status_code"])
	assert.Equal(t, "401", of(spans[1])["http.response.status_code"])
	assert.Equal(t, map[string]float64{"MESSAGE_INBOUND 500 the function failed": 1, " 401 bad signature": 1},
		seen.values(t, "sinch.conversation.callback.duration", "sinch.conversation.trigger", "http.response.status_code", "sinch.conversation.reason"))
}

func TestASendAndItsCallbacksAreOneTrace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		seen := record(t, otelconversation.WithMetadataPropagation())
		srv := conversationtest.NewServer(conversationtest.Config{InMemory: true, Script: conversationtest.ScriptDeliver})
		defer srv.Close()
		receiver := receive(t, seen)
		var inFunction trace.SpanContext
		webhook.On(receiver, func(ctx context.Context, _ *webhook.MessageDelivery) error {
			inFunction = trace.SpanContextFromContext(ctx)
			return nil
		})
		srv.Handle("https://shop.example/sinch", receiver)
		srv.AddWebhook("https://shop.example/sinch", "secret", conversation.TriggerMessageDelivery)
		request := hello(srv)
		request.MessageMetadata = `{"order": 17}`
		_, err := srv.NewClient(t, conversation.WithObserver(seen)).Messages.Send(t.Context(), request)
		require.NoError(t, err)
		require.NoError(t, srv.WaitForCallbacks(t.Context()))

		send := seen.only(t, "Messages.Send").SpanContext()
		assert.Equal(t, `{"order": 17}`, request.MessageMetadata, "the request of the caller is not changed")
		assert.Equal(t, `{"order": 17,"traceparent":"00-`+send.TraceID().String()+`-`+send.SpanID().String()+`-01"}`,
			srv.Sent()[0].Request.MessageMetadata)
		process := seen.named("process MESSAGE_DELIVERY")
		require.NotEmpty(t, process)
		callbacks := seen.named("Receiver.ServeHTTP")
		require.Len(t, callbacks, len(process))
		for i, span := range process {
			assert.Equal(t, send.TraceID(), span.SpanContext().TraceID())
			assert.Equal(t, send.SpanID(), span.Parent().SpanID())
			require.Len(t, callbacks[i].Links(), 1)
			assert.Equal(t, send.TraceID(), callbacks[i].Links()[0].SpanContext.TraceID())
			assert.Equal(t, send.SpanID(), callbacks[i].Links()[0].SpanContext.SpanID())
		}
		assert.Equal(t, send.TraceID(), inFunction.TraceID())
	})
}

func TestMetadataIsSentAsItIsWithoutPropagation(t *testing.T) {
	t.Parallel()
	seen, srv := record(t), fake(t)
	_, err := srv.NewClient(t, conversation.WithObserver(seen)).Messages.Send(t.Context(), hello(srv))
	require.NoError(t, err)
	assert.Empty(t, srv.Sent()[0].Request.MessageMetadata)
}

func TestMetadataThatHoldsATraceContextIsLinked(t *testing.T) {
	t.Parallel()
	seen, srv := record(t, otelconversation.WithMetadataPropagation()), fake(t)
	request := hello(srv)
	request.MessageMetadata = otelconversation.InjectMetadata(trace.ContextWithSpanContext(t.Context(), enqueued), `{"relay_id":"E1"}`)
	_, err := srv.NewClient(t, conversation.WithObserver(seen)).Messages.Send(t.Context(), request)
	require.NoError(t, err)
	assert.Equal(t, request.MessageMetadata, srv.Sent()[0].Request.MessageMetadata)
	links := seen.only(t, "Messages.Send").Links()
	require.Len(t, links, 1)
	assert.Equal(t, enqueued.SpanID(), links[0].SpanContext.SpanID())
}
