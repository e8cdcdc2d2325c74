package conversationtest_test

import (
	"context"
	"encoding/json"
	"math"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

// heard is a receiver at a webhook of the server, with the events that it received.
func heard(t *testing.T, srv *conversationtest.Server, triggers ...conversation.WebhookTrigger) *[]webhook.Event {
	t.Helper()
	receiver, err := webhook.NewReceiver(webhook.WithSecret("secret"))
	require.NoError(t, err)
	events := new([]webhook.Event)
	webhook.OnAny(receiver, func(_ context.Context, event webhook.Event) error {
		*events = append(*events, event)
		return nil
	})
	srv.Handle(hookURL, receiver)
	srv.AddWebhook(hookURL, "secret", triggers...)
	return events
}

func TestAnyEventReachesAReceiver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		events := heard(t, srv, conversation.TriggerChannelEvent, conversation.TriggerEventDelivery)
		quality := conversation.ChannelEventNotification{ChannelEvent: conversation.ChannelEventDetails{
			Channel: conversation.ChannelWhatsApp, EventType: "WHATSAPP_QUALITY_RATING_CHANGED",
		}}

		srv.Emit(&webhook.ChannelEvent{ChannelEventNotification: quality})
		srv.Emit(&webhook.EventDelivery{
			Envelope:            webhook.Envelope{MessageMetadata: "meta", CorrelationID: "corr"},
			EventDeliveryReport: conversation.EventDeliveryReport{EventID: "E", Status: conversation.DeliveryStatusDelivered},
		})
		srv.Emit(&webhook.OptIn{})
		settle(t, srv)

		require.Len(t, *events, 2, "the third has no webhook")
		channel, _ := (*events)[0].(*webhook.ChannelEvent)
		require.NotNil(t, channel)
		assert.Equal(t, quality, channel.ChannelEventNotification)
		assert.Equal(t, srv.AppID(), channel.AppID)
		assert.Equal(t, srv.ProjectID(), channel.ProjectID)
		assert.Equal(t, "2000-01-01T00:00:00Z", channel.AcceptedTime.Format("2006-01-02T15:04:05Z07:00"))
		assert.False(t, channel.EventTime.IsZero())
		delivery, _ := (*events)[1].(*webhook.EventDelivery)
		require.NotNil(t, delivery)
		assert.Equal(t, "E", delivery.EventDeliveryReport.EventID)
		assert.Equal(t, "meta corr", delivery.MessageMetadata+" "+delivery.CorrelationID)
	})
}

func TestWhatTheEnvelopeOfAnEmittedEventHoldsStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		events := heard(t, srv, conversation.TriggerUnspecified)
		srv.Emit(&webhook.Unknown{Envelope: webhook.Envelope{Raw: json.RawMessage(
			`{"event_time": "2020-02-02T02:02:02Z", "fax_notification": {"pages": 12345678901234567890}}`)}})
		settle(t, srv)

		require.Len(t, *events, 1)
		fax, _ := (*events)[0].(*webhook.Unknown)
		require.NotNil(t, fax)
		assert.Equal(t, 2020, fax.EventTime.Year())
		assert.Contains(t, string(fax.Raw), "12345678901234567890")
		assert.Equal(t, srv.AppID(), fax.AppID)
	})
}

func TestAnEventThatCannotBeEmittedPanics(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{InMemory: true})
	defer srv.Close()
	assert.PanicsWithValue(t, `conversationtest: there is no app "none"`, func() {
		srv.Emit(&webhook.OptIn{Envelope: webhook.Envelope{AppID: "none"}})
	})
	assert.Panics(t, func() { srv.Emit(&webhook.Unknown{Envelope: webhook.Envelope{Raw: json.RawMessage(`[]`)}}) })
	assert.Panics(t, func() {
		srv.Emit(&webhook.ChannelEvent{ChannelEventNotification: conversation.ChannelEventNotification{
			ChannelEvent: conversation.ChannelEventDetails{AdditionalData: map[string]any{"number": math.Inf(1)}},
		}})
	})
}
