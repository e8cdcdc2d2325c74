package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestANewContactWritesFirstAndOptsOut(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	inbox := f.inbox()
	p := f.open("/")
	p.press("n")
	p.find("dialog", "New contact")
	evaluate[any](p, `void (document.querySelector("dialog [name=channel]").value = "WHATSAPP")`)
	for field, typed := range map[string]string{"identity": "+1 555 444 0000", "name": "Mary Shelley"} {
		p.clickElement(field, "document.querySelector('dialog [name="+field+"]')")
		p.press(typed)
	}
	p.press(kb.Enter)
	assert.Equal(t, "Hello", inbox.next(p).TextMessage.Text)
	p.find("heading", "Mary Shelley")

	p.click("button", "Attach, or send an event")
	p.click("menuitem", "Opt out")
	p.waitFor("This contact has opted out.")
	page, err := f.NewClient(t).Consents.Identities(t.Context(), f.AppID(), conversation.ConsentsOptOutAll, nil)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	assert.Equal(t, "15554440000", page.Items[0].Identity)
	p.click("button", "Opt in again")
	p.waitGone("This contact has opted out.")
}

func TestACarouselMovesWithTheArrowKeys(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.open("/")
	id := f.send(conversation.ChannelRCS, number, `{"carousel_message": {"cards": [{"title": "Green"}, {"title": "Black"}, {"title": "White"}]}}`)
	p.goTo("message", id)
	p.inMessage(id, "1 of 3")
	p.clickElement("the first card", element(id)+"?.querySelector('.slide')")
	evaluate[any](p, "void "+element(id)+".querySelector('.track').focus()")
	p.press(kb.ArrowRight)
	p.inMessage(id, "2 of 3")
	p.press(kb.ArrowRight)
	p.inMessage(id, "3 of 3")
	p.press(kb.ArrowLeft)
	p.inMessage(id, "2 of 3")
}

func TestATemplateIsFilledIn(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	template, err := f.NewClient(t).Templates.Create(t.Context(), &conversation.V2Template{
		DefaultTranslation: "en-US",
		Translations: []conversation.V2TemplateTranslation{{
			LanguageCode: "en-US", Version: "1", TextMessage: &conversation.TextMessage{Text: "Hello ${name}, your parcel has arrived."},
		}},
	})
	require.NoError(t, err)
	p := f.open("/")
	id := f.send(conversation.ChannelSMS, number, `{"template_message": {"omni_template": {"template_id": "`+template.ID+`", "version": "1",
		"language_code": "en-US", "parameters": {"name": "Ada <b>"}}}}`)
	p.goTo("message", id)
	p.inMessage(id, "Hello Ada <b>, your parcel has arrived.")
}
