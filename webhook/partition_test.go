package webhook_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/webhook"
)

func TestThePartitionKeyIsTheConversationTheContactOrTheIdentity(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"message":{"id":"1","conversation_id":"C","contact_id":"P"}}`:                                "C",
		`{"message":{"contact_id":"P","conversation_id" : "C"}}`:                                       "C",
		`{"message_delivery_report":{"metadata":"\"conversation_id\":\"x\"","conversation_id":"C"}}`:   "C",
		`{"message":{"contact_message":{"any":{"conversation_id":"x"}},"conversation_id":"C"}}`:        "C",
		`{"record_notification":{"conversationId":"C"}}`:                                               "C",
		`{"conversation_start_notification":{"conversation":{"id":"C","contact_id":"P"}}}`:             "C",
		`{"a":["x"],"conversation_stop_notification" : {"conversation" : {"app_id":"A", "id" : "C"}}}`: "C",
		`{"opt_in_notification":{"contact_id":"P"}}`:                                                   "P",
		`{"contact_create_notification":{"contact":{"id":"P"}}}`:                                       "P",
		`{"message":{"conversation_id":"","contact_id":"P"}}`:                                          "P",
		`{"message":{"conversation_id":7,"contact_id":"P"}}`:                                           "P",
		`{"message":{"kind":"conversation_id","contact_id":"P"}}`:                                      "P",
		`{"conversation_id":"x","message":{"contact_id":"P"}}`:                                         "P",
		`{"message":{"contact_id":"","channel_identity":{"channel":"SMS","identity":"15551230000"}}}`:  "15551230000",
		`{"message_delivery_report":{"channel_identity":{"identity" : "I","app_id":"x"}}}`:             "I",
		`{"message":{"channel_identity":{"identity":"I"},"contact_id":"P"}}`:                           "P",
		`{"message":{"channel":"SMS","channel_identity":"I"}}`:                                         "I",
		`{"message":{"channel_identity":{"identity":7},"text":{"identity":"x"}}}`:                      "",
		`{"message":{"conversation_id":"a\"b"}}`:                                                       `a\"b`,
		`{"message":{"conversation_id":"a\\"},"b":"c"}`:                                                `a\\`,
		`{"a":` + deep(100_000) + `,"message":{"conversation_id":"C"}}`:                                "C",
		`{"a":{"conversation_id":"C`:                                                                   "C",
	} {
		assert.Equal(t, want, string(webhook.PartitionKey([]byte(body))), "%.200s", body)
	}
}

func TestABodyWithoutAConversationAContactAndAnIdentityHasNoPartitionKey(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, ` `, `null`, `[]`, `{}`, `"conversation_id"`, `{"message":{"id":"1"}}`, `{"message":{"contact_id":""}}`, `}}}"a"`,
		`{"a":{"conversation_id`, `{"a":{"conversation_id"`, `{"a":{"conversation_id" `, `{"a":{"conversation_id":`,
		`{"a":{"conversation_id": `, `{"a":{"conversation_id":"`, `{"a":{"b\`, deep(100_000), strings.Repeat("]", 100),
	} {
		assert.Nil(t, webhook.PartitionKey([]byte(body)), "%.200s", body)
	}
	assert.Nil(t, webhook.PartitionKey(nil))
}

func TestAppendingToAPartitionKeyLeavesTheBodyAlone(t *testing.T) {
	t.Parallel()
	body := []byte(`{"message":{"conversation_id":"C"}}`)
	before := bytes.Clone(body)
	_ = append(webhook.PartitionKey(body), "another"...)
	assert.Equal(t, before, body)
}

// deep returns arrays in arrays.
func deep(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }

// FuzzPartitionKey requires a key that is a part of the body, whatever the body is.
func FuzzPartitionKey(f *testing.F) {
	for _, body := range samples(f) {
		f.Add(body)
	}
	f.Add([]byte(`{"message":{"id":"1","conversation_id":"C","contact_id":"P"}}`))
	f.Add([]byte(`{"a":{"conversation":{"id":"`))
	f.Fuzz(func(t *testing.T, body []byte) {
		key := webhook.PartitionKey(body)
		if key != nil && (len(key) == 0 || !bytes.Contains(body, key)) {
			t.Fatalf("the key %q is not a part of the body", key)
		}
	})
}
