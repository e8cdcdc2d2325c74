package conversationtest_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheScriptReportsOnEventsToo(t *testing.T) {
	t.Parallel()
	for script, want := range map[conversationtest.Script][]string{
		conversationtest.ScriptNone:     nil,
		conversationtest.ScriptDeliver:  {"QUEUED_ON_CHANNEL", "DELIVERED"},
		conversationtest.ScriptRead:     {"QUEUED_ON_CHANNEL", "DELIVERED"},
		conversationtest.ScriptFail:     {"QUEUED_ON_CHANNEL", "FAILED"},
		conversationtest.ScriptFallback: {"QUEUED_ON_CHANNEL", "FAILED"},
	} {
		for _, callbackURL := range []string{"", "https://shop.example/events"} {
			t.Run(script.String()+callbackURL, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					srv := inMemory(t, conversationtest.Config{Script: script})
					h := hooked(srv, "", conversation.TriggerEventDelivery)
					if callbackURL != "" {
						h = newListener()
						srv.Handle(callbackURL, h)
					}
					sent, err := srv.NewClient(t).Events.Send(t.Context(), &conversation.SendEventRequest{
						AppID:     srv.AppID(),
						Recipient: conversation.ToChannel(conversation.ChannelWhatsApp, "15551230000"),
						Event:     conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}},

						EventMetadata: "typing", CallbackURL: callbackURL,
					})
					require.NoError(t, err)
					require.NoError(t, srv.WaitForCallbacks(t.Context()))

					var got []string
					for _, one := range h.all() {
						var body struct {
							Report conversation.EventDeliveryReport `json:"event_delivery_report"`
						}
						require.NoError(t, json.Unmarshal([]byte(one.body), &body))
						assert.Equal(t, sent.EventID, body.Report.EventID)
						assert.Equal(t, "typing", body.Report.Metadata)
						assert.Equal(t, "15551230000", body.Report.ChannelIdentity.Identity)
						assert.Equal(t, body.Report.Status == conversation.DeliveryStatusFailed, body.Report.Reason != nil)
						got = append(got, string(body.Report.Status))
					}
					assert.Equal(t, want, got)
				})
			})
		}
	}
}
