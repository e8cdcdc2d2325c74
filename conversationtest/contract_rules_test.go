package conversationtest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation/conversationtest"
)

// rule is a rule of the platform's contract: a request that keeps it, and one that breaks it at a field.
type rule struct {
	method, path string
	good, bad    string
	field        string
}

func (r rule) check(t *testing.T) {
	t.Helper()
	w := newWire(t, conversationtest.Config{AppID: "APP"})
	kept, broken := r.path, r.path
	if r.method == http.MethodGet {
		kept, broken = r.path+r.good, r.path+r.bad
		r.good, r.bad = "", ""
	}
	right := w.call(r.method, kept, r.good)
	assert.NotContains(t, []int{http.StatusBadRequest, http.StatusNotImplemented}, right.status, right.body)
	w.call(r.method, broken, r.bad).fails(http.StatusBadRequest, "INVALID_ARGUMENT", r.field+": ")
}

func checkRules(t *testing.T, rules map[string]rule) {
	t.Helper()
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rule.check(t)
		})
	}
}

const phoneIdentity = `{"channel": "SMS", "identity": "15551230000"}`

// sending returns a rule about the fields of a send.
func sending(good, bad, field string) rule {
	body := func(fields string) string {
		return `{"app_id": "APP", "recipient": {"identified_by": {"channel_identities": [` + phoneIdentity + `]}},
			"message": {"text_message": {"text": "hi"}}, ` + fields + `}`
	}
	return rule{http.MethodPost, "messages:send", body(good), body(bad), field}
}

// saying returns a rule about the message of a send.
func saying(good, bad, field string) rule {
	body := func(message string) string {
		return `{"app_id": "APP", "recipient": {"identified_by": {"channel_identities": [` + phoneIdentity + `]}}, "message": ` + message + `}`
	}
	return rule{http.MethodPost, "messages:send", body(good), body(bad), "message" + field}
}

// reaching returns a rule about the recipient of a send.
func reaching(good, bad, field string) rule {
	body := func(recipient string) string {
		return `{"app_id": "APP", "recipient": ` + recipient + `, "message": {"text_message": {"text": "hi"}}}`
	}
	return rule{http.MethodPost, "messages:send", body(good), body(bad), "recipient" + field}
}

func many(item string, count int) string {
	return "[" + strings.TrimSuffix(strings.Repeat(item+",", count), ",") + "]"
}

func TestARuleOfTheFieldsOfASendIsKept(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 2035)
	checkRules(t, map[string]rule{
		"ttl of 3 s":               sending(`"ttl": "3s"`, `"ttl": "2s"`, "ttl"),
		"ttl of 1 s":               sending(`"ttl": "60s"`, `"ttl": "1s"`, "ttl"),
		"ttl of 10,000 years":      sending(`"ttl": "315576000000s"`, `"ttl": "315576000001s"`, "ttl"),
		"ttl beyond 64 bits":       sending(`"ttl": "60s"`, `"ttl": "99999999999999999999s"`, "ttl"),
		"ttl with a fraction":      sending(`"ttl": "60s"`, `"ttl": "60.5s"`, "ttl"),
		"ttl as a number":          sending(`"ttl": "60s"`, `"ttl": 60`, "ttl"),
		"metadata as an object":    sending(`"conversation_metadata": {}`, `"conversation_metadata": "order 7"`, "conversation_metadata"),
		"metadata as a list":       sending(`"conversation_metadata": {"a": []}`, `"conversation_metadata": []`, "conversation_metadata"),
		"metadata of 2048":         sending(`"conversation_metadata": {"a": "`+long+`"}`, `"conversation_metadata": {"a": "`+long+`12345678"}`, "conversation_metadata"),
		"message metadata":         sending(`"message_metadata": "{}"`, `"message_metadata": {}`, "message_metadata"),
		"a known property":         sending(`"channel_properties": {"SMS_SENDER": "Shop"}`, `"channel_properties": {"SENDER": "Shop"}`, "channel_properties"),
		"a property that is text":  sending(`"channel_properties": {"SMS_SENDER": "1"}`, `"channel_properties": {"SMS_SENDER": 1}`, "channel_properties.SMS_SENDER"),
		"a known queue":            sending(`"queue": "HIGH_PRIORITY"`, `"queue": "URGENT"`, "queue"),
		"a known channel":          sending(`"channel_priority_order": ["RCS", "SMS"]`, `"channel_priority_order": ["SMS", "FAX"]`, "channel_priority_order[1]"),
		"a known strategy":         sending(`"processing_strategy": "DISPATCH_ONLY"`, `"processing_strategy": "FAST"`, "processing_strategy"),
		"a known content type":     sending(`"message_content_type": "CONTENT_MARKETING"`, `"message_content_type": "SPAM"`, "message_content_type"),
		"an absolute callback URL": sending(`"callback_url": "https://shop.example/"`, `"callback_url": "shop.example/sinch"`, "callback_url"),
		"a correlation id":         sending(`"correlation_id": "7"`, `"correlation_id": "`+strings.Repeat("x", 129)+`"`, "correlation_id"),
	})
}

func TestARuleOfTheRecipientIsKept(t *testing.T) {
	t.Parallel()
	to := func(identity string) string { return `{"identified_by": {"channel_identities": [` + identity + `]}}` }
	const field = ".identified_by.channel_identities"
	checkRules(t, map[string]rule{
		"one kind":                  reaching(to(phoneIdentity), `{"contact_id": "C", "identified_by": {"channel_identities": [`+phoneIdentity+`]}}`, ""),
		"a kind":                    reaching(to(phoneIdentity), `{}`, ""),
		"a contact":                 reaching(to(phoneIdentity), `{"contact_id": ""}`, ""),
		"identities":                reaching(to(phoneIdentity), to(``), field),
		"a channel that is known":   reaching(to(phoneIdentity), to(`{"channel": "FAX", "identity": "15551230000"}`), field+"[0].channel"),
		"a channel":                 reaching(to(phoneIdentity), to(`{"identity": "15551230000"}`), field+"[0].channel"),
		"an identity":               reaching(to(phoneIdentity), to(`{"channel": "SMS", "identity": " "}`), field+"[0].identity"),
		"a second identity":         reaching(to(phoneIdentity+`,`+phoneIdentity), to(phoneIdentity+`,{"channel": "RCS"}`), field+"[1].identity"),
		"no app":                    reaching(to(phoneIdentity), to(`{"channel": "SMS", "identity": "15551230000", "app_id": "APP"}`), field+"[0]"),
		"a number with a plus":      reaching(to(`{"channel": "SMS", "identity": "+15551230000"}`), to(`{"channel": "SMS", "identity": "+1 555 123 0000"}`), field+"[0].identity"),
		"a number with its country": reaching(to(phoneIdentity), to(`{"channel": "WHATSAPP", "identity": "0555123000"}`), field+"[0].identity"),
		"a number of digits":        reaching(to(`{"channel": "MESSENGER", "identity": "Ada"}`), to(`{"channel": "RCS", "identity": "Ada"}`), field+"[0].identity"),
		"a number of 7 digits":      reaching(to(`{"channel": "MMS", "identity": "1234567"}`), to(`{"channel": "MMS", "identity": "123456"}`), field+"[0].identity"),
	})
}

func TestARuleOfAMessageIsKept(t *testing.T) {
	t.Parallel()
	card := func(rest string) string { return `{"card_message": {"title": "Tea"` + rest + `}}` }
	menu := func(items string) string {
		return `{"list_message": {"title": "Tea", "sections": [{"items": [` + items + `]}]}}`
	}
	const choice, product = `{"choice": {"title": "Soup"}}`, `{"product": {"id": "1", "marketplace": "M"}}`
	const button, link = `{"text_message": {"text": "Yes"}}`, `{"url_message": {"title": "Shop", "url": "%"}}`
	text := `{"text_message": {"text": "hi"}}`
	choices := func(list string) string {
		return `{"choice_message": {"text_message": {"text": "Tea?"}, "choices": ` + list + `}}`
	}
	linked := func(url string) string { return choices("[" + strings.Replace(link, "%", url, 1) + "]") }
	cards := func(list, outer string) string {
		return `{"carousel_message": {"cards": ` + list + `, "choices": ` + outer + `}}`
	}
	place := func(latitude string) string {
		return `{"location_message": {"title": "Here", "coordinates": {"latitude": ` + latitude + `, "longitude": 12.5}}}`
	}
	person := func(rest string) string {
		return `{"contact_info_message": {"name": {"full_name": "Ada"}, "phone_numbers": [{"phone_number": "+15551230000"}]` + rest + `}}`
	}
	template := func(rest string) string {
		return `{"template_message": {"omni_template": {"template_id": "T"` + rest + `}}}`
	}
	checkRules(t, map[string]rule{
		"one content":             saying(text, `{"text_message": {"text": "hi"}, "card_message": {"title": "Tea"}}`, ""),
		"a content":               saying(text, `{}`, ""),
		"a content that is known": saying(text, `{"video_message": {"url": "https://x.test/a.mp4"}}`, ""),
		"text":                    saying(text, `{"text_message": {}}`, ".text_message.text"),
		"text that is not empty":  saying(text, `{"text_message": {"text": ""}}`, ".text_message.text"),
		"text that is not blank":  saying(text, `{"text_message": {"text": " \n"}}`, ".text_message.text"),
		"media":                   saying(`{"media_message": {"url": "https://x.test/a.png"}}`, `{"media_message": {}}`, ".media_message.url"),
		"the URL of media":        saying(`{"media_message": {"url": "https://x.test/a.png"}}`, `{"media_message": {"url": "/tmp/a.png"}}`, ".media_message.url"),
		"the URL of a thumbnail": saying(`{"media_message": {"url": "https://x.test/a.png"}}`,
			`{"media_message": {"url": "https://x.test/a.png", "thumbnail_url": "a.png"}}`, ".media_message.thumbnail_url"),
		"a card with content":           saying(card(``), `{"card_message": {}}`, ".card_message"),
		"a card with a title":           saying(card(``), `{"card_message": {"title": ""}}`, ".card_message"),
		"choices of a card":             saying(card(`, "choices": `+many(button, 10)), card(`, "choices": `+many(button, 11)), ".card_message.choices"),
		"the height of a card":          saying(card(`, "height": "TALL"`), card(`, "height": "HUGE"`), ".card_message.height"),
		"a choice":                      saying(choices("["+button+"]"), choices("[]"), ".choice_message.choices"),
		"ten choices":                   saying(choices(many(button, 10)), choices(many(button, 11)), ".choice_message.choices"),
		"one kind of choice":            saying(choices("["+button+"]"), choices(`[{"postback_data": "y"}]`), ".choice_message.choices[0]"),
		"the URL of a choice":           saying(linked("https://x.test"), linked("x.test"), ".choice_message.choices[0].url_message.url"),
		"a card of a carousel":          saying(cards(many(`{"title": "Tea"}`, 10), `[]`), cards(`[]`, `[]`), ".carousel_message.cards"),
		"ten cards":                     saying(cards(many(`{"title": "Tea"}`, 10), `[]`), cards(many(`{"title": "Tea"}`, 11), `[]`), ".carousel_message.cards"),
		"the second card":               saying(cards(`[{"title": "Tea"}]`, `[]`), cards(`[{"title": "Tea"}, {}]`, `[]`), ".carousel_message.cards[1]"),
		"three outer choices":           saying(cards(`[{"title": "Tea"}]`, many(button, 3)), cards(`[{"title": "Tea"}]`, many(button, 4)), ".carousel_message.choices"),
		"the title of a list":           saying(menu(choice), `{"list_message": {"sections": [{"items": [`+choice+`]}]}}`, ".list_message.title"),
		"items of a list":               saying(menu(choice), menu(``), ".list_message.sections[0].items"),
		"items of one kind":             saying(menu(product+`,`+product), menu(choice+`,`+product), ".list_message.sections"),
		"an item that is no button":     saying(menu(choice), menu(button), ".list_message.sections[0].items[0]"),
		"a place on the map":            saying(place("55.6"), place("120"), ".location_message.coordinates.latitude"),
		"a full name":                   saying(person(``), strings.Replace(person(``), "Ada", "", 1), ".contact_info_message.name.full_name"),
		"a birthday":                    saying(person(`, "birthday": "1990-04-08"`), person(`, "birthday": "8 April"`), ".contact_info_message.birthday"),
		"the version of a template":     saying(template(`, "version": "latest"`), template(``), ".template_message.omni_template.version"),
		"a version that says something": saying(template(`, "version": "1"`), template(`, "version": ""`), ".template_message.omni_template.version"),
		"parameters that are text": saying(template(`, "version": "1", "parameters": {"a": "1"}`), template(`, "version": "1", "parameters": {"a": 1}`),
			".template_message.omni_template.parameters.a"),
		"the language of a WhatsApp template": saying(`{"template_message": {"channel_template": {"WHATSAPP": {"template_id": "T", "language_code": "en_US"}}}}`,
			`{"template_message": {"channel_template": {"WHATSAPP": {"template_id": "T", "language_code": "en-US"}}}}`, ".template_message.channel_template.WHATSAPP.language_code"),
		"a channel of an override": saying(`{"text_message": {"text": "hi"}, "explicit_channel_message": {"SMS": "{}"}}`,
			`{"text_message": {"text": "hi"}, "explicit_channel_message": {"FAX": "{}"}}`, ".explicit_channel_message"),
		"a channel of an omni override": saying(`{"text_message": {"text": "hi"}, "explicit_channel_omni_message": {"WHATSAPP": `+text+`}}`,
			`{"text_message": {"text": "hi"}, "explicit_channel_omni_message": {"SMS": `+text+`}}`, ".explicit_channel_omni_message"),
	})
}
