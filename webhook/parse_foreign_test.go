package webhook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// foreign are bodies of other products of Sinch, which customers point at the same URL.
var foreign = map[string]string{
	"verification request": `{"id":"1234567890","event":"VerificationRequestEvent","method":"sms","identity":{"type":"number","endpoint":"+15551230000"},
		"price":{"amount":10.5,"currencyId":"USD"},"reference":"R","custom":"C","acceptLanguage":["es-ES"]}`,
	"verification result": `{"id":"1234567890","event":"VerificationResultEvent","method":"flashcall","identity":{"type":"number","endpoint":"+15551230000"},
		"status":"SUCCESSFUL","source":"manual"}`,
	"incoming call": `{"event":"ice","callid":"4398599d1ba84ef3bde0a82dfb61abed","timestamp":"2014-12-15T12:01:22Z","version":1,
		"userRate":{"currencyId":"USD","amount":0},"cli":"15551230000","to":{"type":"did","endpoint":"+15551230000"},"domain":"pstn",
		"originationType":"PSTN","duration":0}`,
	"call menu":    `{"event":"pie","callid":"1","menuResult":{"menuId":"main","type":"Return","value":"1","inputMethod":"dtmf"},"version":1}`,
	"incoming fax": `{"event":"INCOMING_FAX","eventTime":"2026-06-10T12:00:00Z","fax":{"id":"01","direction":"INBOUND"},"file":"JVBERi0="}`,
	"inbound SMS": `{"type":"mo_text","id":"01FC66621XXXXX119Z8PMV1QPA","from":"15551230000","to":"12345","body":"Hi!",
		"received_at":"2026-06-10T12:00:00Z","operator_id":"35000"}`,
	"SMS report": `{"type":"delivery_report_sms","batch_id":"01FC66621XXXXX119Z8PMV1QPA","total_message_count":3,
		"statuses":[{"code":0,"status":"Delivered","count":2,"recipients":["15551230000"]}]}`,
	"number": `{"eventId":"01gr72s86re6sr8ppkqh1jwm0t","timestamp":"2026-06-10T12:00:00.000Z","projectId":"P","resourceId":"+15551230000",
		"resourceType":"ACTIVE_NUMBER","eventType":"PROVISIONING_TO_SMS_PLATFORM","status":"FAILED","failureCode":"CAMPAIGN_NOT_AVAILABLE"}`,
}

func TestACallbackOfAnotherProductIsUnknown(t *testing.T) {
	t.Parallel()
	for name, body := range foreign {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			unknown := parsedAs[*webhook.Unknown](t, body)
			assert.Equal(t, conversation.TriggerUnspecified, unknown.Trigger())
			assert.Equal(t, body, string(unknown.Raw))
			again, err := json.Marshal(unknown)
			require.NoError(t, err)
			assert.JSONEq(t, body, string(again))

			var got webhook.Event
			receiver := newReceiver(t)
			webhook.OnAny(receiver, func(_ context.Context, e webhook.Event) error {
				got = e
				return nil
			})
			assert.Equal(t, http.StatusOK, serve(receiver, newCallback(t, []byte(body), nonce)).Code)
			assert.IsType(t, unknown, got)
		})
	}
}

// payloadFields are the names of the fields that determine the type of an event.
func payloadFields(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, body := range samples(t) {
		var top map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(body, &top))
		for name, value := range top {
			if value[0] == '{' {
				names = append(names, name)
			}
		}
	}
	require.Len(t, names, len(eventTypes))
	return append(names, "duplicated_identities")
}

func TestAPayloadFieldOfAnotherTypeIsNoPayload(t *testing.T) {
	t.Parallel()
	for _, name := range payloadFields(t) {
		for _, value := range []string{`"text"`, `""`, "12.5", "-1", "true", "false", "null", `["a"]`, "[]"} {
			if name == "duplicated_identities" && value[0] == '[' {
				continue
			}
			t.Run(name+" "+value, func(t *testing.T) {
				t.Parallel()
				body := fmt.Sprintf(`{"app_id": "A", %q: %s}`, name, value)
				unknown := parsedAs[*webhook.Unknown](t, body)
				assert.Equal(t, "A", unknown.AppID)
				assert.Equal(t, body, string(unknown.Raw))

				other, typed := "message", webhook.Event(new(webhook.MessageInbound))
				if name == other {
					other, typed = "message_delivery_report", new(webhook.MessageDelivery)
				}
				for _, both := range []string{
					fmt.Sprintf(`{%q: %s, %q: {"conversation_id": "V"}}`, name, value, other),
					fmt.Sprintf(`{%q: {"conversation_id": "V"}, %q: %s}`, other, name, value),
				} {
					event, err := webhook.Parse([]byte(both))
					require.NoError(t, err, both)
					assert.IsType(t, typed, event, both)
				}
			})
		}
	}
	assert.IsType(t, new(webhook.Unknown), parsedAs[*webhook.Unknown](t, `{"duplicated_identities": {"channel": "SMS"}}`))
}

func TestAFieldOfTheEnvelopeOfAnotherTypeIsConvertedOrLeftOut(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]webhook.Envelope{
		`{"app_id": 5, "project_id": 12345678901234567890, "correlation_id": 7.50, "message_metadata": 1}`: {
			AppID: "5", ProjectID: "12345678901234567890", CorrelationID: "7.50", MessageMetadata: "1",
		},
		`{"app_id": {}, "project_id": [], "correlation_id": true, "message_metadata": {"a": 1}, "accepted_time": {}, "event_time": true}`: {},
		`{"app_id": null, "accepted_time": "", "event_time": null}`:                                                                       {},
	} {
		for _, payload := range []string{"", `, "message": {"id": "M"}`, `, "event": "ice"`} {
			event, err := webhook.Parse([]byte(body[:len(body)-1] + payload + "}"))
			require.NoError(t, err, body)
			got := *event.Meta()
			got.Raw = nil
			assert.Equal(t, want, got, body)
		}
	}
	for _, body := range []string{`{"accepted_time": 1781179200}`, `{"accepted_time": "1781179200", "event": 5}`} {
		event, err := webhook.Parse([]byte(body))
		require.NoError(t, err)
		assert.Equal(t, int64(1781179200), event.Meta().AcceptedTime.Unix(), body)
	}
}
