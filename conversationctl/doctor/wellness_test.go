package doctor_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationctl/doctor"
	"github.com/sinchgo/conversation/conversationtest"
)

// replies sets the body of the answers to an operation.
func (w *world) replies(operation, body string) {
	w.eu.Fault(conversationtest.Fault{Kind: conversationtest.FaultBadJSON, Operation: operation, Body: body})
}

// webhookReply returns the list of one webhook, with more fields.
func webhookReply(fields string) string {
	return `{"webhooks":[{"id":"01M8JR28E77YZ9DQWTP969V81F","target":"` + target + `","triggers":["MESSAGE_INBOUND","MESSAGE_DELIVERY"],` + fields + `}]}`
}

// appReply returns an app with more fields.
func appReply(fields string) string {
	return `{"id":"` + appID + `","channel_credentials":[{"channel":"SMS"}],` + fields + `}`
}

func TestWhatIsWellIsDescribed(t *testing.T) {
	t.Parallel()
	for _, well := range []struct {
		name   string
		change func(w *world)
		text   string
	}{
		{"basic authentication", func(w *world) { w.key = conversation.WithBasicAuth(keyID, keySecret) }, "by basic authentication, which has a low rate limit"},
		{"DISPATCH mode with retention", func(w *world) {
			w.replies("Apps.Get", appReply(`"processing_mode":"DISPATCH","dispatch_retention_policy":{"ttl_days":7}`))
		}, "app.retention: messages can be read back for 7 days"},
		{"messages that are kept", func(w *world) {
			w.replies("Apps.Get", appReply(`"processing_mode":"CONVERSATION","retention_policy":{"retention_type":"PERSIST_RETENTION_POLICY","ttl_days":5}`))
		}, "messages are kept until they are deleted"},
		{"conversations that expire", func(w *world) {
			w.replies("Apps.Get", appReply(`"processing_mode":"CONVERSATION","retention_policy":{"retention_type":"CONVERSATION_EXPIRE_POLICY"}`))
		}, "conversations are kept for 180 days after their last message"},
		{"messages that expire", func(w *world) {
			w.replies("Apps.Get", appReply(`"processing_mode":"CONVERSATION","retention_policy":{"retention_type":"MESSAGE_EXPIRE_POLICY","ttl_days":5}`))
		}, "messages are kept for 5 days"},
		{"other rates", func(w *world) {
			w.replies("Apps.Get", appReply(`"processing_mode":"CONVERSATION","rate_limits":{"outbound":100,"webhooks":50}`))
		}, "app.rates: 100 messages out, 25 in and 50 callbacks a second"},
		{"a queue with the default limit", func(w *world) {
			w.replies("Apps.Get", appReply(`"processing_mode":"CONVERSATION","queue_stats":{"outbound_size":399999}`))
		}, "399999 of 500000 messages wait"},
		{"no queue", func(w *world) { w.replies("Apps.Get", appReply(`"processing_mode":"CONVERSATION"`)) }, "active: SMS"},
		{"a masked secret", func(w *world) {
			w.replies("Webhooks.List", webhookReply(`"target_type":"HTTP","secret":"********"`))
		}, "which the API masks"},
		{"a secret that the options do not name", func(w *world) { w.opts.WebhookSecret, w.opts.CallbackURL = "", "" }, "the webhooks have a secret, or"},
		{"callbacks with a token", func(w *world) {
			w.opts.WebhookSecret, w.opts.CallbackURL = "", ""
			w.replies("Webhooks.List", webhookReply(`"target_type":"HTTP","client_credentials":{"client_id":"a","client_secret":"b","endpoint":"https://shop.example"}`))
		}, "answers an unsigned request with 401"},
		{"a webhook of another kind", func(w *world) {
			w.replies("Webhooks.List", webhookReply(`"target_type":"GRPC","secret":"`+webhookSecret+`"`))
			w.opts.CallbackURL = ""
			w.internet.serve("shop.example", nil)
		}, "each has a webhook: MESSAGE_INBOUND, MESSAGE_DELIVERY"},
		{"a target that answers 400", func(w *world) {
			w.opts.CallbackURL = ""
			w.answer(http.StatusBadRequest)
		}, "answers an unsigned request with 400"},
	} {
		t.Run(well.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			well.change(w)
			findings := w.run()
			assert.Contains(t, summary(findings), well.text)
			for _, finding := range findings {
				assert.Equal(t, doctor.LevelOK, finding.Level, finding)
			}
		})
	}
}
