package conversationtest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

func TestDeliveryReportsAreSentOverHTTP(t *testing.T) {
	t.Parallel()
	for _, mode := range []conversation.ProcessingMode{conversation.ProcessingModeConversation, conversation.ProcessingModeDispatch} {
		srv, r := steered(t, conversationtest.Config{Mode: mode})
		hook := hooked(srv, "", conversation.TriggerMessageDelivery)
		one, two := sendText(t, srv, "one"), sendText(t, srv, "two")
		for _, c := range []struct{ path, body, status string }{
			{"queue-on-channel", `{"message_id": "` + one + `"}`, "QUEUED_ON_CHANNEL"},
			{"deliver", `{"message_id": "` + one + `"}`, "DELIVERED"},
			{"read", `{"message_id": "` + one + `"}`, "READ"},
			{"fail", `{"message_id": "` + two + `"}`, "FAILED"},
		} {
			answer := r.post(c.path, c.body)
			assert.Equal(t, jsonObject{"message_id": answer["message_id"], "status": c.status, "channel": "SMS"}, answer)
		}
		settle(t, srv)
		assert.Len(t, hook.all(), 4)
	}
}

func TestAFailureOverHTTPHasItsReason(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]conversation.Reason{
		``: {Code: "CHANNEL_FAILURE", SubCode: "UNSPECIFIED_SUB_CODE"},
		`, "code": "RECIPIENT_NOT_REACHABLE", "description": "Gone", "sub_code": "CAPABILITY_ERROR"`: {
			Code: "RECIPIENT_NOT_REACHABLE", Description: "Gone", SubCode: "CAPABILITY_ERROR",
		},
		`, "code": "SOMETHING_NEW"`: {Code: "SOMETHING_NEW", SubCode: "UNSPECIFIED_SUB_CODE"},
	} {
		srv, r := steered(t, conversationtest.Config{})
		hook := hooked(srv, "", conversation.TriggerMessageDelivery)
		r.post("fail", `{"message_id": "`+sendText(t, srv, "hi")+`"`+body+`}`)
		settle(t, srv)
		event, err := webhook.Parse([]byte(hook.all()[0].body))
		require.NoError(t, err)
		report, ok := event.(*webhook.MessageDelivery)
		require.True(t, ok)
		assert.Equal(t, &want, report.MessageDeliveryReport.Reason)
	}
}

func TestAReportThatCannotFollowTheLastOneIsExplained(t *testing.T) {
	t.Parallel()
	for last, rejected := range map[string][]string{
		"queue-on-channel": {"queue-on-channel"},
		"deliver":          {"queue-on-channel", "deliver", "fail", "switch-channel"},
		"read":             {"queue-on-channel", "deliver", "read", "fail", "switch-channel"},
		"fail":             {"queue-on-channel", "deliver", "read", "fail", "switch-channel"},
	} {
		srv, r := steered(t, conversationtest.Config{})
		body := `{"message_id": "` + sendText(t, srv, "hi") + `"}`
		r.post(last, body)
		for _, path := range rejected {
			r.fails(http.StatusBadRequest, http.MethodPost, path, body, path+": message_id: the message", "already")
		}
	}
}

func TestAReportAboutAMessageThatWasNotSentIsExplained(t *testing.T) {
	t.Parallel()
	_, r := steered(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	inbound, _ := r.post("receive", `{`+from+`, "text": "hi"}`)["message_id"].(string)
	for _, path := range []string{"queue-on-channel", "deliver", "read", "fail", "switch-channel"} {
		for _, id := range []string{"none", inbound} {
			r.fails(http.StatusNotFound, http.MethodPost, path, `{"message_id": "`+id+`"}`, path+`: message_id: no message "`+id+`" was sent`)
		}
		r.fails(http.StatusBadRequest, http.MethodPost, path, `{}`, path+": message_id: it is required")
	}
	r.fails(http.StatusBadRequest, http.MethodPost, "read", `{"message_id": "a", "code": "b"}`, `read: field "code" is unknown`)
}

// sendOver sends a message to a number that has the channels, and returns the id of the message.
func sendOver(t *testing.T, srv *conversationtest.Server, channels ...conversation.Channel) string {
	t.Helper()
	var identities []conversation.ChannelIdentity
	for _, channel := range channels {
		identities = append(identities, conversation.ChannelIdentity{Channel: channel, Identity: "15551230000"})
	}
	sent, err := srv.NewClient(t).Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID: srv.AppID(), Message: conversation.Text("hi"),
		Recipient: conversation.Recipient{IdentifiedBy: &conversation.IdentifiedBy{ChannelIdentities: identities}},
	})
	require.NoError(t, err)
	return sent.MessageID
}

func TestAMessageSwitchesChannelsOverHTTP(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{})
	channels := []conversation.Channel{conversation.ChannelSMS, conversation.ChannelRCS, conversation.ChannelMMS}
	one, two := sendOver(t, srv, channels...), sendOver(t, srv, channels...)
	first := `{"message_id": "` + one + `"`

	assert.Equal(t, "RCS", r.post("switch-channel", first+`}`)["channel"])
	assert.Equal(t, "RCS", r.post("queue-on-channel", first+`}`)["channel"])
	assert.Equal(t, "MMS", r.post("switch-channel", first+`}`)["channel"])
	r.fails(http.StatusBadRequest, http.MethodPost, "switch-channel", first+`}`, "switch-channel: message_id: ", "no further channel")
	assert.Equal(t, jsonObject{"message_id": one, "status": "DELIVERED", "channel": "MMS"}, r.post("deliver", first+`}`))

	second := `{"message_id": "` + two + `", "channel": `
	r.fails(http.StatusBadRequest, http.MethodPost, "switch-channel", second+`"SMS"}`, `switch-channel: channel: `, `"SMS"`, "use RCS or MMS")
	assert.Equal(t, "MMS", r.post("switch-channel", second+`"MMS"}`)["channel"])
	assert.Equal(t, "RCS", r.post("switch-channel", second+`"RCS"}`)["channel"])
	assert.Equal(t, "RCS", r.list("state", "messages")[1]["channel"])
}

func TestOfConcurrentReportsOneIsSent(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{InMemory: true})
	control := srv.Control()
	for range 100 {
		body := `{"message_id": "` + sendText(t, srv, "hi") + `"}`
		var sent atomic.Int64
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				answer := httptest.NewRecorder()
				r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/_fake/deliver", strings.NewReader(body))
				control.ServeHTTP(answer, r)
				if answer.Code == http.StatusOK {
					sent.Add(1)
				}
			})
		}
		group.Wait()
		require.EqualValues(t, 1, sent.Load())
	}
}
