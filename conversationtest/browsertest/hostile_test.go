package browsertest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// hostileTexts are strings that attack what shows them.
var hostileTexts = []string{
	`<script>window.hacked = 1</script>`,
	`<img src=x onerror="window.hacked = 1">`,
	`"><svg onload=window.hacked=1>`,
	`'-alert(1)-'`,
	`{{constructor.constructor("window.hacked = 1")()}}`,
	`javascript:window.hacked=1`,
	`data:text/html,<script>window.hacked=1</script>`,
	`</textarea></pre></style><iframe src="https://evil.example/"></iframe>`,
	"before \u202Etxet desrever\u202C after \u2066\u2067\u2069",
	"\u200b\u200c\u200d\ufeff\u2060\x00\x1b[31m\x7f",
	"e" + strings.Repeat("\u0301", 500),
	"\U0001F469\u200D\U0001F469\u200D\U0001F466 \ufffd",
	`__proto__`,
}

// TestHostileMessagesDoNothing puts each string into each place of a message that a person sees, then looks at every view.
func TestHostileMessagesDoNothing(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.AddWebhook("https://app.example/sinch", "secret", conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery)
	var last string
	for i, evil := range hostileTexts {
		for _, message := range hostileMessages(evil) {
			if status, answer := f.trySend(conversation.ChannelRCS, number, message); status == 200 {
				last, _ = answer["message_id"].(string)
			}
		}
		from := conversationtest.From(conversation.ChannelTelegram, evil)
		f.SetProfile(from, evil)
		f.Receive(from, conversationtest.InboundText(evil))
		f.call("PATCH", "messages/"+last, object{"metadata": evil})
		f.call("POST", "contacts", object{
			"display_name": evil, "language": "EN_US", "metadata": `{"__proto__": {"hacked": 1}}`, "external_id": evil,
			"channel_identities": []object{{"channel": "MESSENGER", "identity": evil}},
		})
		if i == 0 {
			_ = f.Fail(last, conversation.Reason{Code: conversation.ReasonChannelFailure, Description: evil})
		}
	}
	f.send(conversation.ChannelRCS, number, text(strings.Repeat("<b>0123456789 ", 8000)))
	last = f.send(conversation.ChannelRCS, number, text("the last one"))

	p := f.open("/")
	for _, evil := range hostileTexts {
		p.render(hostileMessages(evil)...) // Those too that the fake rejects.
	}
	p.unharmed()
	p.clickAll(".rendered button")
	p.unharmed()

	p.load("/")
	p.goTo("message", last)
	p.inMessage(last, "the last one")
	p.clickAll(".message .choice, .message button:not(.reply)")
	for _, view := range []string{"traffic", "weather", "setup", "phone"} {
		p.goTo(view)
		p.waitUntil("document.title.toLowerCase().startsWith(" + quoted(view) + ")")
		p.clickAll("main summary, main .attempts-toggle")
		p.unharmed()
	}
	for _, request := range []string{"1", "2", "9", "17"} {
		p.goTo("request", request)
		p.waitUntil("location.hash.endsWith('/" + request + "')")
		p.unharmed()
	}
}

// hostileMessages returns messages with the string in each of their fields.
func hostileMessages(evil string) []string {
	q := quoted(evil)
	return []string{
		text(evil),
		`{"media_message": {"url": "https://evil.example/\"><script>.png", "filename_override": ` + q + `}}`,
		`{"media_message": {"url": ` + q + `, "thumbnail_url": ` + q + `}}`,
		`{"card_message": {"title": ` + q + `, "description": ` + q + `, "choices": [{"text_message": {"text": ` + q + `}, "postback_data": ` + q + `}]}}`,
		`{"choice_message": {"text_message": {"text": ` + q + `}, "choices": [{"url_message": {"title": ` + q + `, "url": ` + q + `}}]}}`,
		`{"choice_message": {"text_message": {"text": ` + q + `}, "choices": [{"call_message": {"title": ` + q + `, "phone_number": ` + q + `}}]}}`,
		`{"list_message": {"title": ` + q + `, "sections": [{"title": ` + q + `, "items": [{"choice": {"title": ` + q + `, "postback_data": ` + q + `}}]}], "message_properties": {"menu": ` + q + `}}}`,
		`{"location_message": {"title": ` + q + `, "label": ` + q + `, "coordinates": {"latitude": 1, "longitude": 2}}}`,
		`{"contact_info_message": {"name": {"full_name": ` + q + `}, "phone_numbers": [{"phone_number": ` + q + `}], "urls": [{"url": ` + q + `}], "email_addresses": [{"email_address": ` + q + `}]}}`,
		`{"template_message": {"channel_template": {"RCS": {"template_id": ` + q + `, "language_code": "sv", "parameters": {` + q + `: ` + q + `, "__proto__": "x"}}}}}`,
		`{"explicit_channel_message": {"RCS": "{\"__proto__\": {\"hacked\": 1}, \"constructor\": 1}"}, "text_message": {"text": "x"}}`,
		`{"text_message": {"text": "x"}, "agent": {"display_name": ` + q + `, "type": "BOT", "picture_url": "https://evil.example/a.png"}}`,
	}
}

// clickAll clicks everything with the selector by a script, but for links and what sends or loads.
func (p *tab) clickAll(selector string) {
	p.Helper()
	evaluate[any](p, `void [...document.querySelectorAll(`+quoted(selector)+`)].slice(0, 200).filter((e) => e.tagName !== "A" && !/load|send/i.test(e.innerText + e.ariaLabel)).forEach((e) => e.click())`)
}

// unharmed checks that no message ran a script, and that nothing in the page can.
func (p *tab) unharmed() {
	p.Helper()
	assert.Equal(p, "undefined", evaluate[string](p, "typeof window.hacked + (({}).hacked ?? '')"))
	bad := evaluate[[]string](p, `[...document.querySelectorAll("*")].flatMap((e) => {
		const unsafe = ["href", "src", "action", "poster", "data", "srcdoc"].map((name) => e.getAttribute(name)).filter((url) => url && !/^(https?:|tel:|mailto:|#|[a-z_-]+\.(css|js|svg)$)/.test(url));
		const handlers = e.getAttributeNames().filter((name) => name.startsWith("on"));
		const foreign = ["IFRAME", "OBJECT", "EMBED", "BASE"].includes(e.tagName) || (e.tagName === "SCRIPT" && !e.src);
		return unsafe.length + handlers.length > 0 || foreign ? [e.outerHTML.slice(0, 300)] : [];
	})`)
	assert.Empty(p, bad)
	newWindow := evaluate[[]string](p, `[...document.querySelectorAll("a[target]")].filter((a) => !a.relList.contains("noopener")).map((a) => a.href)`)
	assert.Empty(p, newWindow, "links that give away the page")
}
