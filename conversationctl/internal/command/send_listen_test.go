package command

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestWaitReceivesTheDeliveryReports(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		script   conversationtest.Script
		secret   string // of the webhook; empty: the callback URL is of the message
		code     int
		statuses []conversation.DeliveryStatus
	}{
		"delivered":          {conversationtest.ScriptDeliver, testSecret, exitOK, []conversation.DeliveryStatus{"QUEUED_ON_CHANNEL", "DELIVERED"}},
		"failed":             {conversationtest.ScriptFail, testSecret, exitFailed, []conversation.DeliveryStatus{"QUEUED_ON_CHANNEL", "FAILED"}},
		"wrongly signed":     {conversationtest.ScriptDeliver, "another", exitFailed, nil},
		"to another channel": {conversationtest.ScriptFallback, "", exitOK, []conversation.DeliveryStatus{"QUEUED_ON_CHANNEL", "SWITCHING_CHANNEL", "DELIVERED"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := conversationtest.NewServer(conversationtest.Config{Script: test.script})
			t.Cleanup(srv.Close)
			address := freeAddress(t)
			args := []string{
				"send", "--to=RCS:" + testNumber, "--to=SMS:" + testNumber, "--text=" + testText, "--wait", "--json", "-v", "--listen=" + address,
			}
			if test.secret == "" {
				args = append(args, "--callback-url=http://"+address)
			} else {
				addWebhook(t, srv, "http://"+address, test.secret, conversation.TriggerMessageDelivery)
				args = append(args, "--secret-env=WEBHOOK_SECRET")
			}
			if test.statuses == nil {
				args = append(args, "--timeout=2s")
			}
			got := ctlFor(srv).with("WEBHOOK_SECRET="+testSecret).run(t, args...)
			assert.Equal(t, test.code, got.code, got.stderr)
			assertDiscreet(t, got.stderr, testSecret)
			var statuses []conversation.DeliveryStatus
			for _, state := range states(t, srv, got.stdout) {
				assert.Equal(t, testNumber[1:], state.Identity)
				if len(statuses) == 0 || state.Status != "QUEUED_ON_CHANNEL" {
					statuses = append(statuses, state.Status)
				}
			}
			// A report that comes before the wait for it is folded into the next one.
			assert.Subset(t, test.statuses, statuses)
			if test.statuses == nil {
				assert.Empty(t, statuses)
				assert.Contains(t, got.stderr, "refused with 401: bad signature: the secret is not that of the webhook")
				return
			}
			assert.Equal(t, test.statuses[len(test.statuses)-1], statuses[len(statuses)-1])
		})
	}
}

func TestWaitSendsNothingIfNoReportCouldCome(t *testing.T) {
	t.Parallel()
	srv := conversationtest.NewServer(conversationtest.Config{})
	t.Cleanup(srv.Close)
	addWebhook(t, srv, "http://127.0.0.1:1/", testSecret, conversation.TriggerMessageInbound)
	_, err := srv.NewClient(t).Webhooks.Create(t.Context(), srv.AppID(), &conversation.CreateWebhookRequest{
		Target: "http://127.0.0.1:2/", TargetType: conversation.TargetTypeDismiss, Triggers: []conversation.WebhookTrigger{"MESSAGE_DELIVERY"},
	})
	require.NoError(t, err)
	args := []string{"send", "--to=SMS:" + testNumber, "--text=" + testText, "--wait", "--timeout=5s"}
	for _, test := range []struct {
		flags []string
		want  string
	}{
		{[]string{"--listen=127.0.0.1:0"}, "the app has no webhook for MESSAGE_DELIVERY"},
		{[]string{"--listen=127.0.0.1:0", "--secret-env=MISSING_SECRET"}, "the environment variable that it names is not set"},
		{[]string{"--listen=127.0.0.1:99999", "--callback-url=https://example.com"}, "--listen"},
	} {
		got := ctlFor(srv).run(t, append(args, test.flags...)...)
		assert.Equal(t, exitUsage, got.code, test.want)
		assert.Contains(t, got.stderr, test.want)
		assertDiscreet(t, got.stderr)
	}
	assert.Empty(t, srv.Sent())
}
