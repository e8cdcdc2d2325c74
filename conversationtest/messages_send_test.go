package conversationtest_test

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestASendIsAnsweredWithAnIDAndATime(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})

	var accepted struct {
		MessageID    string `json:"message_id"`
		AcceptedTime string `json:"accepted_time"`
	}
	w.call(http.MethodPost, "messages:send", w.text("hello", "15551230000")).decode(&accepted)

	assert.Len(t, accepted.MessageID, 26)
	assert.NotEmpty(t, accepted.AcceptedTime)
}

// Each bad send changes one part of a good one.
func TestABadSendIsRejectedAndTheFieldIsNamed(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{AppID: "APP"})
	const (
		app     = `"app_id": "APP"`
		contact = `"recipient": {"contact_id": "C"}`
		text    = `"message": {"text_message": {"text": "hi"}}`
	)
	identities := func(list string) string {
		return `{` + app + `,"recipient": {"identified_by": {"channel_identities": ` + list + `}},` + text + `}`
	}
	for name, tc := range map[string]struct{ body, mentions string }{
		"an empty body":          {``, "the request: "},
		"a list":                 {`[]`, "the request: "},
		"null":                   {`null`, "the request: "},
		"cut short":              {`{"app_id": `, "the request: "},
		"no app":                 {`{` + contact + `,` + text + `}`, "app_id"},
		"an app of another type": {`{"app_id": 5,` + contact + `,` + text + `}`, "app_id: "},
		"no recipient":           {`{` + app + `,` + text + `}`, "recipient"},
		"both recipient forms": {`{` + app + `,"recipient": {"contact_id": "C", "identified_by":
			{"channel_identities": [{"channel": "SMS", "identity": "15551230001"}]}},` + text + `}`, "recipient"},
		"no identities":          {identities(`[]`), "recipient.identified_by.channel_identities"},
		"an empty channel":       {identities(`[{"identity": "15551230001"}]`), "channel_identities[0].channel"},
		"an empty identity":      {identities(`[{"channel": "SMS", "identity": "15551230001"}, {"channel": "SMS"}]`), "channel_identities[1].identity"},
		"no message":             {`{` + app + `,` + contact + `}`, "message: it is required"},
		"no message kind":        {`{` + app + `,` + contact + `,"message": {"text_message": null}}`, "message"},
		"an unknown kind":        {`{` + app + `,` + contact + `,"message": {"txt_message": {}}}`, "message: exactly one"},
		"two message kinds":      {`{` + app + `,` + contact + `,"message": {"text_message": {}, "media_message": {}}}`, "not 2"},
		"a message that is text": {`{` + app + `,` + contact + `,"message": "hi"}`, "message: "},
		"text that is a number": {
			`{` + app + `,` + contact + `,"message": {"text_message": {"text": 5}}}`,
			"message.text_message.text: ",
		},
		"list items that are strings": {
			`{` + app + `,` + contact + `,"message": {"list_message": {"sections": [{"items": "x"}]}}}`,
			"items: ",
		},
		"a ttl without its unit":  {`{` + app + `,` + contact + `,` + text + `,"ttl": "10"}`, "ttl"},
		"a ttl in minutes":        {`{` + app + `,` + contact + `,` + text + `,"ttl": "10m"}`, "ttl"},
		"a ttl that is not whole": {`{` + app + `,` + contact + `,` + text + `,"ttl": 1.5}`, "ttl"},
		"metadata that is a list": {`{` + app + `,` + contact + `,` + text + `,"conversation_metadata": [1]}`, "conversation_metadata"},
		"a negative ttl":          {`{` + app + `,` + contact + `,` + text + `,"ttl": -1}`, "ttl"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rejected := wire{t: t, srv: w.srv}.call(http.MethodPost, "messages:send", tc.body)

			rejected.fails(http.StatusBadRequest, "INVALID_ARGUMENT", tc.mentions)
			assert.NotContains(t, rejected.body, "plainRequest", "a name that the wire format does not have")
		})
	}
	t.Cleanup(func() { assert.Empty(t, w.srv.Sent(), "nothing of it was accepted") })
}

func TestAllProblemsOfASendAreReportedTogether(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})

	rejected := w.call(http.MethodPost, "messages:send", `{}`)

	for _, field := range []string{"app_id:", "recipient:", "message:"} {
		rejected.fails(http.StatusBadRequest, "INVALID_ARGUMENT", field)
	}
}

func TestASendFromAnUnknownAppIsNotFound(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	body := strings.ReplaceAll(w.text("hi", "15551230001"), w.srv.AppID(), "OTHER")

	w.call(http.MethodPost, "messages:send", body).fails(http.StatusNotFound, "NOT_FOUND", "OTHER")
}

func TestBothDialectsAreReadAsTheSameRequest(t *testing.T) {
	t.Parallel()
	want := conversation.SendMessageRequest{
		AppID:     "APP",
		Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230001"),
		Message: conversation.ListMenu("Menu", conversation.ListSection{
			Title: "Food",
			Items: []conversation.Choice{
				conversation.TextChoice("Soup", "soup"),
				conversation.TextChoice("Bread", ""),
			},
		}),
		TTL:                  10,
		ConversationMetadata: `{"b":1,"a":[2]}`,
		MessageMetadata:      "note",
		ChannelPriorityOrder: []conversation.Channel{conversation.ChannelRCS, "SMS"},
		Queue:                conversation.QueueHighPriority,
	}
	const body = `{"app_id": "APP", "message_metadata": "note",
		"recipient": {"identified_by": {"channel_identities": [{"channel": "SMS", "identity": "15551230001"}]}},
		"channel_priority_order": ["RCS", "SMS"], "queue": "HIGH_PRIORITY",
		"ttl": %TTL%, "conversation_metadata": %METADATA%,
		"message": {"list_message": {"title": "Menu", "sections": [{"title": "Food", "items": %ITEMS%}]}}}`
	for name, replace := range map[string]*strings.Replacer{
		"openapi": strings.NewReplacer("%TTL%", `10`, "%METADATA%", `"{\"b\":1,\"a\":[2]}"`,
			"%ITEMS%", `[{"text_message": {"text": "Soup"}, "postback_data": "soup"}, {"text_message": {"text": "Bread"}}]`),
		"platform": strings.NewReplacer("%TTL%", `"10s"`, "%METADATA%", `{"b": 1, "a": [2]}`,
			"%ITEMS%", `[{"choice": {"title": "Soup", "postback_data": "soup"}}, {"choice": {"title": "Bread"}}]`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, conversationtest.Config{Contract: conversationtest.EitherContract, AppID: "APP"})
			sent := replace.Replace(body)

			id := w.send(sent)

			ledger := w.srv.Sent()
			require.Len(t, ledger, 1)
			assert.Equal(t, id, ledger[0].MessageID)
			assert.Equal(t, want, ledger[0].Request)
			assert.Equal(t, sent, string(ledger[0].Body))
		})
	}
}

func TestABodyOverTheLimitIsRejected(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})

	w.call(http.MethodPost, "messages:send", w.text(strings.Repeat("x", 1<<20), "15551230001")).
		fails(http.StatusRequestEntityTooLarge, "INVALID_ARGUMENT", "1 MiB")
	assert.Empty(t, w.srv.Sent())
}

func TestANullFieldIsTreatedAsMissing(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{AppID: "APP"})
	contact := w.contact("15551230001")

	w.send(`{"app_id": "APP", "recipient": {"contact_id": "` + contact + `", "identified_by": null}, "ttl": null, "queue": null,
		"conversation_metadata": null, "message": {"text_message": {"text": "hi"}, "card_message": null}}`)

	assert.Equal(t, conversation.SendMessageRequest{
		AppID:     "APP",
		Recipient: conversation.ToContact(contact),
		Message:   conversation.Text("hi"),
	}, w.srv.Sent()[0].Request)
}

func TestABodyThatEndsEarlyIsNotAccepted(t *testing.T) {
	t.Parallel()
	w := newWire(t, conversationtest.Config{})
	body := w.text("hi", "15551230001")
	r := w.request(http.MethodPost, w.srv.BaseURL()+"/v1/projects/"+w.srv.ProjectID()+"/messages:send", body)
	r.SetBasicAuth(w.srv.KeyID(), w.srv.KeySecret())
	var whole bytes.Buffer
	require.NoError(t, r.Write(&whole))
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", r.Host)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })

	_, err = conn.Write(whole.Bytes()[:whole.Len()-1])
	require.NoError(t, err)
	tcp, ok := conn.(*net.TCPConn)
	require.True(t, ok)
	require.NoError(t, tcp.CloseWrite())

	resp, err := http.ReadResponse(bufio.NewReader(conn), r)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
	assert.Empty(t, w.srv.Sent())
	assert.Equal(t, body[:len(body)-1], string(w.srv.Requests()[0].Body))
}
