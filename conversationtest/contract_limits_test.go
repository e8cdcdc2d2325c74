package conversationtest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/conversationtest"
)

// TestALimitOfThePlatformIsKept sends a value of the greatest length allowed, and then one that is longer by one. The
// resources that the requests name do not exist: the contract is checked first.
func TestALimitOfThePlatformIsKept(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Contract: conversationtest.PlatformContract})
	for _, tt := range []struct {
		method, path, body, field string
		length                    int
	}{
		{http.MethodPatch, "messages/M", `{"metadata": "%"}`, "metadata", 1024},
		{http.MethodPatch, "contacts/C", `{"metadata": "%"}`, "metadata", 1024},
		{http.MethodPost, "conversations", `{"app_id": "A", "contact_id": "C", "correlation_id": "%"}`, "correlation_id", 128},
		{http.MethodPost, "messages:send", `{"app_id": "A", "recipient": {"contact_id": "C"},
			"message": {"text_message": {"text": "hi"}}, "message_metadata": "%"}`, "message_metadata", 1024},
		{http.MethodPost, "conversations/V:inject-message", `{"accept_time":"` + justNow() + `", "metadata": "%",
			"channel_identity":{"channel":"SMS","identity":"15551230001"}, "contact_id":"C", "direction":"TO_APP",
			"contact_message":{"text_message":{"text":"hi"}}}`, "metadata", 1024},
		{http.MethodPatch, "apps/A", `{"channel_credentials": [{"channel": "SMS", "callback_secret": "%",
			"static_bearer": {"claimed_identity": "i", "token": "t"}}]}`, "channel_credentials[0].callback_secret", 256},
		{http.MethodPatch, "webhooks/W", `{"client_credentials": {"client_id": "i", "client_secret": "s",
			"endpoint": "https://x.test", "scope": "%"}}`, "client_credentials.scope", 1024},
	} {
		fill := func(length int) string { return strings.Replace(tt.body, "%", strings.Repeat("å", length), 1) }
		assert.Equal(t, http.StatusNotFound, w.call(tt.method, tt.path, fill(tt.length)).status, tt.path)
		w.call(tt.method, tt.path, fill(tt.length+1)).fails(http.StatusBadRequest, "INVALID_ARGUMENT", tt.field+": ")
	}
}

func TestARangeOfThePlatformIsKept(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Contract: conversationtest.PlatformContract})
	for field, bounds := range map[string][2]string{
		"retention_policy.ttl_days":                                   {"3650", "3651"},
		"dispatch_retention_policy.ttl_days":                          {"7", "8"},
		"message_retry_settings.retry_duration":                       {"30", "29"},
		"delivery_report_based_fallback.delivery_report_waiting_time": {"259200", "259201"},
	} {
		object, name, _ := strings.Cut(field, ".")
		body := func(value string) string { return `{"` + object + `": {"` + name + `": ` + value + `}}` }
		assert.Equal(t, http.StatusNotFound, w.call(http.MethodPatch, "apps/NONE", body(bounds[0])).status, field)
		w.call(http.MethodPatch, "apps/NONE", body(bounds[1])).fails(http.StatusBadRequest, "INVALID_ARGUMENT", field+": ")
	}
}

func TestAPageSizeAboveTheLimitIsRejectedByName(t *testing.T) {
	t.Parallel()
	for _, contract := range []conversationtest.Contract{
		conversationtest.EitherContract, conversationtest.OpenAPIContract, conversationtest.PlatformContract,
	} {
		w := newWire(t, conversationtest.Config{Contract: contract, AppID: "APP"})
		for _, path := range []string{
			"contacts?page_size=21", "conversations?page_size=21", "messages?page_size=1001",
			"contacts:identityConflicts?page_size=21", "conversations:recent?app_id=APP&page_size=51", "events?page_size=21",
			"apps/APP/consents/OPT_OUT_ALL?page_size=51",
		} {
			w.call(http.MethodGet, path, "").fails(http.StatusBadRequest, "INVALID_ARGUMENT", "page_size: ")
		}
		w.call(http.MethodPost, "messages:fetch-last-message", `{"page_size": 1001}`).
			fails(http.StatusBadRequest, "INVALID_ARGUMENT", "page_size: ")
	}
}
