package browsertest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// TestScreenshotsOfKinds takes the pictures of docs/sending.md. They are written to the folder kinds in that of [TestScreenshots].
func TestScreenshotsOfKinds(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(cmp.Or(os.Getenv("CONVERSATION_SCREENSHOTS"), t.ArtifactDir()), "kinds")
	require.NoError(t, os.MkdirAll(folder, 0o755))
	f := newFake(t)
	client := f.NewClient(t)
	f.createTemplate(client)
	p := f.open("/")
	p.servesPizza()
	p.prefers("light")
	p.size(380, 900)
	for i, s := range sendings() {
		p.goTo("message", f.sendOne(t.Context(), client, s, fmt.Sprintf("1555123%04d", i)))
		p.shootThread(s.name, filepath.Join(folder, s.name+".png"))
	}
}

// createTemplate creates the template of sendTemplate.
func (f *fake) createTemplate(client *conversation.Client) {
	f.t.Helper()
	_, err := client.Templates.Create(f.t.Context(), &conversation.V2Template{
		ID:                 "booking",
		DefaultTranslation: "en-US",
		Translations: []conversation.V2TemplateTranslation{{
			LanguageCode: "en-US",
			TextMessage:  &conversation.TextMessage{Text: "Hi ${name}, your table is booked for ${time}."},
			Variables:    []conversation.TemplateVariable{{Key: "name", PreviewValue: "Ada"}, {Key: "time", PreviewValue: "7 pm"}},
		}},
	})
	require.NoError(f.t, err)
}

// sendOne sends what a block does to a contact, who writes before if the block answers. It returns the id of a message of the thread.
func (f *fake) sendOne(ctx context.Context, client *conversation.Client, s sending, identity string) string {
	f.t.Helper()
	asked := ""
	if question, ok := map[string]string{
		"reply": "Are you open tonight?", "composing": "Can I have a table at 8?", "joined": "Can I talk to somebody?",
	}[s.name]; ok {
		asked = f.Receive(conversationtest.From(s.channel, identity), conversationtest.InboundText(question)).ID
	}
	request := &conversation.SendMessageRequest{AppID: f.AppID(), Recipient: conversation.ToChannel(s.channel, identity)}
	events := len(f.SentEvents())
	require.NoError(f.t, s.send(ctx, client, request), s.name)
	if len(f.SentEvents()) > events {
		return asked
	}
	if request.Message.ReplyTo != nil {
		request.Message.ReplyTo.MessageID = asked
	}
	sent, err := client.Messages.Send(ctx, request)
	require.NoError(f.t, err, s.name)
	return sent.MessageID
}

// shootThread writes the picture of what is in the thread, with images loaded and menus open, without the buttons beside messages.
func (p *tab) shootThread(name, path string) {
	p.Helper()
	p.waitUntil("document.querySelector('.log .row') !== null && document.querySelector('.log').innerText !== ''")
	switch name {
	case "composing":
		p.waitFor("App is typing…")
	case "joined":
		p.waitFor("Kim joined")
	}
	p.settled()
	evaluate[chromedp.Void](p, `{
		const log = document.querySelector(".log");
		log.querySelectorAll(".media-load, .menu-open").forEach((e) => e.innerText.startsWith("Load image") || e.className.includes("menu-open") ? e.click() : 0);
		log.querySelectorAll(".row-menu").forEach((e) => e.remove());
		log.querySelectorAll(".highlight").forEach((e) => e.classList.remove("highlight"));
		document.activeElement.blur();
	}`)
	p.waitUntil("[...document.querySelectorAll('.log img')].every((e) => e.naturalWidth > 0)")
	p.settled()
	area := evaluate[page.Viewport](p, `(() => {
		const shown = [...document.querySelectorAll(".log .row, .log .typing:not([hidden])")].map((e) => e.getBoundingClientRect());
		const top = Math.min(...shown.map((r) => r.top)) - 4;
		return { x: 0, y: top, width: innerWidth, height: Math.max(...shown.map((r) => r.bottom)) + 4 - top, scale: 1 };
	})()`)
	taken, err := chromedp.Call(p.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Clip: &area})
	require.NoError(p, err)
	var small bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	require.NoError(p, encoder.Encode(&small, withFewerColors(p, taken.Data)))
	require.NoError(p, os.WriteFile(path, small.Bytes(), 0o644))
	p.Logf("%s: %d KB", path, small.Len()/1024)
	assert.Less(p, small.Len(), 20*1024, "%s is too large for the documentation", path)
}

// servesPizza answers the requests for the images of messages.
func (p *tab) servesPizza() {
	p.Helper()
	const images = "https://pizza.example/"
	p.expect("requests another host: " + images)
	require.NoError(p, chromedp.Listen(p.ctx, func(event any) {
		paused, ok := event.(*fetch.EventRequestPaused)
		if !ok {
			return
		}
		go func() { // A listener must not run commands.
			_, _ = chromedp.Call(p.ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{
				RequestID:       paused.RequestID,
				ResponseCode:    200,
				ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "image/svg+xml"}},
				Body:            []byte(pizza(strings.Contains(paused.Request.URL, "verde"))),
			})
		}()
	}))
	_, err := chromedp.Call(p.ctx, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: images + "*"}}})
	require.NoError(p, err)
}

// pizza returns a drawing of one with mushrooms or with spinach.
func pizza(withSpinach bool) string {
	table, topping := "#e8d9c4", "#9a7b5f"
	if withSpinach {
		table, topping = "#cfd8dc", "#3e8e41"
	}
	var toppings strings.Builder
	for _, at := range [][2]int{{150, 45}, {122, 62}, {176, 66}, {148, 88}, {118, 104}, {182, 104}, {152, 124}} {
		fmt.Fprintf(&toppings, `<circle cx="%d" cy="%d" r="9"/>`, at[0], at[1])
	}
	return `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="170"><rect width="300" height="170" fill="` + table + `"/>` +
		`<circle cx="150" cy="85" r="74" fill="#c98a4b"/><circle cx="150" cy="85" r="64" fill="#d9472b"/><circle cx="150" cy="85" r="59" fill="#f6cf6b"/>` +
		`<g fill="` + topping + `">` + toppings.String() + `</g></svg>`
}
