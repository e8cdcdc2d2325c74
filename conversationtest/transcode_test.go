package conversationtest_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestAMessageIsShownForEachChannel(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{AppID: "APP"})
	for name, tc := range map[string]struct{ message, rcs, sms string }{
		"a text": {
			`{"text_message": {"text": "Fish & chips"}}`,
			`{"type":"text","text":"Fish & chips"}`,
			`{"type":"text","text":"Fish & chips"}`,
		},
		"media": {
			`{"media_message": {"url": "https://example.com/?a=1&b=2", "thumbnail_url": "https://example.com/t"}}`,
			`{"type":"media","url":"https://example.com/?a=1&b=2","thumbnail_url":"https://example.com/t"}`,
			`{"type":"text","text":"https://example.com/?a=1&b=2"}`,
		},
		"a card": {
			`{"card_message": {"title": "Hi", "description": "Well?", "media_message": {"url": "https://example.com/"},
				"choices": [{"text_message": {"text": "Yes"}, "postback_data": "y"}, {"text_message": {"text": "No"}}]}}`,
			`{"type":"card","title":"Hi","description":"Well?","url":"https://example.com/",` +
				`"choices":[{"text":"Yes","postback_data":"y"},{"text":"No"}]}`,
			`{"type":"text","text":"Hi\nWell?\nhttps://example.com/\n1. Yes\n2. No"}`,
		},
		"a list of openapi.yaml": {
			`{"list_message": {"title": "Menu", "sections": [{"title": "Food", "items": [{"text_message": {"text": "Soup"}, "postback_data": "s"}]}]}}`,
			`{"type":"list","title":"Menu","sections":[{"title":"Food","items":[{"text":"Soup","postback_data":"s"}]}]}`,
			`{"type":"text","text":"Menu\nFood\n1. Soup"}`,
		},
		"a list of the platform": {
			`{"list_message": {"title": "Menu", "sections": [{"items": [{"choice": {"title": "Soup"}}]}, {"items": [{"choice": {"title": "Tea"}}]}]}}`,
			`{"type":"list","title":"Menu","sections":[{"items":[{"text":"Soup"}]},{"items":[{"text":"Tea"}]}]}`,
			`{"type":"text","text":"Menu\n1. Soup\n2. Tea"}`,
		},
		"a template": {
			`{"template_message": {"omni_template": {"template_id": "T", "version": "1", "language_code": "en", "parameters": {"b": "2", "a": "1"}}}}`,
			`{"type":"template","template_id":"T","version":"1","language_code":"en","parameters":{"a":"1","b":"2"}}`,
			`{"type":"template","template_id":"T","version":"1","language_code":"en","parameters":{"a":"1","b":"2"}}`,
		},
		"a kind that the SDK does not know": {
			`{"location_message": {"title": "Here"}}`,
			`{"type":"location","content":{"title":"Here"}}`,
			`{"type":"location","content":{"title":"Here"}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var shown struct {
				Messages map[string]string `json:"transcoded_message"`
			}

			w.to(t).call(http.MethodPost, "messages:transcode",
				`{"app_id": "APP", "channels": ["RCS", "SMS"], "app_message": `+tc.message+`}`).decode(&shown)

			assert.Equal(t, map[string]string{"RCS": tc.rcs, "SMS": tc.sms}, shown.Messages)
			require.True(t, json.Valid([]byte(tc.rcs)))
		})
	}
}

func TestABadTranscodingIsRefused(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{AppID: "APP"})
	const text = `"app_message": {"text_message": {"text": "hi"}}`
	for _, tc := range []struct {
		body     string
		status   int
		mentions string
	}{
		{``, 400, "the request: "},
		{`{}`, 400, "app_id: it is required; app_message: it is required; channels: it is required"},
		{`{"app_id": "APP", ` + text + `}`, 400, "channels: it is required"},
		{`{"app_id": "APP", ` + text + `, "channels": ["SMS", ""]}`, 400, "channels[1]"},
		{`{"app_id": "APP", ` + text + `, "channels": "SMS"}`, 400, "channels: "},
		{`{"app_id": "APP", "channels": ["SMS"], "app_message": {"text_message": {}, "card_message": {}}}`, 400, "not 2"},
		{`{"app_id": "OTHER", ` + text + `, "channels": ["SMS"]}`, 404, "OTHER"},
	} {
		name := map[int]string{400: "INVALID_ARGUMENT", 404: "NOT_FOUND"}[tc.status]
		w.call(http.MethodPost, "messages:transcode", tc.body).fails(tc.status, name, tc.mentions)
	}
	assert.Empty(t, w.srv.Sent())
}
