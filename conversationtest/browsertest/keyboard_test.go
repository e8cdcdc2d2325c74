package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
)

// TestAPersonWithoutAMouseAnswers goes from the loaded page to a sent reply, with keys alone.
func TestAPersonWithoutAMouseAnswers(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	inbox := f.inbox()
	f.send(conversation.ChannelSMS, "15559990000", text("To somebody else"))
	tea := f.send(conversation.ChannelRCS, number, `{"choice_message": {"text_message": {"text": "Tea?"}, "choices": `+buttons+`}}`)
	f.send(conversation.ChannelSMS, "15558880000", text("To a third"))
	p := f.open("/")
	p.waitFor("Tea?")

	p.press("?")
	p.find("dialog", "Keys")
	p.press(kb.Escape)
	p.waitUntil(`document.querySelector("dialog") === null`)
	p.press("/")
	p.waitUntil(`document.activeElement.type === "search"`)
	p.press("tea")
	p.press(kb.Enter)
	p.inMessage(tea, "Tea?")
	p.press(kb.Escape)
	p.tabTo("Yes")
	p.press(kb.Enter)
	assert.Equal(t, "yes", inbox.next(p).ChoiceResponseMessage.PostbackData)
	p.press(kb.Escape)
	p.press("r")
	p.press("With milk, please")
	p.press(kb.Enter)
	assert.Equal(t, "With milk, please", inbox.next(p).TextMessage.Text)
	p.press(kb.Escape)
	p.press("2")
	p.waitUntil(`document.title.startsWith("Traffic")`)
}

// TestTheFocusIsAlwaysSeen presses the tab key through each view.
func TestTheFocusIsAlwaysSeen(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	last := f.fill()
	p := f.open("/")
	for _, view := range []string{"message/" + last, "traffic", "request/2", "callback/1", "weather", "setup"} {
		p.load("/#/" + view)
		p.waitFor("Live")
		p.settled()
		for range 15 {
			p.press(kb.Tab)
			assert.True(t, evaluate[bool](p, focusIsSeen), "%s: the focus is on %s and not seen", view, p.focused())
		}
	}
}

// focusIsSeen reports whether the element with the focus, or the line of a tree in it, has an outline. The body has the focus at the
// end of the page.
const focusIsSeen = `document.activeElement === document.body || [document.activeElement, ...document.activeElement.children].some((e) => {
	const { outlineStyle, outlineWidth } = getComputedStyle(e);
	const { width, height } = e.getBoundingClientRect();
	return width > 0 && height > 0 && outlineStyle !== "none" && outlineWidth !== "0px";
})`

// tabTo presses the tab key until the element with the name has the focus.
func (p *tab) tabTo(name string) {
	p.Helper()
	for range 60 {
		if p.focused() == name {
			return
		}
		p.press(kb.Tab)
	}
	p.Fatalf("the tab key never comes to %q", name)
}
