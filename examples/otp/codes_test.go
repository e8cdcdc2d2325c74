package main

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

const (
	whatsApp = conversation.ChannelWhatsApp
	sms      = conversation.ChannelSMS
)

// network is a fake whose deliveries are played by the test.
type network struct {
	*conversationtest.Server

	codes *codes
	// play is called for each accepted send, before its reply reaches the client.
	play func(messageID string, channel conversation.Channel)
}

// onVirtualTime runs a test in a bubble of testing/synctest, in which two minutes pass immediately.
func onVirtualTime(t *testing.T, test func(t *testing.T, n *network)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n := &network{Server: conversationtest.NewServer(conversationtest.Config{InMemory: true})}
		defer n.Close()
		receiver, err := webhook.NewReceiver(webhook.WithSecret("secret"))
		require.NoError(t, err)
		n.Handle("https://shop.example/sinch", receiver)
		n.AddWebhook("https://shop.example/sinch", "secret", conversation.TriggerMessageDelivery)
		tracker := webhook.NewTracker()
		defer tracker.Close()
		tracker.Follow(receiver)
		n.codes = &codes{client: n.NewClient(t, conversation.WithMiddleware(n.watch)), tracker: tracker, appID: n.AppID()}
		test(t, n)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// watch calls play between the end of a send on the server and its reply to the client.
func (n *network) watch(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		before := len(n.Sent())
		resp, err := next.RoundTrip(req)
		if sent := n.Sent(); len(sent) > before {
			newest := sent[len(sent)-1]
			n.play(newest.MessageID, newest.Request.Recipient.IdentifiedBy.ChannelIdentities[0].Channel)
		}
		return resp, err
	})
}

// deliver reports that a message was delivered.
func (n *network) deliver(t *testing.T, messageID string) {
	t.Helper()
	assert.NoError(t, n.Deliver(messageID))
}

// send sends a code, and returns the channel that delivered it, and the time that it took.
func (n *network) send(t *testing.T) (conversation.Channel, time.Duration, error) {
	t.Helper()
	began := time.Now()
	channel, err := n.codes.Send(t.Context(), "15551230000", "123456")
	return channel, time.Since(began), err
}

func TestACodeIsDeliveredWheneverTheReportArrives(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		report func(t *testing.T, n *network, messageID string)
		took   time.Duration
	}{
		"before the reply of the send": {func(t *testing.T, n *network, messageID string) {
			t.Helper()
			n.deliver(t, messageID)
			assert.NoError(t, n.WaitForCallbacks(t.Context()))
		}, 0},
		"during the reply": {func(t *testing.T, n *network, messageID string) {
			t.Helper()
			go n.deliver(t, messageID)
		}, 0},
		"after the reply": {func(t *testing.T, n *network, messageID string) {
			t.Helper()
			time.AfterFunc(90*time.Second, func() { n.deliver(t, messageID) })
		}, 90 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onVirtualTime(t, func(t *testing.T, n *network) {
				t.Helper()
				n.play = func(messageID string, _ conversation.Channel) { test.report(t, n, messageID) }
				channel, took, err := n.send(t)
				require.NoError(t, err)
				assert.Equal(t, whatsApp, channel)
				assert.Equal(t, test.took, took)
				n.AssertSentTexts(t, "Your code is 123456.")
			})
		})
	}
}

func TestACodeFallsBackToSMS(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		whatsApp func(n *network, messageID string) error
		took     time.Duration
	}{
		"when WhatsApp fails": {func(n *network, messageID string) error {
			return n.Fail(messageID, conversation.Reason{Code: conversation.ReasonRecipientNotReachable})
		}, 0},
		"when WhatsApp reports nothing":      {func(*network, string) error { return nil }, 2 * time.Minute},
		"when the phone has been turned off": {func(n *network, messageID string) error { return n.QueueOnChannel(messageID) }, 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onVirtualTime(t, func(t *testing.T, n *network) {
				t.Helper()
				n.play = func(messageID string, channel conversation.Channel) {
					if channel == whatsApp {
						assert.NoError(t, test.whatsApp(n, messageID))
						return
					}
					time.AfterFunc(time.Second, func() { n.deliver(t, messageID) })
				}
				channel, took, err := n.send(t)
				require.NoError(t, err)
				assert.Equal(t, sms, channel)
				assert.Equal(t, test.took+time.Second, took)
				n.AssertSentTexts(t, "Your code is 123456.", "Your code is 123456.")
			})
		})
	}
}

func TestNobodyWaitsForever(t *testing.T) {
	t.Parallel()
	onVirtualTime(t, func(t *testing.T, n *network) {
		t.Helper()
		n.play = func(string, conversation.Channel) {}
		_, took, err := n.send(t)
		assert.Equal(t, 4*time.Minute, took)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "WHATSAPP: ")
		require.ErrorContains(t, err, "SMS: ")

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err = n.codes.Send(ctx, "15551230000", "123456")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Len(t, n.Sent(), 3, "nothing is sent after the end of the caller")
	})
}

func TestACodeWhoseReplyWasLostIsWaitedFor(t *testing.T) {
	t.Parallel()
	onVirtualTime(t, func(t *testing.T, n *network) {
		t.Helper()
		n.Fault(conversationtest.Fault{Kind: conversationtest.FaultDropAfterAccept, Operation: "Messages.Send"})
		n.play = func(messageID string, _ conversation.Channel) {
			time.AfterFunc(time.Minute, func() { n.deliver(t, messageID) })
		}
		channel, took, err := n.send(t)
		require.NoError(t, err)
		assert.Equal(t, whatsApp, channel)
		assert.Equal(t, time.Minute, took)
		assert.Len(t, n.Sent(), 1)
	})
}

func TestAChannelThatRejectsTheCodeIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	onVirtualTime(t, func(t *testing.T, n *network) {
		t.Helper()
		n.Fault(conversationtest.Fault{Kind: conversationtest.FaultStatus, Status: http.StatusBadRequest, Operation: "Messages.Send", Times: 1})
		n.play = func(messageID string, _ conversation.Channel) { n.deliver(t, messageID) }
		channel, took, err := n.send(t)
		require.NoError(t, err)
		assert.Equal(t, sms, channel)
		assert.Zero(t, took)
	})
}

// TestTheServiceHasFewerThan40Lines counts the lines of codes.go without the imports, comments and blank lines.
func TestTheServiceHasFewerThan40Lines(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("codes.go")
	require.NoError(t, err)
	_, code, _ := strings.Cut(string(source), "\n)\n")
	count := 0
	for line := range strings.Lines(code) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			count++
		}
	}
	assert.Less(t, count, 40)
}
