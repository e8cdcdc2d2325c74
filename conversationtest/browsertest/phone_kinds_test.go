package browsertest

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
)

func TestEachKindOfMessageLooksAsOnThePhoneOfItsChannel(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.open("/")
	for _, k := range kinds() {
		id := f.send(k.channel, number, k.message)
		p.goTo("message", id)
		shown := element(id)
		for _, part := range k.shows {
			p.inMessage(id, part)
		}
		if k.has != "" {
			assert.True(t, evaluate[bool](p, shown+".querySelector("+quoted(k.has)+") !== null"), "%s: %s", k.name, k.has)
		}
		assert.NotRegexp(t, `undefined|\bnull\b|\bfalse\b|\bNaN\b|\[object`, evaluate[string](p, shown+".innerText"), k.name)
		assert.False(t, evaluate[bool](p, shown+".querySelector('img, video, audio') !== null"), "%s: nothing is loaded before the person asks", k.name)
	}
}

func TestMessagesOfTheContactAreShown(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.open("/")
	for _, c := range []struct{ message, part string }{
		{`{"text_message": {"text": "Hello, app"}}`, "Hello, app"},
		{`{"media_message": {"url": "https://shop.example/photo.png"}}`, "photo.png"},
		{`{"location_message": {"title": "Here", "coordinates": {"latitude": 1, "longitude": 2}}}`, "1.00000° N, 2.00000° E"},
		{`{"product_response_message": {"products": [{"id": "sencha-100", "marketplace": "FACEBOOK", "quantity": 2}], "catalog_id": "teas"}}`, "sencha-100"},
		{`{"fallback_message": {"raw_message": "?!", "reason": {"code": "UNSUPPORTED_OPERATION", "description": "A dance"}}}`, "A dance"},
		{`{"channel_specific_message": {"message_type": "nfm_reply", "message": {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{\"tea\": \"sencha\"}"}}}}`, "sencha"},
	} {
		id := f.receive(conversation.ChannelWhatsApp, number, c.message)
		p.goTo("message", id)
		p.inMessage(id, c.part)
	}
}

// TestWhatThePageDoesNotKnowIsShownAsJSON renders what a newer fake could send.
func TestWhatThePageDoesNotKnowIsShownAsJSON(t *testing.T) {
	t.Parallel()
	p := newFake(t).open("/")
	p.render(
		`{"hologram_message": {"depth": 3}}`,
		`{"choice_message": {"text_message": {"text": "Tea?"}, "choices": [{"hologram_message": {"depth": 4}}]}}`,
		`{"channel_specific_message": {"message_type": "HOLOGRAM", "message": {"depth": 5}}}`,
		`{"text_message": "depth 6"}`, `{"card_message": {"choices": {"depth": 7}, "title": ["depth 8"]}}`,
		`{"list_message": {"sections": [null, 9, {"items": [null, {"choice": 9}]}]}}`, `{"template_message": 10}`, `{}`, `null`, `[]`, `"text"`,
	)
	for _, part := range []string{"hologram_message", `"depth": 3`, `"depth": 4`, `"depth": 5`, "depth 6", "depth 8"} {
		p.waitUntil("[...document.querySelectorAll('.rendered')].some((e) => e.textContent.includes(" + quoted(part) + "))")
	}
	assert.Equal(t, 11, evaluate[int](p, "document.querySelectorAll('.rendered').length"))
}

func TestMediaAreLoadedWhenThePersonAsks(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	media := serveMedia(t)
	p := f.open("/")
	id := f.send(conversation.ChannelRCS, number, `{"media_message": {"url": "`+media+`/tea.png"}}`)
	broken := f.send(conversation.ChannelRCS, number, `{"media_message": {"url": "`+media+`/broken.png"}}`)
	p.goTo("message", id)
	p.inMessage(id, "tea.png")
	assert.NotContains(t, p.requested(), media+"/tea.png")

	p.expect(media + "/") // Both are requested, and one is missing.
	p.clickIn(id, "Load image")
	p.waitUntil(element(id) + ".querySelector('img')?.naturalWidth > 0")
	p.clickIn(broken, "Load image")
	p.inMessage(broken, "Image cannot be loaded")
	p.inMessage(broken, "Try again")
	assert.Contains(t, p.requested(), media+"/tea.png")
}
