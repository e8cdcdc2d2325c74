package conversationtest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

const greeting = `{"id": "greeting", "default_translation": "sv", "translations": [
	{"language_code": "en", "version": "1", "text_message": {"text": "Hello ${name}"}},
	{"language_code": "en", "version": "2", "variables": [{"key": "name", "preview_value": "you"}], "card_message": {
		"title": "Hi ${name}, ${ name }", "description": "${day}", "height": "TALL", "choices": [
			{"url_message": {"title": "${name}", "url": "https://shop.example/${name}"}}]}},
	{"language_code": "sv", "text_message": {"text": "Hej ${name}"}}]}`

func TestATemplateIsShownFilledIn(t *testing.T) {
	t.Parallel()
	const reference = `{"omni_template": {"template_id": "greeting", "version": "3", "language_code": "en"}}`
	for name, tc := range map[string]struct{ message, shown string }{
		"a translation": {
			`{"template_message": {"omni_template": {"template_id": "greeting", "version": "1", "language_code": "en", "parameters": {"name": "Ada"}}}}`,
			`{"text_message": {"text": "Hello Ada"}}`,
		},
		"another version, in each string": {
			`{"template_message": {"omni_template": {"template_id": "greeting", "version": "2", "language_code": "en",
				"parameters": {"name": "<Ada>", "day": "${name}"}}}}`,
			`{"card_message": {"title": "Hi <Ada>, ${ name }", "description": "${name}", "height": "TALL", "choices": [
				{"url_message": {"title": "<Ada>", "url": "https://shop.example/<Ada>"}}]}}`,
		},
		"the default translation": {
			`{"template_message": {"omni_template": {"template_id": "greeting", "version": "latest", "parameters": {"name": "Ada"}}}}`,
			`{"text_message": {"text": "Hej Ada"}}`,
		},
		"without a parameter": {
			`{"template_message": {"omni_template": {"template_id": "greeting", "version": "1", "language_code": "sv"}}}`,
			`{"text_message": {"text": "Hej ${name}"}}`,
		},
		"beside a template of another channel": {
			`{"template_message": {"omni_template": {"template_id": "greeting", "version": "1"},
				"channel_template": {"KAKAOTALK": {"template_id": "T", "version": "1"}}}}`,
			`{"text_message": {"text": "Hej ${name}"}}`,
		},
		"of an override": {
			`{"text_message": {"text": "Hi"}, "explicit_channel_omni_message": {"WHATSAPP": {"template_reference":
				{"template_id": "greeting", "version": "1", "parameters": {"name": "Ada"}}}}}`,
			`{"text_message": {"text": "Hej Ada"}}`,
		},
		"another version than there is": {`{"template_message": ` + reference + `}`, `{"template_message": ` + reference + `}`},
		"a template that does not exist": {
			`{"template_message": {"omni_template": {"template_id": "other", "version": "1"}}}`,
			`{"template_message": {"omni_template": {"template_id": "other", "version": "1"}}}`,
		},
		"a template of the channel": {
			`{"template_message": {"omni_template": {"template_id": "greeting", "version": "1"},
				"channel_template": {"WHATSAPP": {"template_id": "T", "language_code": "en"}}}}`,
			`{"template_message": {"omni_template": {"template_id": "greeting", "version": "1"},
				"channel_template": {"WHATSAPP": {"template_id": "T", "language_code": "en"}}}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBothProcessingModes(t, func(t *testing.T, w wire) {
				t.Helper()
				w.templates(http.MethodPost, "", greeting).decode(&struct{}{})
				assert.JSONEq(t, tc.shown, shown(t, w.srv, w.sendContent(tc.message)))
			})
		})
	}
}

func TestAMessageShowsItsTemplateAsItWasWhenItWasSent(t *testing.T) {
	t.Parallel()
	const message = `{"template_message": {"omni_template": {"template_id": "greeting", "version": "1", "parameters": {"name": "Ada"}}}}`
	w := newWire(t, conversationtest.Config{})
	before := w.sendContent(message)
	w.templates(http.MethodPost, "", greeting).decode(&struct{}{})
	sent := w.sendContent(message)
	w.templates(http.MethodPut, "/greeting",
		`{"version": 1, "translations": [{"language_code": "sv", "text_message": {"text": "Tja ${name}"}}]}`).decode(&struct{}{})
	updated := w.sendContent(message)
	w.templates(http.MethodDelete, "/greeting", "").decode(&struct{}{})

	require.NoError(t, w.srv.SwitchChannel(sent))
	assert.JSONEq(t, message, shown(t, w.srv, before))
	assert.JSONEq(t, `{"text_message": {"text": "Hej Ada"}}`, shown(t, w.srv, sent))
	assert.JSONEq(t, `{"text_message": {"text": "Tja Ada"}}`, shown(t, w.srv, updated))
}

func TestAMessageOfABatchShowsTheParametersOfItsRecipient(t *testing.T) {
	t.Parallel()
	w := newBatchWire(t, conversationtest.Config{})
	w.templates(http.MethodPost, "", greeting).decode(&struct{}{})
	w.sendBatch(`"message": {"text_message": {"text": "Hi ${name}"}}, "recipient_and_params": [
		{"recipient": ` + toNumber("15551230000") + `, "parameters": {"name": "Ada"}},
		{"recipient": ` + toNumber("15551230001") + `, "parameters": {"name": "Bo"}}]`)
	w.sendBatch(`"message": {"template_message": {"omni_template": {"template_id": "greeting", "version": "1", "parameters": {"name": "${who}"}}}},
		"recipient_and_params": [{"recipient": ` + toNumber("15551230000") + `, "parameters": {"who": "Cy"}}]`)
	var seen []string
	for _, sent := range w.srv.Sent() {
		seen = append(seen, shown(t, w.srv, sent.MessageID))
	}
	assert.Equal(t, []string{
		`{"text_message":{"text":"Hi Ada"}}`, `{"text_message":{"text":"Hi Bo"}}`, `{"text_message":{"text":"Hej Cy"}}`,
	}, seen)
}
