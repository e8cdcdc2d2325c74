package browsertest

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// TestAThousandMessagesAMinuteStaySmooth follows a thread that gets 17 messages a second, each with a report.
//
//nolint:paralleltest // Other tests would slow down the page that it measures.
func TestAThousandMessagesAMinuteStaySmooth(t *testing.T) {
	const rate, duration = 17, 15 * time.Second
	f := newFake(t)
	p := f.open("/")
	p.openThread(f.send(conversation.ChannelWhatsApp, number, text("the first")))
	p.staysSmooth(func() string {
		pace := time.NewTicker(time.Second / rate)
		defer pace.Stop()
		var last string
		count := int(duration.Seconds() * rate)
		began := time.Now()
		for i := range count {
			<-pace.C
			last = f.send(conversation.ChannelWhatsApp, number, text(fmt.Sprintf("message %d of a busy app", i)))
			require.NoError(t, f.Deliver(last))
		}
		took := time.Since(began)
		p.ticks(last, "Delivered")
		return fmt.Sprintf("%d messages and reports in %.1f s, which is %.0f a minute", count, took.Seconds(), float64(count)/took.Minutes())
	})
}

//nolint:paralleltest // As above.
func TestTenThousandMessagesScroll(t *testing.T) {
	const count = 10_000
	f := newFake(t)
	from := conversationtest.From(conversation.ChannelWhatsApp, number)
	for i := range count - 1 {
		f.Receive(from, conversationtest.InboundText(fmt.Sprintf("message %d of a long thread", i)))
	}
	last := f.send(conversation.ChannelWhatsApp, number, text("the last one"))
	began := time.Now()
	p := f.open("/")
	p.openThread(last)
	t.Logf("%d messages are loaded in %v", count, time.Since(began))
	p.staysSmooth(func() string {
		p.clickElement("the newest messages", `document.querySelector(".newer:not([hidden])") ?? document.querySelector("h2")`)
		p.inMessage(last, "the last one")
		began := time.Now()
		frames := evaluate[int](p, scrollToTheStart)
		return fmt.Sprintf("from the last of %d messages to the first in %.1f s and %d frames", count, time.Since(began).Seconds(), frames)
	})
}

// scrollToTheStart scrolls three screens a frame, and returns the number of frames.
const scrollToTheStart = `new Promise((done) => {
	const log = document.querySelector("[role=log]");
	let frames = 0;
	const move = () => {
		frames++;
		if (log.scrollTop === 0 && log.innerText.includes("message 0 of")) return done(frames);
		log.scrollTop -= 2500;
		requestAnimationFrame(move);
	};
	move();
})`

//nolint:paralleltest // As above.
func TestAMessageIsOnThePhoneWithinATenthOfASecond(t *testing.T) {
	f := newFake(t)
	p := f.open("/")
	p.openThread(f.send(conversation.ChannelSMS, number, text("the first")))
	evaluate[chromedp.Void](p, `window.seen = {};
		new MutationObserver((changes) => {
			for (const { addedNodes } of changes) {
				for (const node of addedNodes) {
					for (const [, i] of node.textContent.matchAll(/timed (\d+)\./g)) window.seen[i] ??= Date.now();
				}
			}
		}).observe(document.querySelector("[role=log]"), { subtree: true, childList: true });`)
	var took []float64
	for i := range 20 {
		began := time.Now().UnixMilli()
		f.send(conversation.ChannelSMS, number, text(fmt.Sprintf("timed %d.", i)))
		p.waitUntil(fmt.Sprintf("%d in window.seen", i))
		took = append(took, float64(evaluate[int64](p, fmt.Sprintf("window.seen[%d]", i))-began))
	}
	t.Logf("from the request to the phone: %.0f ms (median of %d); all: %v", median(took), len(took), took)
	assert.Less(t, median(took), 100.0)
}

// openThread shows the newest thread at its end, which is the message.
func (p *tab) openThread(id string) {
	p.Helper()
	p.goTo("phone")
	p.waitUntil(element(id) + " !== null")
	p.settled()
}
