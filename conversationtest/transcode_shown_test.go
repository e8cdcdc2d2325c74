package conversationtest_test

import (
	"encoding/json"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAMessageWithoutAnOverrideShowsItsKind(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../testdata/appmessages.json")
	require.NoError(t, err)
	var messages []map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(data, &messages))
	inBothProcessingModes(t, func(t *testing.T, w wire) {
		t.Helper()
		kinds := map[string]bool{}
		for _, message := range messages {
			if len(message) > 1 {
				continue
			}
			id := w.sendContent(asJSON(t, message))
			for kind := range message {
				kinds[kind] = true
			}
			assert.JSONEq(t, asJSON(t, message), shown(t, w.srv, id))
			require.NoError(t, w.srv.SwitchChannel(id))
			assert.JSONEq(t, asJSON(t, message), shown(t, w.srv, id), "on SMS")
		}
		assert.Len(t, kinds, 9)
	})
}

func TestAMessageShowsTheOverrideOfItsChannel(t *testing.T) {
	t.Parallel()
	const (
		omni     = `"explicit_channel_omni_message": {"WHATSAPP": {"media_message": {"url": "https://shop.example/a.png"}}}`
		specific = `"channel_specific_message": {"WHATSAPP": {"message_type": "FLOWS", "message": {"flow_id": "7", "flow_cta": "Open"}}}`
		explicit = `"explicit_channel_message": {"WHATSAPP": "{\"type\": \"text\"}"}`
		raw      = `{"explicit_channel_message": "{\"type\": \"text\"}"}`
		flow     = `{"channel_specific_message": {"message_type": "FLOWS", "message": {"flow_id": "7", "flow_cta": "Open"}}}`
		media    = `{"media_message": {"url": "https://shop.example/a.png"}}`
		text     = `{"text_message": {"text": "Hi"}}`
	)
	for name, tc := range map[string]struct{ others, shown string }{
		"none":                         {`"agent": {"display_name": "Ada", "type": "BOT"}, "reply_to": {"message_id": "M"}, "card_message": null`, text},
		"omni":                         {omni, media},
		"channel specific":             {specific, flow},
		"explicit":                     {explicit, raw},
		"channel specific before omni": {omni + `, ` + specific, flow},
		"explicit before the others":   {omni + `, ` + specific + `, ` + explicit, raw},
		"of other channels": {
			`"explicit_channel_message": {"LINE": "{}"}, "explicit_channel_omni_message": {"KAKAOTALK": {"text_message": {"text": "Ho"}}}`,
			text,
		},
		"a template": {
			`"explicit_channel_omni_message": {"WHATSAPP": {"template_reference": {"template_id": "T", "version": "1"}}}`,
			`{"template_message": {"omni_template": {"template_id": "T", "version": "1"}}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBothProcessingModes(t, func(t *testing.T, w wire) {
				t.Helper()
				id := w.sendContent(`{"text_message": {"text": "Hi"}, ` + tc.others + `}`)
				assert.JSONEq(t, tc.shown, shown(t, w.srv, id))
				require.NoError(t, w.srv.SwitchChannel(id))
				assert.JSONEq(t, text, shown(t, w.srv, id), "on SMS")
			})
		})
	}
}

func TestASwitchOfTheChannelShowsTheOverrideOfTheNewOne(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	id := w.sendContent(`{"card_message": {"title": "Tea"}, "explicit_channel_message": {"SMS": "Tea by SMS"}}`)
	assert.JSONEq(t, `{"card_message": {"title": "Tea"}}`, shown(t, w.srv, id))
	require.NoError(t, w.srv.SwitchChannel(id))
	assert.JSONEq(t, `{"explicit_channel_message": "Tea by SMS"}`, shown(t, w.srv, id))
}

func TestWhatThisVersionDoesNotKnowIsShownAsItWasSent(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ message, shown string }{
		"a field": {
			`{"text_message":{"text":"Hi","tone":{"b":12345678901234567890.50,"a":null}}}`,
			`{"text_message":{"text":"Hi","tone":{"b":12345678901234567890.50,"a":null}}}`,
		},
		"a kind beside the one that it knows": {
			`{"hologram_message":{"z":1.00,"a":2},"text_message":{"text":"Hi"}}`,
			`{"hologram_message":{"z":1.00,"a":2},"text_message":{"text":"Hi"}}`,
		},
		"a kind of an override": {
			`{"text_message":{"text":"Hi"},"explicit_channel_omni_message":{"WHATSAPP":{"hologram_message":{"z":1.00,"a":2}}}}`,
			`{"hologram_message":{"z":1.00,"a":2}}`,
		},
		"a field of a channel": {
			`{"text_message":{"text":"Hi"},"channel_specific_message":{"WHATSAPP":{"message_type":"FLOWS","message":{"z":1.00,"flow_id":"7","flow_cta":"Open"}}}}`,
			`{"channel_specific_message":{"message_type":"FLOWS","message":{"z":1.00,"flow_id":"7","flow_cta":"Open"}}}`,
		},
		"a format of a channel": {
			`{"text_message":{"text":"Hi"},"explicit_channel_message":{"WHATSAPP":"<b>é</b>\n{"}}`,
			`{"explicit_channel_message":"<b>é</b>\n{"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, conversationtest.Config{Contract: conversationtest.EitherContract})
			assert.Equal(t, tc.shown, shown(t, w.srv, w.sendContent(tc.message)))
		})
	}
}

func TestAnInjectedMessageShowsItsContentAndOneOfAContactNone(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	received := w.srv.Receive(sms(), conversationtest.InboundText("Hi"))
	assert.Empty(t, shown(t, w.srv, received.ID))

	inject := func(content string) {
		w.call(http.MethodPost, "conversations/"+received.ConversationID+":inject-message", `{"accept_time": "`+inFuture(-time.Hour)+`",
			"contact_id": "`+received.ContactID+`", "channel_identity": {"channel": "SMS", "identity": "15551230000"}, `+content+`}`).decode(&struct{}{})
	}
	inject(`"direction": "TO_CONTACT", "app_message": {"text_message": {"text": "Ho"}}`)
	inject(`"direction": "TO_APP", "contact_message": {"text_message": {"text": "He"}}`)
	var seen []string
	for _, id := range w.idsOf("messages", "messages") {
		seen = append(seen, shown(t, w.srv, id))
	}
	assert.ElementsMatch(t, []string{`{"text_message":{"text":"Ho"}}`, "", ""}, seen)
}
