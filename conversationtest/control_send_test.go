package conversationtest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/conversationtest"
)

func TestAMessageIsSentOverHTTPAsTheAppDoes(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]conversationtest.Config{
		"on a socket": {}, "in memory": {InMemory: true}, "OpenAPI contract": {Contract: conversationtest.OpenAPIContract},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, r := steered(t, cfg)
			sent := r.post("send", `{`+from+`, "text": "hi"}`)
			r.post("send", `{`+from+`, "message": {"media_message": {"url": "https://example.com/a.png"}}, "app_id": "`+srv.AppID()+`"}`)

			messages := srv.Sent()
			require.Len(t, messages, 2)
			assert.Equal(t, sent["message_id"], messages[0].MessageID)
			assert.Equal(t, "hi", messages[0].Request.Message.TextMessage.Text)
			assert.Equal(t, "https://example.com/a.png", messages[1].Request.Message.MediaMessage.URL)
			assert.Equal(t, "Messages.Send", srv.Requests()[0].Operation)
		})
	}
}

func TestAnAppOfAnotherProjectSendsWithTheKeyOfThatProject(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{Projects: []conversationtest.Project{{ID: "another", AppID: "its-app"}}})
	r.post("send", `{`+from+`, "text": "hi", "app_id": "its-app"}`)
	assert.Equal(t, "/v1/projects/another/messages:send", srv.Requests()[0].Path)
}

func TestASendOverHTTPThatIsRejected(t *testing.T) {
	t.Parallel()
	_, r := steered(t, conversationtest.Config{})
	for body, want := range map[string]string{
		`{"identity": "1", "text": "hi"}`:                    "send: channel: it is required",
		`{"channel": "SMS", "text": "hi"}`:                   "send: identity: it is required",
		`{` + from + `}`:                                     "send: text: it is required, unless there is a message",
		`{` + from + `, "text": "hi", "message": {}}`:        "send: text: it is required, unless there is a message",
		`{` + from + `, "text": ""}`:                         "message.text_message.text",
		`{` + from + `, "message": {"text": "hi"}}`:          "send: the API answered with 400",
		`{"channel": "SMSS", "identity": "1", "text": "hi"}`: "channel",
		`{` + from + `, "text": "hi", "txt": "hi"}`:          `send: field "txt" is unknown`,
	} {
		status, answer := r.ask(http.MethodPost, "send", body)
		assert.Equal(t, http.StatusBadRequest, status, body)
		assert.Contains(t, answer["error"], want, body)
	}
	status, answer := r.ask(http.MethodPost, "send", `{`+from+`, "text": "hi", "app_id": "none"}`)
	assert.Equal(t, http.StatusNotFound, status, answer)
}

func TestAFaultHappensToASendOverHTTP(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{})
	for kind, want := range map[conversationtest.FaultKind]int{
		conversationtest.FaultRateLimit: http.StatusTooManyRequests, conversationtest.FaultDropAfterAccept: http.StatusBadGateway,
		conversationtest.FaultTruncatedBody: http.StatusBadGateway, conversationtest.FaultRefuse: http.StatusBadGateway,
	} {
		fault := srv.Fault(conversationtest.Fault{Kind: kind, Times: 1})
		status, answer := r.ask(http.MethodPost, "send", `{`+from+`, "text": "hi"}`)
		assert.Equal(t, want, status, answer)
		assert.Equal(t, 1, fault.Hits(), kind)
	}
}
