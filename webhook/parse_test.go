package webhook_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

func TestEachTriggerHasAType(t *testing.T) {
	t.Parallel()
	for trigger, body := range samples(t) {
		t.Run(string(trigger), func(t *testing.T) {
			t.Parallel()
			event, err := webhook.Parse(body)
			require.NoError(t, err)
			assert.IsType(t, eventTypes[trigger], event)
			assert.Equal(t, trigger, event.Trigger())
			assert.Equal(t, string(body), string(event.Meta().Raw))
			assert.NotEmpty(t, event.Meta().AppID)
		})
	}
}

func TestWritingAnEventAgainLosesNothing(t *testing.T) {
	t.Parallel()
	for trigger, body := range samples(t) {
		t.Run(string(trigger), func(t *testing.T) {
			t.Parallel()
			event, err := webhook.Parse(body)
			require.NoError(t, err)
			again, err := json.Marshal(event)
			require.NoError(t, err)
			assert.JSONEq(t, string(body), string(again))
		})
	}
}

// TestNewFieldsAndValuesAreNotErrors puts what nobody expects at every place of every sample. Of the largest, which has every message
// kind, `make test` changes one in 121 places, `make soak` each.
func TestNewFieldsAndValuesAreNotErrors(t *testing.T) {
	t.Parallel()
	for _, news := range []any{"SOMETHING_NEW", nil, 12.5, true, []any{"a"}, map[string]any{"new": map[string]any{"deep": 1}}} {
		for trigger, body := range samples(t) {
			t.Run(fmt.Sprintf("%v in %s", news, trigger), func(t *testing.T) {
				t.Parallel()
				tried, step := 0, 1
				if len(body) > 10_000 && !soaking {
					step = 121
				}
				changeEachPlace(t, body, news, func(written func() []byte) {
					if tried++; tried%step != 0 {
						return
					}
					changed := written()
					event, err := webhook.Parse(changed)
					require.NoError(t, err, "%s", changed)
					require.IsType(t, eventTypes[trigger], event, "%s", changed)
				})
				assert.Greater(t, tried, 5)
			})
		}
	}
}

// changeEachPlace visits the body once for each value below its payload, with another value there, and once for each
// object, with one more field.
func changeEachPlace(t *testing.T, body []byte, other any, visit func(written func() []byte)) {
	t.Helper()
	var whole map[string]any
	require.NoError(t, json.Unmarshal(body, &whole))
	emit := func() {
		visit(func() []byte {
			text, err := json.Marshal(whole)
			require.NoError(t, err)
			return text
		})
	}
	var walk func(value any, top bool)
	walk = func(value any, top bool) {
		switch value := value.(type) {
		case map[string]any:
			value["not_known"] = other
			emit()
			delete(value, "not_known")
			for name, was := range value {
				_, object := was.(map[string]any)
				if !top || !object {
					value[name] = other
					emit()
					value[name] = was
				}
				walk(was, false)
			}
		case []any:
			for i, was := range value {
				value[i] = other
				emit()
				value[i] = was
				walk(was, false)
			}
		}
	}
	walk(whole, true)
}

func TestABodyWithoutAKnownPayloadIsUnknown(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{}`, `{"app_id": "A"}`, `{"app_id": "A", "message": null}`, `{"app_id": "A", "fax_notification": {"pages": 2}}`,
		` {"fax_notification": {"message": {"id": "M"}}} `,
	} {
		event, err := webhook.Parse([]byte(body))
		require.NoError(t, err, body)
		require.IsType(t, &webhook.Unknown{}, event, body)
		assert.Equal(t, conversation.TriggerUnspecified, event.Trigger())
		again, err := json.Marshal(event)
		require.NoError(t, err)
		assert.JSONEq(t, body, string(again))
	}
	empty, err := json.Marshal(&webhook.Unknown{Envelope: webhook.Envelope{AppID: "A"}})
	require.NoError(t, err)
	assert.JSONEq(t, `{"app_id": "A", "project_id": ""}`, string(empty), "one that nobody parsed")
}

func TestBothFormsOfUndocumentedPayloadsAreRead(t *testing.T) {
	t.Parallel()
	t.Run("identities with and without the notification", func(t *testing.T) {
		t.Parallel()
		const identities = `"duplicated_identities": [{"channel": "SMS", "contact_ids": ["A", "B"]}]`
		const wrapped = `"duplicated_contact_identities_notification": {` + identities + `}`
		for _, body := range []string{
			`{` + identities + `}`, `{` + wrapped + `}`, `{` + identities + `,` + wrapped + `}`, `{` + wrapped + `,` + identities + `}`,
			`{"duplicated_contact_identities_notification": null, ` + identities + `}`,
		} {
			found := parsedAs[*webhook.ContactIdentitiesDuplication](t, body).DuplicatedContactIdentitiesNotification
			assert.Equal(t, []conversation.DuplicatedIdentities{
				{Channel: conversation.ChannelSMS, ContactIDs: []string{"A", "B"}},
			}, found.DuplicatedIdentities, body)
		}
	})
	t.Run("a record in snake and in camel case", func(t *testing.T) {
		t.Parallel()
		want := conversation.RecordNotification{
			EntityID: "E", RecordStatus: conversation.RecordStatusEventRecordStored, ContactID: "C", ConversationID: "V",
			ProcessingMode:  conversation.ProcessingModeDispatch,
			ChannelIdentity: &conversation.ChannelIdentity{Channel: conversation.ChannelRCS, Identity: "1"},
			Reason:          &conversation.Reason{Code: conversation.ReasonBadRequest},
		}
		for _, body := range []string{
			`{"entity_id": "E", "record_status": "EVENT_RECORD_STORED", "contact_id": "C", "conversation_id": "V", "processing_mode": "DISPATCH",
				"channel_identity": {"channel": "RCS", "identity": "1"}, "reason": {"code": "BAD_REQUEST"}}`,
			`{"entityId": "E", "recordStatus": "EVENT_RECORD_STORED", "contactId": "C", "conversationId": "V", "processingMode": "DISPATCH",
				"channelIdentity": {"channel": "RCS", "identity": "1"}, "reason": {"code": "BAD_REQUEST"}}`,
		} {
			event := parsedAs[*webhook.RecordNotification](t, `{"record_notification": `+body+`}`)
			assert.Equal(t, want, event.RecordNotification)
		}
	})
	t.Run("a payload field in another case, escaped, or after escapes", func(t *testing.T) {
		t.Parallel()
		for _, body := range []string{
			`{"Message": {"id": "M"}}`, `{"m\u0065ssage": {"id": "M"}}`, `{"\u006dessage": {"id": "M"}}`,
			`{"app_id": "", "message": {"id": "M"}}`, `{"app_id": "\\", "correlation_id": "\"{", "message": {"id": "M"}}`,
		} {
			assert.Equal(t, "M", parsedAs[*webhook.MessageInbound](t, body).Message.ID)
		}
	})
}

func TestABodyThatIsNotACallbackIsAParseError(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, body string
		offset     int64
		reason     string
	}{
		{"nothing", "", 0, "unexpected end"},
		{"null", "null", 0, "not a JSON object"},
		{"an array", " []", 1, "not a JSON object"},
		{"a string", `"message"`, 0, "not a JSON object"},
		{"not JSON", "app_id=A", 1, "invalid character"},
		{"cut short", `{"app_id": "A", "message": {"id": "M"`, 37, "unexpected end"},
		{"cut short in a name", `{"app_id": "A", "mess`, 21, "unexpected end"},
		{"cut short after a name", `{"message"`, 10, "unexpected end"},
		{"cut short after a colon", `{"message":`, 11, "unexpected end"},
		{"cut short in an escape", `{"message\`, 0, ""},
		{"cut short after an escaped quote", `{"message\"`, 11, "unexpected end"},
		{"more after the end", `{"message": {}} x`, 17, "invalid character"},
		{"two objects", `{"message": {}}{"event": {}}`, 16, "invalid character"},
		{"a missing comma", `{"app_id": "A" "message": {}}`, 16, "invalid character"},
		{"two byte order marks", "\ufeff\ufeff{}", 0, "invalid character"},
		{"compressed", "\x1f\x8b\x08\x00", 1, "invalid character"},
		{"two payloads", `{"message": {"id": "M"}, "event": {"id": "E"}}`, 25, "two payloads, message and event"},
		{"a duplicated field", `{"message": {"id": "M"}, "message": {"id": "N"}}`, 25, "duplicated"},
		{"a duplicated field, in two cases", `{"app_id": "A", "APP_ID": "B"}`, 16, "duplicated"},
		{"a duplicated field of another product", `{"event": "ice", "event": "dice"}`, 17, "duplicated"},
		{"100,000 nested arrays", strings.Repeat("[", 100_000), 0, ""},
		{"100,000 arrays in a message", `{"message": {"metadata": ` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}}`, 223, "too deeply"},
		{"100,000 objects in a message", `{"message": ` + strings.Repeat(`{"a":`, 100_000), 0, "too deeply"},
		{"more than Parse reads", `{"message": {}}` + strings.Repeat(" ", webhook.MaxParseBytes), webhook.MaxParseBytes, "larger than MaxParseBytes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			event, err := webhook.Parse([]byte(tt.body))
			assert.Nil(t, event)
			var refused *webhook.ParseError
			require.ErrorAs(t, err, &refused)
			assert.Contains(t, refused.Reason, tt.reason)
			assert.Contains(t, err.Error(), fmt.Sprintf("byte %d", refused.Offset))
			if tt.offset != 0 {
				assert.Equal(t, tt.offset, refused.Offset)
			}
		})
	}
}

func TestTheLargestBodyIsRead(t *testing.T) {
	t.Parallel()
	body := `{"message": {"id": "M"}}`
	body += strings.Repeat(" ", webhook.MaxParseBytes-len(body))
	assert.Equal(t, "M", parsedAs[*webhook.MessageInbound](t, body).Message.ID)
}

func TestOddStringsAreReadAsEncodingJSONDoes(t *testing.T) {
	t.Parallel()
	inbound := parsedAs[*webhook.MessageInbound](t, "{\"message\": {\"id\": \"a\xffb\", \"contact_id\": \"C\", \"contact_id\": \"D\"}}")
	assert.Equal(t, "a\ufffdb", inbound.Message.ID, "bytes that are not UTF-8")
	assert.Equal(t, "D", inbound.Message.ContactID, "a duplicated field")
	assert.True(t, bytes.Contains(inbound.Raw, []byte("\xff")))
}

func TestTheRawBodyIsACopy(t *testing.T) {
	t.Parallel()
	body := []byte(`{"message": {"id": "M"}}`)
	event, err := webhook.Parse(body)
	require.NoError(t, err)
	clear(body)
	assert.True(t, bytes.Equal([]byte(`{"message": {"id": "M"}}`), event.Meta().Raw))
}

// parsedAs parses a body that must be of one type.
func parsedAs[E webhook.Event](t *testing.T, body string) E {
	t.Helper()
	event, err := webhook.Parse([]byte(body))
	require.NoError(t, err, body)
	typed, ok := event.(E)
	require.True(t, ok, "%s is a %T", body, event)
	return typed
}
