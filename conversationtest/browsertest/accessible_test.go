package browsertest

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
)

// TestEachViewIsAccessible looks at each view with messages of every kind, in both schemes, on a large and a small screen.
func TestEachViewIsAccessible(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			last := f.fill()
			p := f.open("/")
			p.prefers(scheme)
			for _, width := range []int64{1280, 360} {
				p.size(width, 800)
				for _, view := range []string{"message/" + last, "phone", "traffic", "request/3", "callback/1", "weather", "setup"} {
					p.load("/#/" + view)
					p.waitFor("Live")
					p.settled()
					p.checkAccessible(view + " in " + scheme)
					assert.LessOrEqual(t, evaluate[int64](p, "document.documentElement.scrollWidth"), width, "%s: no horizontal scroll", view)
				}
			}
		})
	}
}

// fill sends messages of each kind, receives some, and lets some fail. It returns the id of the last message.
func (f *fake) fill() string {
	f.t.Helper()
	f.AddWebhook("https://app.example/sinch", "secret", conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery)
	f.Handle("https://app.example/sinch", ok)
	for _, k := range kinds() {
		id := f.send(k.channel, number, k.message)
		_ = f.Deliver(id)
	}
	f.trySend(conversation.ChannelSMS, number, `{"text_message": {}}`)
	failed := f.send(conversation.ChannelWhatsApp, number, text("This one fails"))
	_ = f.Fail(failed, conversation.Reason{Code: conversation.ReasonRecipientNotReachable, Description: "The phone is off"})
	f.receive(conversation.ChannelWhatsApp, number, text("Where is my parcel?"))
	last := f.send(conversation.ChannelWhatsApp, number, text("It arrives today: https://shop.example/parcel"))
	_ = f.Read(last)
	return last
}
