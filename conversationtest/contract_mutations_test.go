package conversationtest_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

// missing is the value of a field that a mutation removes.
type missing struct{}

// mutated is one field of a valid request, and its new value.
type mutated struct {
	field string // its path, with dots
	value any
}

// TestARequestThatBreaksTheContractNamesItsField changes one field at a time. The resources that the requests name do not
// exist: the contract is checked first.
func TestARequestThatBreaksTheContractNamesItsField(t *testing.T) {
	t.Parallel()
	total := 0
	for _, tt := range []struct {
		method, path, body string
		mutations          []mutated
	}{
		{http.MethodPost, "messages:send", `{"app_id":"A","recipient":{"contact_id":"C"},"message":{"text_message":{"text":"hi"}},"channel_priority_order":["SMS"]}`, []mutated{
			{"app_id", missing{}},
			{"app_id", 7},
			{"app_id", nil},
			{"recipient", missing{}},
			{"recipient", "C"},
			{"recipient.contact_id", 5},
			{"recipient.contact_id", []any{}},
			{"message", missing{}},
			{"message", 3},
			{"message.text_message", "hi"},
			{"message.text_message.text", 5},
			{"message_metadata", map[string]any{}},
			{"conversation_metadata", 5},
			{"channel_priority_order", "SMS"},
			{"channel_priority_order.0", "PIGEON"},
			{"channel_priority_order.0", 5},
			{"queue", "FAST"},
			{"ttl", "soon"},
			{"ttl", 1.5},
			{"ttl", true},
		}},
		{http.MethodPost, "contacts", `{"channel_identities":[{"channel":"SMS","identity":"15551230001"}],"language":"EN"}`, []mutated{
			{"channel_identities", missing{}},
			{"channel_identities", "SMS:1"},
			{"channel_identities.0", 5},
			{"channel_identities.0.channel", "PIGEON"},
			{"channel_identities.0.identity", 7},
			{"display_name", 5},
			{"email", map[string]any{}},
			{"language", 5},
			{"metadata", []any{}},
		}},
		{http.MethodPost, "contacts:merge", `{"destination_id":"A","source_id":"B"}`, []mutated{
			{"destination_id", missing{}}, {"source_id", missing{}}, {"source_id", 5},
		}},
		{http.MethodPost, "contacts/A:merge", `{"source_id":"B"}`, []mutated{
			{"source_id", missing{}}, {"strategy", "MIX"},
		}},
		{http.MethodPost, "conversations", `{"app_id":"A","contact_id":"C"}`, []mutated{
			{"app_id", missing{}}, {"contact_id", missing{}}, {"active", "yes"}, {"active_channel", "PIGEON"}, {"metadata", 5},
		}},
		{http.MethodPost, "apps", `{"display_name":"shop","channel_credentials":[{"channel":"SMS","static_bearer":{"claimed_identity":"i","token":"t"}}]}`, []mutated{
			{"display_name", missing{}},
			{"display_name", 5},
			{"channel_credentials", map[string]any{}},
			{"channel_credentials.0.channel", "PIGEON"},
			{"channel_credentials.0.static_bearer", 5},
			{"channel_credentials.0.static_bearer.token", 5},
		}},
		{http.MethodPost, "apps/A/webhooks", `{"app_id":"A","target":"https://x.test","triggers":["OPT_IN"]}`, []mutated{
			{"target", missing{}}, {"target", 5}, {"triggers", "OPT_IN"}, {"triggers.0", "NOPE"}, {"target_type", "CARRIER"}, {"secret", 5},
		}},
		{http.MethodPost, "events:send", `{"app_id":"A","recipient":{"contact_id":"C"},"event":{"composing_event":{}}}`, []mutated{
			{"event", missing{}}, {"recipient", missing{}}, {"event.composing_event", 5},
		}},
		{http.MethodPost, "capability:query", `{"app_id":"A","recipient":{"contact_id":"C"}}`, []mutated{
			{"recipient", missing{}}, {"app_id", 5},
		}},
		{http.MethodPost, "messages:transcode", `{"app_id":"A","app_message":{"text_message":{"text":"hi"}},"channels":["SMS"]}`, []mutated{
			{"channels", missing{}}, {"channels.0", "PIGEON"}, {"app_message", missing{}},
		}},
		{http.MethodPost, "messages:fetch-last-message", `{"channel_identities":["1"]}`, []mutated{
			{"channel_identities", "1"}, {"start_time", 5}, {"messages_source", "ANY_SOURCE"}, {"page_size", "ten"}, {"direction", "UP"},
		}},
		{http.MethodPost, "contacts:getChannelProfile", `{"app_id":"A","recipient":{"contact_id":"C"},"channel":"LINE"}`, []mutated{
			{"app_id", missing{}}, {"recipient", missing{}}, {"channel", missing{}}, {"channel", "SMS"},
		}},
		{http.MethodPost, "conversations/V:inject-message", `{"accept_time":"` + justNow() + `","channel_identity":{"channel":"SMS","identity":"15551230001"},
			"contact_id":"C","direction":"TO_APP","contact_message":{"text_message":{"text":"hi"}}}`, []mutated{
			{"accept_time", missing{}},
			{"accept_time", "soon"},
			{"channel_identity", missing{}},
			{"channel_identity.channel", "PIGEON"},
			{"contact_id", missing{}},
			{"direction", missing{}},
			{"direction", "UP"},
			{"contact_message", 5},
		}},
		{http.MethodPost, "conversations/V:inject-event", `{"accept_time":"` + justNow() + `","app_event":{"composing_event":{}}}`, []mutated{
			{"accept_time", missing{}}, {"app_event", missing{}}, {"app_event.composing_event", 5}, {"channel_identity", "SMS"},
		}},
		{http.MethodPost, "settings", `{"contact_settings":{"unified_contact_id_enabled":true}}`, []mutated{
			{"contact_settings", 5}, {"contact_settings.unified_contact_id_enabled", "yes"},
		}},
		{http.MethodPatch, "messages/M", `{"metadata":"note"}`, []mutated{{"metadata", missing{}}, {"metadata", 5}}},
		{http.MethodPatch, "contacts/C", `{"display_name":"Ada"}`, []mutated{{"display_name", 5}, {"channel_identities", 5}}},
		{http.MethodPatch, "webhooks/W", `{"target":"https://x.test"}`, []mutated{{"triggers", 5}, {"target", 5}}},
	} {
		total += len(tt.mutations)
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, conversationtest.Config{Contract: conversationtest.EitherContract})
			whole := w.call(tt.method, tt.path, tt.body)
			require.NotEqual(t, http.StatusBadRequest, whole.status, "the unchanged request breaks the contract: %s", whole.body)
			for _, mutation := range tt.mutations {
				answer := w.call(tt.method, tt.path, mutate(t, tt.body, mutation))
				answer.fails(http.StatusBadRequest, "INVALID_ARGUMENT", strings.ReplaceAll(mutation.field, ".0", "[0]")+": ")
			}
		})
	}
	assert.GreaterOrEqual(t, total, 75)
}

// justNow is a time in the past, as the API writes it.
func justNow() string { return time.Now().Add(-time.Hour).UTC().Format(time.RFC3339) }

// mutate changes one field of a JSON object.
func mutate(t *testing.T, body string, change mutated) string {
	t.Helper()
	var whole any
	require.NoError(t, json.Unmarshal([]byte(body), &whole))
	parts := strings.Split(change.field, ".")
	at := whole
	for i, part := range parts {
		last := i == len(parts)-1
		switch holder := at.(type) {
		case map[string]any:
			if last {
				holder[part] = change.value
				if _, gone := change.value.(missing); gone {
					delete(holder, part)
				}
			}
			at = holder[part]
		case []any:
			index, err := strconv.Atoi(part)
			require.NoError(t, err)
			if last {
				holder[index] = change.value
			}
			at = holder[index]
		}
	}
	text, err := json.Marshal(whole)
	require.NoError(t, err)
	require.NotEqual(t, body, string(text))
	return string(text)
}

func TestAQueryThatBreaksTheContractNamesItsParameter(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	for path, parameter := range map[string]string{
		"messages?page_size=many": "page_size", "contacts?page_size=1.5": "page_size", "conversations?only_active=maybe": "only_active",
	} {
		w.call(http.MethodGet, path, "").fails(http.StatusBadRequest, "INVALID_ARGUMENT", parameter)
	}
}

func TestAResourceMayBeSentBackWithItsID(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Contract: conversationtest.PlatformContract})
	path := "contacts/" + w.create("contacts", `{"channel_identities": [{"channel": "SMS", "identity": "15551230001"}], "language": "EN"}`)
	whole := w.get(path)
	body, err := json.Marshal(whole)
	require.NoError(t, err)
	assert.Equal(t, whole, w.patch(path, string(body)))
}

func TestOneContractRejectsTheBytesOfTheOther(t *testing.T) {
	t.Parallel()
	const seconds, text = `,"ttl":10}`, `,"ttl":"10s"}`
	for _, tt := range []struct {
		name        string
		contract    conversationtest.Contract
		right, fail string
	}{
		{"openapi.yaml", conversationtest.OpenAPIContract, seconds, text},
		{"the platform", conversationtest.PlatformContract, text, seconds},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, conversationtest.Config{Contract: tt.contract})
			body := strings.TrimSuffix(w.text("hi", "15551230000"), "}")
			w.send(body + tt.right)
			w.call(http.MethodPost, "messages:send", body+tt.fail).fails(http.StatusBadRequest, "INVALID_ARGUMENT", "ttl")
		})
	}
	w := newWire(t, conversationtest.Config{Contract: conversationtest.EitherContract})
	for _, tail := range []string{seconds, text} {
		w.send(strings.TrimSuffix(w.text("hi", "15551230000"), "}") + tail)
	}
}

func TestARouteOfTheOtherContractIsUnknown(t *testing.T) {
	t.Parallel()
	openAPI := newWire(t, conversationtest.Config{Contract: conversationtest.OpenAPIContract})
	openAPI.call(http.MethodPost, "contacts/a:merge", `{"source_id":"b"}`).fails(http.StatusNotImplemented, "UNIMPLEMENTED", "operation")
	platform := newWire(t, conversationtest.Config{Contract: conversationtest.PlatformContract})
	platform.call(http.MethodPost, "contacts:merge", `{"destination_id":"a","source_id":"b"}`).
		fails(http.StatusNotImplemented, "UNIMPLEMENTED", "operation")
}
