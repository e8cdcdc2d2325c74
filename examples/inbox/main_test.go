package main

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/examples/internal/exampletest"
	"github.com/sinchgo/conversation/examples/internal/setup"
)

func TestByDefaultThingsGoWrongOnTheFake(t *testing.T) {
	t.Parallel()
	got := exampletest.Run(t.Context(), run)
	assert.Zero(t, got.Code, got.Stderr)
	require.Regexp(t, `^Using the fake server[^\n]*
Listening on http://127\.0\.0\.1:[0-9]+/sinch\.
SMS:15551230000 wrote "Hello\?", but nobody is at the desk\.
SMS:15551230000 wrote "Hello\?"\.
SMS:15551230000 wrote "Is anybody there\?"\.
No worker is running, and 2 callbacks are waiting\.
SMS:15551230000 wrote "When do you open\?"\.
SMS:15551230000 wrote "And on Sundays\?"\.
5 callbacks arrived, 1 of them a duplicate, and 0 were rejected\. 4 messages were handled, after 1 failure\. Dead letters: 0\.
$`, got.Stdout)
}

func TestLiveReportsEverythingMissing(t *testing.T) {
	t.Setenv("SINCH_APP_ID", "")
	exampletest.LiveReportsEverythingMissing(t, run, "SINCH_APP_ID", "SINCH_WEBHOOK_SECRET", "-dir")
}

// output collects what a program prints, and can be read concurrently.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func TestLiveServesUntilItIsInterrupted(t *testing.T) {
	srv := exampletest.Live(t)
	t.Setenv("SINCH_APP_ID", srv.AppID())
	t.Setenv("SINCH_WEBHOOK_SECRET", "live-secret")
	address := exampletest.FreeAddress(t)
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var stdout, stderr output
	ended := make(chan int, 1)
	go func() {
		ended <- setup.Run(ctx, "inbox", []string{"-live", "-addr", address, "-dir", t.TempDir()}, &stdout, &stderr, run)
	}()
	srv.AddWebhook("http://"+address+"/sinch", "live-secret", conversation.TriggerMessageInbound)

	require.Eventually(t, func() bool {
		connection, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		return err == nil && connection.Close() == nil
	}, 20*time.Second, time.Millisecond)
	srv.Receive(conversationtest.From(conversation.ChannelSMS, "15551230000"), conversationtest.InboundText("hi"))
	require.NoError(t, srv.WaitForCallbacks(ctx))
	require.Eventually(t, func() bool { return strings.Contains(stdout.String(), `SMS:1555***00 wrote "hi".`) }, 20*time.Second, time.Millisecond)
	interrupt()

	assert.Zero(t, <-ended, stderr.String())
	assert.NotContains(t, stdout.String()+stderr.String(), "15551230000")
}
