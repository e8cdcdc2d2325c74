package conversationtest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestMessagesAreReadByTheirIDsWithTheirContacts(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	one := sendText(t, srv, "one")
	two := srv.Receive(sms(), conversationtest.InReplyTo(one, conversationtest.InboundText("two")))
	three := srv.Receive(conversationtest.From(conversation.ChannelRCS, "15551230001"), conversationtest.InboundText("three"))
	sendText(t, srv, "not read")

	path := "messages?ids=" + strings.Join([]string{three.ID, one, "none", "", two.ID, one}, ",")
	var ids []any
	messages := r.list(path, "messages")
	for _, message := range messages {
		ids = append(ids, message["id"])
	}
	assert.Equal(t, []any{three.ID, one, two.ID}, ids)
	state := map[any]jsonObject{}
	for _, message := range r.list("state", "messages") {
		state[message["id"]] = message
	}
	for _, message := range messages {
		assert.Equal(t, state[message["id"]], message)
	}
	assert.Equal(t, "order 7", inside(t, messages[1]["message"], "metadata"))
	content := inside(t, messages[2]["message"], "contact_message")
	assert.Equal(t, jsonObject{"message_id": one}, inside(t, content, "reply_to"))
	assert.NotContains(t, messages[2], "recipient_channels")

	contacts := r.list(path, "contacts")
	require.Len(t, contacts, 2)
	assert.Equal(t, []any{three.ContactID, two.ContactID}, []any{contacts[0]["id"], contacts[1]["id"]})
	assert.Equal(t, []jsonObject{contacts[1], contacts[0]}, r.list("state", "contacts"))
}

func TestMessagesOfDispatchModeAreReadByTheirIDs(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{Mode: conversation.ProcessingModeDispatch})
	sent, received := sendText(t, srv, "one"), srv.Receive(sms(), conversationtest.InboundText("two"))
	require.NoError(t, srv.Deliver(sent))

	answer := r.get("messages?ids=" + sent + "," + received.ID)
	assert.Equal(t, r.get("state")["messages"], answer["messages"])
	assert.Equal(t, []any{}, answer["contacts"])
	assert.Equal(t, "DELIVERED", r.list("messages?ids="+sent, "messages")[0]["status"])
}

func TestMessagesHaveTheNameThatTheirContactWasReceivedWith(t *testing.T) {
	t.Parallel()
	for _, mode := range []conversation.ProcessingMode{conversation.ProcessingModeConversation, conversation.ProcessingModeDispatch} {
		srv, r := steered(t, conversationtest.Config{Mode: mode})
		before := sendText(t, srv, "Hello?")
		received := r.post("receive", `{`+from+`, "text": "hi", "name": "Ada"}`)
		r.post("receive", `{"channel": "SMS", "identity": "15551230001", "text": "hi"}`)

		for i, name := range []any{"Ada", "Ada", nil} {
			assert.Equal(t, name, r.list("state", "messages")[i]["name"], mode)
		}
		for _, message := range r.list(fmt.Sprintf("messages?ids=%s,%v", before, received["message_id"]), "messages") {
			assert.Equal(t, "Ada", message["name"], mode)
		}
	}
}

func TestMessagesOfEveryProjectAreReadByTheirIDs(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{Projects: []conversationtest.Project{{ID: "other", AppID: "OTHER"}}})
	from := sms()
	one, two := srv.Receive(from, conversationtest.InboundText("one")), srv.Receive(from.To("OTHER"), conversationtest.InboundText("two"))
	messages := r.list("messages?ids="+two.ID+","+one.ID, "messages")
	require.Len(t, messages, 2)
	assert.Equal(t, []any{"OTHER", srv.AppID()}, []any{messages[0]["app_id"], messages[1]["app_id"]})
}

func TestNoMessagesAreEmptyLists(t *testing.T) {
	t.Parallel()
	_, r := steered(t, conversationtest.Config{})
	assert.Equal(t, jsonObject{"messages": []any{}, "contacts": []any{}}, r.get("messages?ids=none"))
	r.get("messages?ids=" + strings.Repeat("none,", 199) + "none")
}

func TestBadIDsOfMessagesAreRejected(t *testing.T) {
	t.Parallel()
	_, r := steered(t, conversationtest.Config{})
	for path, mention := range map[string]string{
		"messages":             "messages: ids: it is required",
		"messages?ids=":        "messages: ids: it is required",
		"messages?id=a":        `query parameter "id" is unknown: use ids`,
		"messages?ids=a&ids=b": "ids",
		"messages?ids=" + strings.Repeat("none,", 200) + "none": "messages: ids: 201 are too many: use at most 200",
	} {
		r.fails(http.StatusBadRequest, http.MethodGet, path, "", mention)
	}
}

func TestAMessageHasTheChannelsThatItCanStillSwitchTo(t *testing.T) {
	t.Parallel()
	for _, mode := range []conversation.ProcessingMode{conversation.ProcessingModeConversation, conversation.ProcessingModeDispatch} {
		srv, r := steered(t, conversationtest.Config{Mode: mode})
		id := sendOver(t, srv, conversation.ChannelRCS, conversation.ChannelWhatsApp, conversation.ChannelSMS)
		channels := func() any { return r.list("messages?ids="+id, "messages")[0]["recipient_channels"] }
		assert.Equal(t, []any{"RCS", "WHATSAPP", "SMS"}, channels())
		require.NoError(t, srv.SwitchChannel(id))
		assert.Equal(t, []any{"WHATSAPP", "SMS"}, channels())
		r.post("switch-channel", `{"message_id": "`+id+`", "channel": "SMS"}`)
		assert.Equal(t, []any{"SMS"}, channels())
	}
}
