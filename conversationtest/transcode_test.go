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
	w := newWire(t, conversationtest.Config{Contract: conversationtest.EitherContract, AppID: "APP"})
	for name, tc := range map[string]struct{ message, rcs, sms string }{
		"text": {
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
		"a template of a channel": {
			`{"template_message": {"channel_template": {"WHATSAPP": {"template_id": "T", "parameters": {"a": "1"}}}}}`,
			`{"type":"template","channel_template":{"WHATSAPP":{"parameters":{"a":"1"},"template_id":"T"}}}`,
			`{"type":"template","channel_template":{"WHATSAPP":{"parameters":{"a":"1"},"template_id":"T"}}}`,
		},
		"a list of items with more, and of products": {
			`{"list_message": {"title": "Menu", "media": {"url": "https://example.com/"}, "sections": [{"items": [
				{"choice": {"title": "Soup", "description": "Hot", "media": {"url": "https://example.com/s"}, "postback_data": "s"}},
				{"product": {"id": "tea-1", "marketplace": "FACEBOOK"}}]}]}}`,
			`{"type":"list","title":"Menu","url":"https://example.com/","sections":[{"items":[` +
				`{"text":"Soup","description":"Hot","url":"https://example.com/s","postback_data":"s"},{"product_id":"tea-1"}]}]}`,
			`{"type":"text","text":"Menu\nhttps://example.com/\n1. Soup Hot https://example.com/s\n2. tea-1"}`,
		},
		"a choice": {
			`{"choice_message": {"text_message": {"text": "Tea?"}, "choices": [
				{"url_message": {"title": "Shop", "url": "https://example.com/?a=1&b=2"}, "postback_data": "u"},
				{"call_message": {"title": "Call", "phone_number": "+15551230000"}},
				{"location_message": {"title": "Here", "coordinates": {"latitude": 55.5, "longitude": -13}}},
				{"calendar_message": {"title": "Book", "event_title": "Tea", "event_start": "2026-03-01T12:00:00Z",
					"event_end": "2026-03-01T13:00:00Z", "fallback_url": "https://example.com/c"}},
				{"share_location_message": {"title": "Where?", "fallback_url": "https://example.com/w"}}]}}`,
			`{"type":"choice","text":"Tea?","choices":[{"text":"Shop","url":"https://example.com/?a=1&b=2","postback_data":"u"},` +
				`{"text":"Call","phone_number":"+15551230000"},{"text":"Here","coordinates":{"latitude":55.5,"longitude":-13}},` +
				`{"text":"Book","url":"https://example.com/c"},{"text":"Where?","url":"https://example.com/w"}]}`,
			`{"type":"text","text":"Tea?\n1. Shop https://example.com/?a=1&b=2\n2. Call +15551230000\n3. Here geo:55.5,-13\n` +
				`4. Book https://example.com/c\n5. Where? https://example.com/w"}`,
		},
		"a carousel": {
			`{"carousel_message": {"cards": [{"title": "Tea", "choices": [{"text_message": {"text": "Buy"}}]}, {"title": "Coffee",
				"choices": [{"text_message": {"text": "Buy"}}]}], "choices": [{"text_message": {"text": "No"}}]}}`,
			`{"type":"carousel","cards":[{"type":"card","title":"Tea","choices":[{"text":"Buy"}]},` +
				`{"type":"card","title":"Coffee","choices":[{"text":"Buy"}]}],"choices":[{"text":"No"}]}`,
			`{"type":"text","text":"Tea\n1. Buy\nCoffee\n2. Buy\n3. No"}`,
		},
		"a location": {
			`{"location_message": {"title": "Shop", "label": "Malmö", "coordinates": {"latitude": 55.604, "longitude": 13.001}}}`,
			`{"type":"location","title":"Shop","label":"Malmö","coordinates":{"latitude":55.604,"longitude":13.001}}`,
			`{"type":"text","text":"Shop\nMalmö\ngeo:55.604,13.001"}`,
		},
		"contact info": {
			`{"contact_info_message": {"name": {"full_name": "Kim Tea"}, "phone_numbers": [{"phone_number": "+1"}, {"phone_number": "+2"}]}}`,
			`{"type":"contact_info","name":"Kim Tea","phone_numbers":["+1","+2"]}`,
			`{"type":"text","text":"Kim Tea\n+1\n+2"}`,
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

func TestABadTranscodingIsRejected(t *testing.T) {
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
