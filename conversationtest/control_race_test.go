package conversationtest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// TestTheControlAPIIsSafeBesideTraffic is for the race detector. No request may panic or be answered with 500.
func TestTheControlAPIIsSafeBesideTraffic(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{
		InMemory: true, Mode: conversation.ProcessingModeConversation, Script: conversationtest.ScriptRead, LogLimit: 20,
		Callbacks: conversationtest.CallbackConfig{Rate: -1},
	})
	hooked(srv, "secret", conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery, conversation.TriggerContactUpdate)
	control := srv.Control()
	ask := func(method, path, body string) {
		r := httptest.NewRequestWithContext(t.Context(), method, "/_fake/"+path, strings.NewReader(body))
		answer := httptest.NewRecorder()
		control.ServeHTTP(answer, r)
		assert.Less(t, answer.Code, http.StatusInternalServerError, "%s %s: %s", method, path, answer.Body)
	}
	client := srv.NewClient(t)
	var group sync.WaitGroup
	for worker := range 8 {
		number := fmt.Sprintf("1555123000%d", worker)
		group.Go(func() {
			for i := range 20 {
				sent, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
					AppID: srv.AppID(), Recipient: conversation.ToChannel(conversation.ChannelSMS, number), Message: conversation.Text("hi"),
				})
				if !assert.NoError(t, err) {
					return
				}
				for _, path := range []string{"queue-on-channel", "deliver", "read", "fail", "switch-channel"} {
					ask(http.MethodPost, path, `{"message_id": "`+sent.MessageID+`"}`)
				}
				ask(http.MethodPost, "receive", `{"channel": "SMS", "identity": "`+number+`", "name": "Ada", "text": "hi"}`)
				ask(http.MethodPost, "receive", `{"channel": "SMS", "identity": "`+number+`", "event": "opt_out"}`)
				ask(http.MethodPost, "faults", `{"kind": "slow", "operation": "Messages.List", "times": 1}`)
				ask(http.MethodDelete, fmt.Sprint("faults/", i), "")
				ask(http.MethodPost, "scripts", `{"script": "fallback", "channel": "SMS", "times": 1}`)
				ask(http.MethodDelete, fmt.Sprint("scripts/", i), "")
				for _, path := range []string{"state", "sent", "requests", "callbacks?wait=1ms", "faults", "scripts", ""} {
					ask(http.MethodGet, path, "")
				}
				ask(http.MethodPost, "wait", `{"timeout": "1ms"}`)
				if worker == 0 && i%5 == 4 {
					ask(http.MethodDelete, "faults", "")
					ask(http.MethodDelete, "scripts", "")
				}
			}
		})
	}
	group.Wait()
}
