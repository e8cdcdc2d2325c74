package command

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

// listenFor starts listen on a free port, with the secret of the test.
func listenFor(t *testing.T, args ...string) (*process, string) {
	t.Helper()
	c := ctl{env: []string{"WEBHOOK_SECRET=" + testSecret}}
	running := c.start(t, append([]string{"listen", "--addr=127.0.0.1:0", "--secret-env=WEBHOOK_SECRET"}, args...)...)
	return running, running.address(t)
}

// post posts a body and returns the status of the answer.
func post(t *testing.T, target, body string, header http.Header) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, target, strings.NewReader(body))
	require.NoError(t, err)
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	_, _ = io.Copy(io.Discard, response.Body)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}

// signed returns the headers of a callback that was signed now.
func signed(body string) http.Header {
	header := webhook.Sign([]byte(body), testSecret, "nonce", time.Now())
	header.Set("Content-Type", "application/json")
	return header
}

const inbound = `{"app_id":"APP","message":{"id":"M1","channel_identity":{"channel":"SMS","identity":"12025550189"},` +
	`"contact_id":"C1","contact_message":{"text_message":{"text":"` + testText + `"}}}}`

func TestListenPrintsTheCallbacksOfAWebhook(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{Mode: "CONVERSATION"})
	t.Cleanup(srv.Close)
	running, address := listenFor(t, "--json", "--verbose")
	addWebhook(t, srv, address, testSecret, conversation.TriggerMessageInbound, conversation.TriggerMessageDelivery,
		conversation.TriggerConversationStart, conversation.TriggerOptIn, conversation.TriggerEventInbound)
	from := conversationtest.From("SMS", testNumber[1:])
	message := srv.Receive(from, conversationtest.InboundText(testText))
	srv.Composing(from)
	srv.OptIn(from)
	sent, err := srv.NewClient(t).Messages.Send(t.Context(), &conversation.SendMessageRequest{
		AppID: srv.AppID(), Recipient: conversation.ToChannel("SMS", testNumber[1:]), Message: conversation.Text("x"),
	})
	require.NoError(t, err)
	require.NoError(t, srv.Fail(sent.MessageID, conversation.Reason{Code: "CHANNEL_FAILURE", Description: "no such phone"}))
	require.NoError(t, srv.WaitForCallbacks(t.Context()))
	got := running.interrupt(t)
	assert.Equal(t, exitOK, got.code)
	assertDiscreet(t, got.stderr, testSecret)

	events := map[conversation.WebhookTrigger]receivedEvent{}
	for line := range strings.Lines(got.stdout) {
		var event receivedEvent
		require.NoError(t, json.Unmarshal([]byte(line), &event))
		assert.Equal(t, srv.AppID(), event.AppID)
		assert.NotEmpty(t, event.Received)
		assert.IsType(t, map[string]any{}, event.Callback)
		event.AppID, event.Received, event.Callback = "", time.Time{}, nil
		events[event.Trigger] = event
	}
	number := testNumber[1:]
	assert.Equal(t, map[conversation.WebhookTrigger]receivedEvent{
		"MESSAGE_INBOUND": {
			Trigger: "MESSAGE_INBOUND", ContactID: message.ContactID, ConversationID: message.ConversationID, Channel: "SMS", Identity: number,
			MessageID: message.ID, Kind: "text_message", Text: testText,
		},
		"MESSAGE_DELIVERY": {
			Trigger: "MESSAGE_DELIVERY", ContactID: message.ContactID, ConversationID: message.ConversationID, Channel: "SMS", Identity: number,
			MessageID: sent.MessageID, Status: "FAILED", Reason: "CHANNEL_FAILURE: no such phone (UNSPECIFIED_SUB_CODE)",
		},
		"CONVERSATION_START": {
			Trigger: "CONVERSATION_START", ContactID: message.ContactID, ConversationID: message.ConversationID,
		},
		"EVENT_INBOUND": {
			Trigger: "EVENT_INBOUND", ContactID: message.ContactID, ConversationID: message.ConversationID, Channel: "SMS", Identity: number,
			EventID: events["EVENT_INBOUND"].EventID, Kind: "composing_event",
		},
		"OPT_IN": {
			Trigger: "OPT_IN", ContactID: message.ContactID, Channel: "SMS", Identity: number, Status: "OPT_IN_SUCCEEDED",
		},
	}, events)
	assert.NotEmpty(t, events["EVENT_INBOUND"].EventID)
}

func TestListenPrintsALineForPeople(t *testing.T) {
	t.Parallel()
	running, address := listenFor(t, "--path=/sinch", "--trigger=message_inbound")
	assert.True(t, strings.HasSuffix(address, "/sinch"))
	assert.Equal(t, http.StatusOK, post(t, address, inbound, signed(inbound)))
	assert.Equal(t, http.StatusOK, post(t, address, inbound, signed(inbound)))
	other := `{"app_id":"APP","message_delivery_report":{"message_id":"M1","status":"READ"}}`
	assert.Equal(t, http.StatusOK, post(t, address, other, signed(other)))
	got := running.interrupt(t)
	assert.Equal(t, exitOK, got.code)
	const line = `[-0-9]+ [:0-9]+  MESSAGE_INBOUND  SMS:12025550189  "a confidential text"  kind=text_message  message=M1  contact=C1  app=APP`
	assert.Regexp(t, "^"+line+"\n"+line+"  redelivered\n$", got.stdout)
	assert.Contains(t, got.stderr, "webhooks create")
	assertDiscreet(t, got.stderr, testSecret)
}

func TestListenRefusesWhatIsNotSigned(t *testing.T) {
	t.Parallel()
	target := &recordingTarget{}
	server := newTarget(t, target)
	file := writeFile(t, "")
	running, address := listenFor(t, "--forward-to="+server, "--record="+file, "-v")
	forged := webhook.Sign([]byte(inbound), "another secret", "nonce", time.Now())
	for _, test := range []struct {
		path, body string
		header     http.Header
		status     int
		reason     string
	}{
		{"", inbound, http.Header{}, 401, "not signed: the webhook has no secret"},
		{"", inbound, forged, 401, "bad signature: the secret is not that of the webhook"},
		{"", inbound + " ", signed(inbound), 401, "bad signature"},
		{"", inbound, webhook.Sign([]byte(inbound), testSecret, "n", time.Now().Add(-25*time.Hour)), 503, "too old: it was signed more than 24 hours ago"},
		{"", inbound, webhook.Sign([]byte(inbound), testSecret, "n", time.Now().Add(time.Hour)), 503, "from the future: the clock"},
		{"other", inbound, signed(inbound), 404, "another path: the target of the webhook must end in /"},
	} {
		assert.Equal(t, test.status, post(t, address+test.path, test.body, test.header), test.reason)
		running.stderr.expect(t, test.reason)
	}
	got := running.interrupt(t)
	assert.Equal(t, exitOK, got.code)
	assert.Empty(t, got.stdout)
	assert.Equal(t, 6, strings.Count(got.stderr, "refused with"))
	assertDiscreet(t, got.stderr, testSecret, forged.Get(webhook.HeaderSignature))
	assert.Empty(t, target.requests())
	assert.Empty(t, readFile(t, file))
}

func TestListenWithoutASecretDoesNotVerifyAndSaysSo(t *testing.T) {
	t.Parallel()
	running := ctl{}.start(t, "listen", "--addr=127.0.0.1:0", "--json")
	address := running.address(t)
	assert.Contains(t, running.stderr.String(), "Signatures are not verified")
	assert.Equal(t, http.StatusOK, post(t, address, inbound, nil))
	assert.Equal(t, http.StatusBadRequest, post(t, address, "not \xff JSON", nil))
	got := running.interrupt(t)
	assert.Equal(t, exitOK, got.code)
	lines := strings.Split(strings.TrimSpace(got.stdout), "\n")
	require.Len(t, lines, 2)
	var odd map[string]any
	require.NoError(t, json.Unmarshal([]byte(lines[1]), &odd))
	assert.Equal(t, "not \ufffd JSON", odd["callback"])
	assert.NotContains(t, odd, "trigger")
}

func TestListenAnswersARunningCallbackBeforeItEnds(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	server := newTarget(t, &recordingTarget{answer: func(received) int {
		close(arrived)
		<-release
		return http.StatusOK
	}})
	running, address := listenFor(t, "--forward-to="+server)
	go func() {
		<-arrived
		_ = running.cmd.Process.Signal(os.Interrupt)
		close(release)
	}()
	assert.Equal(t, http.StatusOK, post(t, address, inbound, signed(inbound)))
	assert.Equal(t, exitOK, running.end(t).code)
}

func TestCtrlCOnATerminalEndsListen(t *testing.T) {
	t.Parallel()
	screen := ctl{}.terminal(t, "listen", "--addr=127.0.0.1:0")
	screen.expect(t, "Listening on http://")
	screen.expect(t, "Ctrl-C ends.")
	address := listening.FindStringSubmatch(screen.output.String())[1]
	require.Equal(t, http.StatusOK, post(t, address, inbound, nil))
	screen.expect(t, "\x1b[1mMESSAGE_INBOUND\x1b[0m")
	_, err := screen.pty.WriteString("\x03")
	require.NoError(t, err)
	_, code := screen.end(t)
	assert.Equal(t, exitOK, code)
}

func TestListenRejectsIncorrectUsage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--path=sinch"}, exitUsage, "--path must begin with /"},
		{[]string{"--forward-to=localhost:3000"}, exitUsage, "--forward-to must be an absolute http or https URL"},
		{[]string{"--trigger=MESSAGES"}, exitUsage, "--trigger"},
		{[]string{"--secret-env=UNSET_SECRET"}, exitUsage, "the environment variable that it names is not set"},
		{[]string{"--record=/does/not/exist"}, exitUsage, "--record"},
		{[]string{"--addr=127.0.0.1:99999"}, exitFailed, "--addr"},
		{[]string{"extra"}, exitUsage, "accepts no argument"},
	} {
		got := ctl{}.run(t, append([]string{"listen", "--addr=127.0.0.1:0"}, test.args...)...)
		assert.Equal(t, test.code, got.code, test.args)
		assert.Contains(t, got.stderr, test.want, test.args)
		assert.Empty(t, got.stdout, test.args)
	}
}

func TestAnUndecodableFieldOfACallbackIsLeftOut(t *testing.T) {
	t.Parallel()
	body := []byte(`{"app_id":"A","message_delivery_report":{"message_id":7,"status":"READ","reason":"x","channel_identity":"1"}}`)
	event := newReceivedEvent(time.Time{}, body)
	assert.Equal(t, "READ", event.Status)
	assert.Empty(t, event.MessageID)
}
