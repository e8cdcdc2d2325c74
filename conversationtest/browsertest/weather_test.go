package browsertest

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAFaultOfTheWeatherHappensAsOftenAsItIsAsked(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.open("/#/weather")
	p.waitFor("Good weather")
	p.fill("spinbutton", "How many: Too many requests (429)", "2")
	p.click("switch", "Too many requests (429)")
	p.waitFor("1 active")
	var statuses []int
	for range 3 {
		status, _ := f.trySend(conversation.ChannelSMS, number, text("In bad weather"))
		statuses = append(statuses, status)
	}
	assert.Equal(t, []int{http.StatusTooManyRequests, http.StatusTooManyRequests, http.StatusOK}, statuses)
	p.waitFor("Spent: happened 2 times")
	p.waitFor("Good weather")

	p.click("switch", "Unavailable (503)")
	p.waitFor("1 active")
	p.click("switch", "Unavailable (503)")
	p.waitFor("Good weather")
	status, _ := f.trySend(conversation.ChannelSMS, number, text("Good again"))
	assert.Equal(t, http.StatusOK, status)
}

func TestAFaultOfTheFakeIsInTheWeather(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.open("/#/weather")
	fault := f.Fault(conversationtest.Fault{Kind: conversationtest.FaultSlow, Operation: "Messages.Send", Delay: time.Millisecond, Times: 5})
	p.waitFor("1 active")
	p.waitFor("the next 5")
	f.send(conversation.ChannelSMS, number, text("Slowly"))
	p.waitFor("happened once")
	p.click("button", "Remove: Slow answers")
	p.waitFor("Good weather")
	f.send(conversation.ChannelSMS, number, text("Quickly"))
	assert.Equal(t, 1, fault.Hits())
}

func TestTheChannelFailsTheNextMessage(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.open("/#/weather")
	p.click("switch", "Channel fails")
	p.waitFor("1 active")
	failed := f.send(conversation.ChannelSMS, number, text("This one fails"))
	other := f.send(conversation.ChannelSMS, number, text("This one does not"))
	p.waitFor("Good weather")
	p.goTo("message", failed)
	p.ticks(failed, "Failed")
	p.inMessage(failed, "CHANNEL_FAILURE")
	p.ticks(other, "Queued")
}

func TestTheClockGoesForward(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.open("/#/weather")
	before := time.Now()
	p.click("button", "+1 hour")
	p.waitFor("It is 1 hour ahead.")
	p.click("button", "+1 day")
	p.waitFor("It is 1 day 1 hour ahead.")
	assert.WithinRange(t, f.Now(), before.Add(25*time.Hour), time.Now().Add(25*time.Hour))
	id := f.send(conversation.ChannelSMS, number, text("Tomorrow"))
	sent := f.Sent()
	require.Equal(t, id, sent[0].MessageID)
	assert.WithinRange(t, sent[0].AcceptedTime, before.Add(25*time.Hour), time.Now().Add(25*time.Hour))
}
