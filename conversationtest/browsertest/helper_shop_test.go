package browsertest

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// shop is the app of the pictures.
type shop struct {
	*fake

	traffic string // The place of a rejected request.
}

// newShop sends and receives what the pictures show.
func newShop(t *testing.T) *shop {
	t.Helper()
	f := newFake(t)
	f.AddWebhook("https://shop.example/sinch", "secret", conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery)
	f.Handle("https://shop.example/sinch", ok)
	for identity, name := range map[string]string{"15550001111": "Grace Hopper", "15550002222": "Alan Turing", "15550003333": "Katherine Johnson", number: "Ada Lovelace"} {
		status, answer := f.call(http.MethodPost, "contacts", object{
			"display_name": name, "language": "EN_US",
			"channel_identities": []object{{"channel": "WHATSAPP", "identity": identity}, {"channel": "SMS", "identity": identity}},
		})
		require.Equal(t, http.StatusOK, status, "%v", answer)
	}
	require.NoError(t, f.Read(f.send(conversation.ChannelSMS, "15550001111", text("Your parcel has arrived."))))
	require.NoError(t, f.Fail(f.send(conversation.ChannelSMS, "15550002222", text("Your code is 4711.")), conversation.Reason{
		Code: conversation.ReasonRecipientNotReachable, Description: "The phone is off",
	}))
	require.NoError(t, f.Deliver(f.send(conversation.ChannelWhatsApp, "15550003333", `{"location_message": {"title": "The shop", "coordinates": {"latitude": 55.604, "longitude": 13.001}}}`)))
	return f.talkToAda()
}

// talkToAda holds a conversation, with a lost answer and a rejected request.
func (f *fake) talkToAda() *shop {
	f.t.Helper()
	ada := conversationtest.From(conversation.ChannelWhatsApp, number)
	f.Receive(ada, conversationtest.InboundText("Which teas do you have?"))
	require.NoError(f.t, f.Read(f.send(conversation.ChannelWhatsApp, number, teas)))
	choice := f.send(conversation.ChannelWhatsApp, number, `{"choice_message": {"text_message": {"text": "Sencha is fresh. 100 g for 49 kr?"}, "choices": `+buttons+`}}`)
	require.NoError(f.t, f.Read(choice))
	f.Receive(ada, conversationtest.InboundChoice(choice, "yes"))
	f.trySend(conversation.ChannelWhatsApp, number, `{"card_message": {"title": "On its way", "media_message": {"url": "parcel.jpg"}}}`)
	rejected := len(f.Requests())
	fault := f.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatusAfterAccept, Operation: "Messages.Send", Times: 1})
	f.trySend(conversation.ChannelWhatsApp, number, text("It is on its way: https://shop.example/parcels/17 🚚"))
	require.Equal(f.t, 1, fault.Hits())
	require.NoError(f.t, f.WaitForCallbacks(f.t.Context()))
	sent := f.Sent()
	require.NoError(f.t, f.Deliver(sent[len(sent)-1].MessageID))
	f.Fault(conversationtest.Fault{Kind: conversationtest.FaultSlow, Operation: "Messages.Send", Delay: 2 * time.Second, Times: 3})
	return &shop{fake: f, traffic: fmt.Sprintf("request/%d", rejected)}
}
