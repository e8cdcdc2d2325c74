package outbox_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/outbox"
	"github.com/sinchgo/conversation/webhook"
)

func TestTheIDIsAddedToMetadataThatHasRoom(t *testing.T) {
	t.Parallel()
	// metadata returns an object to which an ID of one character adds 15 characters.
	metadata := func(length int) string { return `{"a":"` + strings.Repeat("é", length-8) + `"}` }
	for _, tt := range []struct{ name, metadata, id, want string }{
		{"nothing", "", "order-7", `{"relay_id":"order-7"}`},
		{"an empty object", " { } ", "7", ` { "relay_id":"7"}`},
		{"an object", `{"n":9007199254740993, "a": "<&>"}`, "7", `{"n":9007199254740993, "a": "<&>","relay_id":"7"}`},
		{"an id with quotes", "", `a"b<c>\`, `{"relay_id":"a\"b\u003cc\u003e\\"}`},
		{"text", "order 7", "7", "order 7"},
		{"a list", `[1]`, "7", `[1]`},
		{"null", "null", "7", "null"},
		{"the key is taken", `{"relay_id":"mine"}`, "7", `{"relay_id":"mine"}`},
		{"two objects", `{}{}`, "7", `{}{}`},
		{"just enough room", metadata(1009), "7", strings.TrimSuffix(metadata(1009), "}") + `,"relay_id":"7"}`},
		{"no room", metadata(1010), "7", metadata(1010)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, outbox.WithID(tt.metadata, tt.id))
		})
	}
}

func TestACallbackIsAboutTheEntryOfEitherID(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		want outbox.Report
	}{
		"submit": {
			`{"correlation_id":"E","message_submit_notification":{"message_id":"M"}}`, outbox.Report{ID: "E", MessageID: "M"},
		},
		"submit, in the metadata": {
			`{"message_submit_notification":{"message_id":"M","metadata":"{\"a\":1,\"relay_id\":\"E\"}"}}`, outbox.Report{ID: "E", MessageID: "M"},
		},
		"delivery": {
			`{"correlation_id":"E","message_delivery_report":{"message_id":"M","status":"DELIVERED"}}`,
			outbox.Report{ID: "E", MessageID: "M", Delivery: conversation.DeliveryStatusDelivered},
		},
		"delivery, in the metadata": {
			`{"message_delivery_report":{"message_id":"M","status":"READ","metadata":"{\"relay_id\":\"E\"}"}}`,
			outbox.Report{ID: "E", MessageID: "M", Delivery: conversation.DeliveryStatusRead},
		},
		"failed delivery": {
			`{"correlation_id":"E","message_delivery_report":{"message_id":"M","status":"FAILED","reason":{"code":"CHANNEL_FAILURE","description":"of +46701234567"}}}`,
			outbox.Report{ID: "E", MessageID: "M", Delivery: conversation.DeliveryStatusFailed, Reason: "CHANNEL_FAILURE: of +*******"},
		},
		"reason of another status": {
			`{"correlation_id":"E","message_delivery_report":{"message_id":"M","status":"SWITCHING_CHANNEL","reason":{"code":"CHANNEL_FAILURE"}}}`,
			outbox.Report{ID: "E", MessageID: "M", Delivery: conversation.DeliveryStatusSwitchingChannel},
		},
		"both IDs": {
			`{"correlation_id":"E","message_delivery_report":{"message_id":"M","metadata":"{\"relay_id\":\"other\"}"}}`, outbox.Report{ID: "E", MessageID: "M"},
		},
		"other metadata":        {`{"message_delivery_report":{"message_id":"M","metadata":"order 7"}}`, outbox.Report{MessageID: "M"}},
		"an ID of another type": {`{"message_delivery_report":{"message_id":"M","metadata":"{\"relay_id\":7}"}}`, outbox.Report{MessageID: "M"}},
		"no ID":                 {`{"message_delivery_report":{"message_id":"M"}}`, outbox.Report{MessageID: "M"}},
		"another event":         {`{"correlation_id":"E","message":{"id":"M"}}`, outbox.Report{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			event, err := webhook.Parse([]byte(c.body))
			require.NoError(t, err)
			assert.Equal(t, c.want, outbox.ReportOf(event))
		})
	}
}
