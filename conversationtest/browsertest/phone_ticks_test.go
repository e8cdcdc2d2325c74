package browsertest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
)

func TestTheTicksFollowTheReports(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.open("/")
	id := f.send(conversation.ChannelSMS, number, text("On its way"))
	other := f.send(conversation.ChannelSMS, number, text("Lost"))
	p.goTo("message", id)
	p.ticks(id, "Queued")
	require.NoError(t, f.QueueOnChannel(id))
	p.ticks(id, "Sent to the channel")
	require.NoError(t, f.Deliver(id))
	p.ticks(id, "Delivered")
	require.NoError(t, f.Read(id))
	p.ticks(id, "Read")

	p.ticks(other, "Queued")
	require.NoError(t, f.Fail(other, conversation.Reason{Code: conversation.ReasonRecipientNotReachable, Description: "The phone is off"}))
	p.ticks(other, "Failed")
	p.inMessage(other, "The phone is off")
	p.inMessage(other, "RECIPIENT_NOT_REACHABLE")
}

func TestThePersonReportsWhatBecomesOfAMessage(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	p := f.open("/")
	id := f.send(conversation.ChannelSMS, number, text("On its way"))
	p.goTo("message", id)
	p.ticks(id, "Queued")
	p.openMenuOf(id)
	p.click("menuitem", "Report delivered")
	p.ticks(id, "Delivered")

	lost := f.send(conversation.ChannelSMS, number, text("Lost"))
	p.openMenuOf(lost)
	p.click("menuitem", "Report failed…")
	p.fill("textbox", "Description Optional", "The phone is off")
	p.click("button", "Report failed")
	p.ticks(lost, "Failed")
	p.inMessage(lost, "The phone is off")
}

// openMenuOf opens the menu of a message.
func (p *tab) openMenuOf(id string) {
	p.Helper()
	p.clickElement("the menu of the message", element(id)+"?.closest('.row').querySelector('.row-menu')")
	p.find("menu", "Actions")
}
