package webhook_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

func TestAnEventGoesToTheHandlerOfItsType(t *testing.T) {
	t.Parallel()
	receiver := newReceiver(t)
	var got []string
	webhook.On(receiver, func(_ context.Context, event *webhook.MessageInbound) error {
		got = append(got, "inbound "+event.AppID)
		return nil
	})
	webhook.On(receiver, func(_ context.Context, event *webhook.MessageDelivery) error {
		got = append(got, "delivery "+string(event.MessageDeliveryReport.Status))
		return nil
	})
	webhook.OnAny(receiver, func(_ context.Context, event webhook.Event) error {
		got = append(got, fmt.Sprintf("any %T", event))
		return nil
	})
	for i, callback := range []string{
		`{"app_id":"A","message":{}}`,
		`{"message_delivery_report":{"status":"READ"}}`,
		`{"something_new":{}}`,
	} {
		assert.Equal(t, 200, serve(receiver, newCallback(t, []byte(callback), strconv.Itoa(i))).Code)
	}
	assert.Equal(t, []string{"inbound A", "delivery " + string(conversation.DeliveryStatusRead), "any *webhook.Unknown"}, got)
}

func TestAnEventWithoutAHandlerIsAcceptedAndDropped(t *testing.T) {
	t.Parallel()
	receiver := newReceiver(t)
	webhook.On(receiver, func(context.Context, *webhook.MessageDelivery) error { panic("not for this event") })
	assert.Equal(t, 200, serve(receiver, newCallback(t, body, nonce)).Code)
}

func TestInvalidRegistrationsPanic(t *testing.T) {
	t.Parallel()
	inbound := func(context.Context, *webhook.MessageInbound) error { return nil }
	other := func(context.Context, webhook.Event) error { return nil }
	for want, add := range map[string]func(*webhook.Receiver){
		"webhook: On(*webhook.MessageInbound): the type already has a handler":                  func(r *webhook.Receiver) { webhook.On(r, inbound) },
		"webhook: On(*webhook.MessageDelivery): the function is nil":                            func(r *webhook.Receiver) { webhook.On[webhook.MessageDelivery](r, nil) },
		"webhook: On(*webhook.MessageInbound): the receiver is nil: create it with NewReceiver": func(*webhook.Receiver) { webhook.On(nil, inbound) },
		"webhook: OnAny: there is already a handler":                                            func(r *webhook.Receiver) { webhook.OnAny(r, other) },
		"webhook: OnAny: the function is nil":                                                   func(r *webhook.Receiver) { webhook.OnAny(r, nil) },
		"webhook: OnAny: the receiver is nil: create it with NewReceiver":                       func(*webhook.Receiver) { webhook.OnAny(nil, other) },
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			receiver := newReceiver(t)
			webhook.On(receiver, inbound)
			webhook.OnAny(receiver, other)
			assert.PanicsWithValue(t, want, func() { add(receiver) })
		})
	}
}

func TestHandlersCanBeRegisteredWhileTheReceiverServes(t *testing.T) {
	t.Parallel()
	receiver := newReceiver(t)
	calls := &counter{}
	add := func(context.Context, *webhook.MessageInbound) error {
		calls.add()
		return nil
	}
	var serving sync.WaitGroup
	for i := range 4 {
		serving.Go(func() {
			for j := range 50 {
				assert.Equal(t, 200, serve(receiver, newCallback(t, fmt.Appendf(nil, `{"message":{"id":"%d-%d"}}`, i, j), nonce)).Code)
			}
		})
	}
	webhook.On(receiver, add)
	webhook.OnAny(receiver, func(context.Context, webhook.Event) error { return nil })
	serving.Wait()
	before := calls.count()
	require.Equal(t, 200, serve(receiver, newCallback(t, []byte(`{"message":{"id":"last"}}`), nonce)).Code)
	assert.Equal(t, before+1, calls.count())
}
