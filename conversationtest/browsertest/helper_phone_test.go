package browsertest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chromedp/chromedp"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// number is the identity of a contact on the channels of phones, and on others.
const number = "15551230000"

// goTo opens a place of the page by its link, such as goTo("message", id).
func (p *tab) goTo(parts ...string) {
	p.Helper()
	var place strings.Builder
	for _, part := range parts {
		place.WriteString("/" + url.PathEscape(part))
	}
	evaluate[any](p, "void (location.hash = "+quoted(place.String())+")")
}

// element returns a JavaScript expression for the element of a message in the phone.
func element(id string) string {
	return fmt.Sprintf("document.querySelector('article.message[data-id=%q]')", id)
}

// inMessage waits until the message shows the text, in upper or lower case.
func (p *tab) inMessage(id, part string) {
	p.Helper()
	p.waitUntil(fmt.Sprintf("%s?.innerText.toLowerCase().includes(%s) ?? false", element(id), quoted(strings.ToLower(part))))
}

// clickIn clicks the button or link with the text in a message.
func (p *tab) clickIn(id, label string) {
	p.Helper()
	find := fmt.Sprintf("[...%s?.querySelectorAll('button, a, summary') ?? []].find((e) => e.innerText.trim() === %s)", element(id), quoted(label))
	p.clickElement(label, find)
}

// ticks waits until the ticks of a message have the label.
func (p *tab) ticks(id, label string) {
	p.Helper()
	p.waitUntil(fmt.Sprintf("%s?.querySelector('.ticks')?.ariaLabel === %s", element(id), quoted(label)))
}

// render shows messages to a contact below the page with its module for messages, so that the fake need not accept them.
func (p *tab) render(messages ...string) {
	p.Helper()
	evaluate[chromedp.Void](p, fmt.Sprintf(`import("/message.js").then(({ renderMessage }) => {
		const actions = { tap() {}, shareLocation() {}, reply() {} };
		for (const [i, app_message] of JSON.parse(%s).entries()) {
			const message = { direction: "TO_CONTACT", channel: "RCS", status: "QUEUED", message: { app_message } };
			const element = renderMessage({ id: "rendered-" + i, message }, actions);
			element.classList.add("rendered");
			document.body.append(element);
		}
	})`, quoted("["+strings.Join(messages, ",")+"]")))
}

// receive sends a message in the JSON of the API as the contact does, and returns its id.
func (f *fake) receive(channel conversation.Channel, identity, message string) string {
	f.t.Helper()
	var content conversation.ContactMessage
	require.NoError(f.t, json.Unmarshal([]byte(message), &content))
	return f.Receive(conversationtest.From(channel, identity), content).ID
}

// serveMedia serves an image under any name but broken.png, from another host than the page, and returns its address.
func serveMedia(t *testing.T) string {
	t.Helper()
	var encoded bytes.Buffer
	require.NoError(t, png.Encode(&encoded, image.NewGray(image.Rect(0, 0, 40, 30))))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/broken.png" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(encoded.Bytes())
	}))
	t.Cleanup(server.Close)
	return server.URL
}
