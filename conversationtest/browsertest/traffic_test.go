package browsertest

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestADroppedAnswerIsUnknownAndItsRetriesAreOneCall(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.open("/#/traffic")
	f.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: "Messages.Send"})
	client := f.NewClient(t)
	_, err := client.Messages.Send(t.Context(), f.message("Did it arrive?"))
	require.ErrorIs(t, err, conversation.ErrMaybeSent)
	f.ClearFaults()
	p.inRow("Did it arrive?", "Messages.Send", "no answer", "unknown", "fault: drop after accept")
	p.openRow("Did it arrive?")
	p.waitFor("The app cannot know whether the message was sent: the fake accepted it as " + f.Sent()[0].MessageID)

	fault := f.Fault(conversationtest.Fault{Kind: conversationtest.FaultRateLimit, Operation: "Messages.Send", Times: 2})
	_, err = client.Messages.Send(t.Context(), f.message("Three attempts"))
	require.NoError(t, err)
	require.Equal(t, 2, fault.Hits())
	p.inRow("Three attempts", "Messages.Send", "200", "accepted", "3 attempts")
	assert.Equal(t, 1, p.rows("Three attempts"), "the attempts are one call")
	p.clickElement("the attempts", row("Three attempts")+"?.querySelector('button')")
	p.inRow("Three attempts", "429", "not sent", "fault: rate limit")
}

func TestARejectedRequestHasItsFieldMarked(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.open("/#/traffic")
	f.trySend(conversation.ChannelSMS, number, `{"card_message": {"title": "Card", "description": 17}}`)
	f.trySend(conversation.ChannelSMS, number, `{"text_message": {"text": "fine"}}`)
	p.inRow("message.card_message.description", "400", "rejected")
	p.openRow("description")
	p.waitUntil(`document.querySelector(".detail .tree .marked")?.innerText.includes("17")`)
	p.waitUntil(`document.querySelectorAll(".detail .tree .marked").length === 1`)
	p.openRow("fine")
	p.waitUntil(`document.querySelector(".detail")?.innerText.includes("fine")`)
	assert.False(t, evaluate[bool](p, `document.querySelector(".detail .marked") !== null`), "an accepted request has nothing marked")
}

func TestACallbackIsSentAgainAndWithAWrongSignature(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	inbox := f.inbox()
	p := f.open("/#/traffic")
	f.receive(conversation.ChannelSMS, number, text("Hello, app"))
	assert.Equal(t, "Hello, app", inbox.next(p).TextMessage.Text)
	p.inRow("MESSAGE_INBOUND", "delivered", "200")
	p.load("/#/callback/1")
	p.waitFor("x-sinch-webhook-signature")
	p.waitFor("Hello, app")

	p.click("button", "Send again")
	p.waitUntil(`location.hash === "#/callback/2"`)
	p.waitFor("sent again")
	p.click("button", "Send with a wrong signature")
	p.waitUntil(`location.hash === "#/callback/3"`)
	p.waitFor("401")
	p.waitFor("wrong signature")
	callbacks := f.Callbacks()
	require.Len(t, callbacks, 3)
	assert.Equal(t, http.StatusUnauthorized, callbacks[2].Status)
	assert.Equal(t, http.StatusOK, callbacks[1].Status)
}

func TestTheTrafficIsFilteredAndSearched(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.send(conversation.ChannelSMS, number, text("An accepted one"))
	status, _ := f.trySend(conversation.ChannelSMS, number, `{"text_message": {}}`)
	require.Equal(t, http.StatusBadRequest, status)
	p := f.open("/#/traffic")
	p.inRow("An accepted one", "200")
	p.click("checkbox", "Only problems")
	p.waitGone("An accepted one")
	p.waitFor("rejected")
	p.click("checkbox", "Only problems")
	p.fill("searchbox", "Filter the traffic by text", "ACCEPTED one")
	p.waitGone("rejected")
	p.waitFor("An accepted one")
}

// message returns the request of a client that sends text.
func (f *fake) message(content string) *conversation.SendMessageRequest {
	return &conversation.SendMessageRequest{
		AppID: f.AppID(), Recipient: conversation.ToChannel(conversation.ChannelSMS, number), Message: conversation.Text(content),
	}
}

// row returns a JavaScript expression for the first item of the traffic with the text.
func row(part string) string {
	return "[...document.querySelectorAll('.traffic-item')].find((e) => e.innerText.includes(" + quoted(part) + "))"
}

// inRow waits until the item of the traffic shows all the texts.
func (p *tab) inRow(part string, shows ...string) {
	p.Helper()
	for _, shown := range shows {
		p.waitUntil(row(part) + "?.innerText.includes(" + quoted(shown) + ") ?? false")
	}
}

func (p *tab) openRow(part string) {
	p.Helper()
	p.clickElement("the row of "+part, row(part)+"?.querySelector('a')")
}

// rows returns how many items of the traffic show the text.
func (p *tab) rows(part string) int {
	p.Helper()
	return evaluate[int](p, "[...document.querySelectorAll('.traffic-item')].filter((e) => e.innerText.includes("+quoted(part)+")).length")
}
