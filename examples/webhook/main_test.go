package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/exampletest"
	"github.com/sinchgo/conversation/examples/internal/setup"
	"github.com/sinchgo/conversation/webhook"
)

func TestByDefaultItPlaysADialogueOnTheFake(t *testing.T) {
	t.Parallel()
	got := exampletest.Run(t.Context(), run)
	assert.Zero(t, got.Code, got.Stderr)
	require.Regexp(t, `^Using the fake server[^\n]*
Listening on http://127\.0\.0\.1:[0-9]+/sinch\.
SMS:15551230000 wrote "Hello\?"\.
Answered with message ([0-9A-Z]{26})\.
Message [0-9A-Z]{26} is now QUEUED_ON_CHANNEL\.
Message [0-9A-Z]{26} is now DELIVERED\.
Message [0-9A-Z]{26} is now READ\.
SMS:15551230000 wrote "Is anybody there\?"\.
Answered with message [0-9A-Z]{26}\.
`, got.Stdout)
	assert.Len(t, regexp.MustCompile(` is now READ\.`).FindAllString(got.Stdout, -1), 2)
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID", "SINCH_WEBHOOK_SECRET")
}

func TestLiveServesUntilItIsInterrupted(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())
	t.Setenv("SINCH_WEBHOOK_SECRET", "live-secret")
	address := freeAddress(t)
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	ended := make(chan exampletest.Result, 1)
	go func() { ended <- exampletest.Run(ctx, run, "-live", "-addr", address) }()
	srv.AddWebhook("http://"+address+"/sinch", "live-secret", conversation.TriggerMessageInbound)

	require.Eventually(t, func() bool {
		connection, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		return err == nil && connection.Close() == nil
	}, 20*time.Second, time.Millisecond)
	srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230000"), conversationtest.InboundText("hi"))
	require.NoError(t, srv.WaitForCallbacks(ctx))
	interrupt()

	got := <-ended
	assert.Zero(t, got.Code, got.Stderr)
	assert.Contains(t, got.Stdout, `SMS:1555***00 wrote "hi".`)
	assert.NotContains(t, got.Stdout+got.Stderr, "15551230000")
	assert.Equal(t, "hi", srv.Sent()[0].Request.Message.TextMessage.Text)
}

func TestRegisterAddsTheWebhookUnlessTheAppHasIt(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())
	t.Setenv("SINCH_WEBHOOK_SECRET", "live-secret")
	client, err := conversation.NewClientFromEnv()
	require.NoError(t, err)
	address := freeAddress(t)
	target := "http://" + address + "/sinch"
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	ended := make(chan exampletest.Result, 1)
	go func() { ended <- exampletest.Run(ctx, run, "-live", "-addr", address, "-register", target) }()
	require.Eventually(t, func() bool {
		listed, err := client.Webhooks.List(ctx, srv.AppID())
		return err == nil && len(listed.Webhooks) == 1
	}, 20*time.Second, time.Millisecond)
	require.NoError(t, addWebhook(ctx, client, srv.AppID(), target, "live-secret"), "as after a restart")
	interrupt()
	got := <-ended
	assert.Zero(t, got.Code, got.Stderr)

	listed, err := client.Webhooks.List(t.Context(), srv.AppID())
	require.NoError(t, err)
	require.Len(t, listed.Webhooks, 1)
	assert.Equal(t, target, listed.Webhooks[0].Target)
	assert.Equal(t, conversation.TargetTypeHTTP, listed.Webhooks[0].TargetType)
}

// freeAddress returns an address that is not in use.
func freeAddress(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	return strings.TrimPrefix(server.URL, "http://")
}

func TestAnAnswerThatMayHaveBeenSentIsNotSentAgain(t *testing.T) {
	srv, sends := exampletest.LiveHangsUp(t, "/messages:send")
	t.Setenv("SINCH_APP_ID", srv.AppID())
	client, err := conversation.NewClientFromEnv()
	require.NoError(t, err)
	bot, out := quietBot(client)

	assert.NoError(t, bot.answer(t.Context(), textFrom("15551230000")), "after an error the callback would be delivered again")

	assert.Equal(t, 1, sends())
	assert.Contains(t, out.String(), "Possibly not answered")
}

func TestAnAnswerThatWasNotSentIsTriedAgain(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	client := srv.NewClient(t)
	srv.Close()
	bot, _ := quietBot(client)
	assert.Error(t, bot.answer(t.Context(), textFrom("15551230000")))
}

func textFrom(identity string) *webhook.MessageInbound {
	content := conversationtest.InboundText("hi")
	return &webhook.MessageInbound{Envelope: webhook.Envelope{AppID: "APP"}, Message: conversation.InboundMessage{
		ChannelIdentity: &conversation.ChannelIdentity{Channel: conversation.ChannelSMS, Identity: identity},
		ContactMessage:  &content,
	}}
}

func quietBot(client *conversation.Client) (*bot, *strings.Builder) {
	out := new(strings.Builder)
	return &bot{client: client, p: &setup.Program{Out: out}, states: map[string]conversation.DeliveryStatus{}}, out
}
