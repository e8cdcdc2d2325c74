package relay

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/webhook"
)

func TestAnEntryIsSettledBeforeTheHandlerRuns(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, body string
		fail       error
		want       []string
	}{
		{name: "submit", body: `{"correlation_id":"E","message_submit_notification":{"message_id":"M"}}`, want: []string{"E M", "handler"}},
		{name: "delivery", body: `{"correlation_id":"E","message_delivery_report":{"message_id":"M"}}`, want: []string{"E M", "handler"}},
		{name: "submit with the id in the metadata", body: `{"message_submit_notification":{"message_id":"M","metadata":"{\"a\":1,\"relay_id\":\"E\"}"}}`, want: []string{"E M", "handler"}},
		{name: "delivery with the id in the metadata", body: `{"message_delivery_report":{"message_id":"M","metadata":"{\"relay_id\":\"E\"}"}}`, want: []string{"E M", "handler"}},
		{name: "both", body: `{"correlation_id":"E","message_delivery_report":{"message_id":"M","metadata":"{\"relay_id\":\"other\"}"}}`, want: []string{"E M", "handler"}},
		{name: "metadata without an id", body: `{"message_delivery_report":{"message_id":"M","metadata":"order 7"}}`, want: []string{"handler"}},
		{name: "an id of another type", body: `{"message_delivery_report":{"message_id":"M","metadata":"{\"relay_id\":7}"}}`, want: []string{"handler"}},
		{name: "no correlation id", body: `{"message_delivery_report":{"message_id":"M"}}`, want: []string{"handler"}},
		{name: "another event", body: `{"correlation_id":"E","message":{"id":"M"}}`, want: []string{"handler"}},
		{name: "the outbox fails", body: `{"correlation_id":"E","message_delivery_report":{"message_id":"M"}}`, fail: errors.New("down"), want: []string{"E M"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var calls []string
			receiver, err := webhook.NewReceiver(webhook.WithoutVerification())
			require.NoError(t, err)
			webhook.OnAny(receiver, func(context.Context, webhook.Event) error {
				calls = append(calls, "handler")
				return nil
			})
			fold := func(_ context.Context, said outbox.Report) error {
				calls = append(calls, said.ID+" "+said.MessageID)
				return tt.fail
			}
			event, err := webhook.Parse([]byte(tt.body))
			require.NoError(t, err)
			d := &delivery{inboxRun: &inboxRun{receiver: receiver, fold: fold}}
			err = d.settleAndHandle(t.Context(), event)
			assert.Equal(t, tt.fail != nil, errors.Is(err, errSettle))
			assert.Equal(t, tt.want, calls)
		})
	}
}
