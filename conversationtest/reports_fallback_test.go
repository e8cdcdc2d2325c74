package conversationtest_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// inBothModesOfProcessing runs a test with a server in each processing mode, in a bubble of testing/synctest.
func inBothModesOfProcessing(
	t *testing.T, cfg conversationtest.Config, test func(t *testing.T, srv *conversationtest.Server, mode conversation.ProcessingMode),
) {
	t.Helper()
	for _, mode := range []conversation.ProcessingMode{conversation.ProcessingModeConversation, conversation.ProcessingModeDispatch} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				own := cfg
				own.Mode = mode
				test(t, inMemory(t, own), mode)
			})
		})
	}
}

// sendTo sends text to the channels of a person, in an order, and returns the id of the message.
func sendTo(t *testing.T, srv *conversationtest.Server, order []conversation.Channel, on ...conversation.Channel) string {
	t.Helper()
	identities := &conversation.IdentifiedBy{}
	for _, channel := range on {
		identities.ChannelIdentities = append(identities.ChannelIdentities,
			conversation.ChannelIdentity{Channel: channel, Identity: "15551230000"})
	}
	sent, err := srv.NewClient(t).Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID:                srv.AppID(),
		Recipient:            conversation.Recipient{IdentifiedBy: identities},
		Message:              conversation.Text("hello"),
		ChannelPriorityOrder: order,
	})
	require.NoError(t, err)
	return sent.MessageID
}

// reported returns the status and the channel of each delivery report so far, such as "READ on RCS".
func reported(t *testing.T, srv *conversationtest.Server) []string {
	t.Helper()
	var found []string
	for _, callback := range srv.Callbacks() {
		if callback.Trigger == conversation.TriggerMessageDelivery {
			report := payload(t, &callback, "message_delivery_report")
			identity, _ := report["channel_identity"].(map[string]any)
			found = append(found, fmt.Sprintf("%s on %s", report["status"], identity["channel"]))
		}
	}
	return found
}

func TestAMessageFallsBackToItsNextChannel(t *testing.T) {
	t.Parallel()
	inBothModesOfProcessing(t, conversationtest.Config{}, func(t *testing.T, srv *conversationtest.Server, _ conversation.ProcessingMode) {
		t.Helper()
		hooked(srv, "", conversation.TriggerMessageDelivery)
		id := sendTo(t, srv, nil, conversation.ChannelRCS, conversation.ChannelWhatsApp, conversation.ChannelSMS)

		require.NoError(t, srv.QueueOnChannel(id))
		require.NoError(t, srv.SwitchChannel(id))
		require.NoError(t, srv.QueueOnChannel(id))
		require.NoError(t, srv.SwitchChannel(id))
		require.NoError(t, srv.Deliver(id))
		require.ErrorContains(t, srv.SwitchChannel(id), "no further channel")

		assert.Equal(t, []string{
			"QUEUED_ON_CHANNEL on RCS", "SWITCHING_CHANNEL on RCS",
			"QUEUED_ON_CHANNEL on WHATSAPP", "SWITCHING_CHANNEL on WHATSAPP", "DELIVERED on SMS",
		}, reported(t, srv))
		assert.Contains(t, string(srv.Callbacks()[1].Body), `"code":"CHANNEL_FAILURE"`)
	})
}

func TestTheOrderOfChannelsDecidesWhereAMessageFallsBackTo(t *testing.T) {
	t.Parallel()
	const rcs, sms, whatsApp = conversation.ChannelRCS, conversation.ChannelSMS, conversation.ChannelWhatsApp
	for name, test := range map[string]struct {
		order, on []conversation.Channel
		want      []string
	}{
		"of the request":                     {[]conversation.Channel{sms, rcs}, []conversation.Channel{rcs, sms}, []string{"SMS", "RCS"}},
		"of the request, without the others": {[]conversation.Channel{sms, rcs}, []conversation.Channel{whatsApp, rcs, sms}, []string{"SMS", "RCS"}},
		"of the request, without identities": {[]conversation.Channel{whatsApp}, []conversation.Channel{rcs, sms}, []string{"RCS", "SMS"}},
		"of the identities":                  {nil, []conversation.Channel{whatsApp, sms, whatsApp}, []string{"WHATSAPP", "SMS"}},
		"one channel":                        {nil, []conversation.Channel{sms}, []string{"SMS"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBothModesOfProcessing(t, conversationtest.Config{}, func(t *testing.T, srv *conversationtest.Server, _ conversation.ProcessingMode) {
				t.Helper()
				hooked(srv, "", conversation.TriggerMessageDelivery)
				id := sendTo(t, srv, test.order, test.on...)

				for range len(test.want) - 1 {
					require.NoError(t, srv.SwitchChannel(id))
				}
				require.Error(t, srv.SwitchChannel(id))
				require.NoError(t, srv.Deliver(id))

				var want []string
				for _, channel := range test.want {
					want = append(want, "SWITCHING_CHANNEL on "+channel)
				}
				want[len(want)-1] = "DELIVERED on " + test.want[len(want)-1]
				assert.Equal(t, want, reported(t, srv))
			})
		})
	}
}

func TestAScriptFallsBack(t *testing.T) {
	t.Parallel()
	cfg := conversationtest.Config{Script: conversationtest.ScriptFallback}
	inBothModesOfProcessing(t, cfg, func(t *testing.T, srv *conversationtest.Server, _ conversation.ProcessingMode) {
		t.Helper()
		hooked(srv, "", conversation.TriggerMessageDelivery)
		sendTo(t, srv, nil, conversation.ChannelRCS, conversation.ChannelSMS, conversation.ChannelWhatsApp)
		settle(t, srv)
		assert.Equal(t, []string{
			"QUEUED_ON_CHANNEL on RCS", "SWITCHING_CHANNEL on RCS", "QUEUED_ON_CHANNEL on SMS", "DELIVERED on SMS",
		}, reported(t, srv))

		sendTo(t, srv, nil, conversation.ChannelSMS)
		settle(t, srv)
		assert.Equal(t, []string{"QUEUED_ON_CHANNEL on SMS", "FAILED on SMS"}, reported(t, srv)[4:])
		assert.Contains(t, string(srv.Callbacks()[5].Body), "Config.Script is ScriptFallback")
	})
}

func TestThereIsNoFallbackForWhatWasNotSent(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{})
	assert.EqualError(t, srv.SwitchChannel("none"),
		`conversationtest: cannot report SWITCHING_CHANNEL: no message "none" was sent`)
	assert.Error(t, srv.SwitchChannel(srv.Receive(sms(), conversationtest.InboundText("hi")).ID))
}

func TestTheConversationFollowsTheMessageToItsNextChannel(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	client := srv.NewClient(t)
	id := sendTo(t, srv, nil, conversation.ChannelRCS, conversation.ChannelSMS)
	require.NoError(t, srv.SwitchChannel(id))

	message, err := client.Messages.Get(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, conversation.ChannelSMS, message.ChannelIdentity.Channel)
	talk, err := client.Conversations.Get(t.Context(), message.ConversationID)
	require.NoError(t, err)
	assert.Equal(t, conversation.ChannelSMS, talk.ActiveChannel)
}
