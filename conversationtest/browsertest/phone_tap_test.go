package browsertest

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/webhook"
)

// TestATapReachesTheApp answers as the contact in every way. The receiver of the app checks the signature of each callback.
func TestATapReachesTheApp(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	inbox := f.inbox()
	p := f.open("/")
	tea := f.send(conversation.ChannelRCS, number, `{"choice_message": {"text_message": {"text": "Tea?"}, "choices": `+variedly+`}}`)
	p.goTo("message", tea)
	p.clickIn(tea, "Yes")
	assert.Equal(t, &conversation.ChoiceResponseMessage{MessageID: tea, PostbackData: "yes"}, inbox.next(p).ChoiceResponseMessage)

	list := f.send(conversation.ChannelRCS, number, teas)
	p.goTo("message", list)
	p.clickIn(list, "☰\nChoose a tea")
	p.clickIn(list, "Sencha\nFrom Japan")
	assert.Equal(t, &conversation.ChoiceResponseMessage{MessageID: list, PostbackData: "sencha"}, inbox.next(p).ChoiceResponseMessage)
	p.waitUntil(element(list) + ".querySelector('[aria-expanded=true]') === null") // As on a phone, the list closes.
	p.clickIn(list, "☰\nChoose a tea")
	p.clickIn(list, "Gunpowder")
	assert.Equal(t, list, inbox.next(p).ChoiceResponseMessage.MessageID)

	quick := f.send(conversation.ChannelRCS, number, `{"card_message": {"title": "A card", "choices": `+buttons+`}}`)
	p.goTo("message", quick)
	p.clickIn(quick, "No")
	assert.Equal(t, quick, inbox.next(p).ChoiceResponseMessage.MessageID)

	meet := f.send(conversation.ChannelRCS, number, `{"choice_message": {"text_message": {"text": "Meet"}, "choices": [`+shareLocation+`]}}`)
	p.goTo("message", meet)
	p.clickIn(meet, "📍\nWhere are you?")
	p.fill("textbox", "Latitude", "55.5")
	p.click("button", "Send")
	place := inbox.next(p).LocationMessage
	require.NotNil(t, place)
	assert.InDelta(t, 55.5, place.Coordinates.Latitude, 0.001)
}

func TestTheContactWritesToTheApp(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	inbox := f.inbox()
	p := f.open("/")
	id := f.send(conversation.ChannelWhatsApp, number, text("How can we help?"))
	p.goTo("message", id)
	p.fill("textbox", "Message as the contact", "Where is my parcel?")
	p.click("button", "Send")
	assert.Equal(t, "Where is my parcel?", inbox.next(p).TextMessage.Text)
	p.waitFor("Where is my parcel?")

	p.openMenuOf(id)
	p.click("menuitem", "Reply")
	p.fill("textbox", "Message as the contact", "You cannot")
	p.click("button", "Send")
	reply := inbox.next(p)
	assert.Equal(t, "You cannot", reply.TextMessage.Text)
	assert.Equal(t, id, reply.ReplyTo.MessageID)

	p.click("button", "Attach, or send an event")
	p.click("menuitem", "Media by URL…")
	p.fill("textbox", "URL Of an image, a video, an audio or another file. The fake does not fetch it", "https://shop.example/photo.png")
	p.click("button", "Send")
	assert.Equal(t, "https://shop.example/photo.png", inbox.next(p).MediaMessage.URL)
}

// inbox keeps what the app receives.
type inbox struct {
	mu       sync.Mutex
	received []*conversation.ContactMessage
	read     int
}

// inbox registers a webhook, whose callbacks a receiver verifies.
func (f *fake) inbox() *inbox {
	f.t.Helper()
	const target, secret = "https://app.example/sinch", "secret-of-the-app"
	receiver, err := webhook.NewReceiver(webhook.WithSecret(secret), webhook.WithClock(f.Now))
	require.NoError(f.t, err)
	kept := &inbox{}
	webhook.On(receiver, func(_ context.Context, event *webhook.MessageInbound) error {
		kept.mu.Lock()
		defer kept.mu.Unlock()
		kept.received = append(kept.received, event.Message.ContactMessage)
		return nil
	})
	f.Handle(target, receiver)
	f.AddWebhook(target, secret, conversation.TriggerMessageInbound)
	return kept
}

// next waits for the next message that nobody has read.
func (i *inbox) next(p *tab) *conversation.ContactMessage {
	p.Helper()
	var message *conversation.ContactMessage
	p.eventually("a callback to the app", func(context.Context) bool {
		i.mu.Lock()
		defer i.mu.Unlock()
		if len(i.received) == i.read {
			return false
		}
		message = i.received[i.read]
		i.read++
		return true
	})
	return message
}
