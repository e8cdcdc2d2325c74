package conversationtest_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

// outcomeCalls are calls of each kind of reply: with each name of an id, with another body, and without one.
var outcomeCalls = map[string]func(ctx context.Context, c *conversation.Client, appID, webhookID string) error{
	"Messages.Send": func(ctx context.Context, c *conversation.Client, appID, _ string) error {
		_, err := c.Messages.Send(ctx, hello(appID))
		return err
	},
	"Events.Send": func(ctx context.Context, c *conversation.Client, appID, _ string) error {
		_, err := c.Events.Send(ctx, &conversation.SendEventRequest{
			AppID: appID, Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
			Event: conversation.AppEvent{ComposingEvent: &conversation.ComposingEvent{}},
		})
		return err
	},
	"Batches.Send": func(ctx context.Context, c *conversation.Client, appID, _ string) error {
		_, err := c.Batches.Send(ctx, &conversation.SendBatchRequest{
			AppID: appID, Message: conversation.Text("hi"),
			RecipientAndParams: []conversation.BatchRecipient{{Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000")}},
		})
		return err
	},
	"Apps.Update": func(ctx context.Context, c *conversation.Client, appID, _ string) error {
		_, err := c.Apps.Update(ctx, appID, &conversation.UpdateAppRequest{DisplayName: new("shop")})
		return err
	},
	"ProjectSettings.Create": func(ctx context.Context, c *conversation.Client, _, _ string) error {
		_, err := c.ProjectSettings.Create(ctx, &conversation.ProjectSettingsRequest{})
		return err
	},
	"Webhooks.Delete": func(ctx context.Context, c *conversation.Client, _, webhookID string) error {
		return c.Webhooks.Delete(ctx, webhookID)
	},
}

// outcomeFaults returns each kind of fault, and each status of those that have one.
func outcomeFaults(t *testing.T) map[string]conversationtest.Fault {
	t.Helper()
	faults := map[string]conversationtest.Fault{}
	for _, kind := range allKinds(t) {
		faults[kind.String()] = conversationtest.Fault{Kind: kind}
	}
	for _, code := range []int{200, 201, 204, 302, 400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 501, 502, 503, 504, 520} {
		for _, kind := range []conversationtest.FaultKind{
			conversationtest.FaultStatus, conversationtest.FaultHTML, conversationtest.FaultStatusAfterAccept, conversationtest.FaultRateLimit,
		} {
			faults[fmt.Sprint(kind, " ", code)] = conversationtest.Fault{Kind: kind, Status: code}
		}
	}
	return faults
}

// allKinds returns the kinds of faults that the source declares.
func allKinds(t *testing.T) []conversationtest.FaultKind {
	t.Helper()
	source, err := os.ReadFile("fault_kind.go")
	require.NoError(t, err)
	declared := regexp.MustCompile(`(?m)^\tFault\w+ .*// `).FindAll(source, -1)
	var kinds []conversationtest.FaultKind
	for kind := conversationtest.FaultKind(1); kind < 1000; kind++ {
		if kind.String() != fmt.Sprintf("FaultKind(%d)", kind) {
			kinds = append(kinds, kind)
		}
	}
	require.Len(t, kinds, len(declared))
	return kinds
}

func TestTheOutcomeOfARequestIsThatOfTheClient(t *testing.T) {
	t.Parallel()
	faults := outcomeFaults(t)
	for operation, call := range outcomeCalls {
		for name, fault := range faults {
			t.Run(operation+" "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					srv := inMemory(t, conversationtest.Config{})
					client := srv.NewClient(t, conversation.WithRetry(conversation.NoRetry))
					webhook := srv.AddWebhook(hookURL, "", conversation.TriggerMessageInbound)
					srv.Fault(fault)

					err := call(t.Context(), client, srv.AppID(), webhook.ID)

					requests := apiRequests(srv)
					if len(requests) == 0 {
						assert.Equal(t, notSent, conversation.OutcomeOf(err), "it did not arrive: %v", err)
						return
					}
					last := requests[len(requests)-1]
					outcome, ok := last.Outcome()
					assert.True(t, ok)
					assert.Equal(t, conversation.OutcomeOf(err), outcome, "%v", err)
					assert.Equal(t, operation, last.Operation)
				})
			})
		}
	}
}

func TestTheOutcomeOfARequestOnASocketIsThatOfTheClient(t *testing.T) {
	t.Parallel()
	for name, fault := range outcomeFaults(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := start(t, conversationtest.Config{})
			client, err := conversation.NewClient(srv.ProjectID(), conversation.WithBasicAuth(srv.KeyID(), srv.KeySecret()),
				conversation.WithBaseURL(srv.BaseURL()), conversation.WithRetry(conversation.NoRetry),
				conversation.WithTimeout(300*time.Millisecond))
			require.NoError(t, err)
			defer client.CloseIdleConnections()
			srv.Fault(fault)

			_, err = client.Messages.Send(t.Context(), hello(srv.AppID()))

			require.Eventually(t, func() bool { _, ok := srv.Requests()[0].Outcome(); return ok }, time.Minute, time.Millisecond)
			outcome, _ := srv.Requests()[0].Outcome()
			assert.Equal(t, conversation.OutcomeOf(err), outcome, "%v", err)
		})
	}
}

func TestARequestThatChangesNothingHasNoOutcome(t *testing.T) {
	t.Parallel()
	srv, r := steered(t, conversationtest.Config{})
	client := srv.NewClient(t)
	_, err := client.Apps.List(t.Context())
	require.NoError(t, err)
	_, err = client.Messages.LastMessages(t.Context(), &conversation.LastMessagesRequest{AppID: srv.AppID()})
	require.NoError(t, err)
	_, err = client.Transcoding.Transcode(t.Context(), &conversation.TranscodeRequest{
		AppID: srv.AppID(), AppMessage: conversation.Text("hi"), Channels: []conversation.Channel{conversation.ChannelSMS},
	})
	require.NoError(t, err)
	wire{t: t, srv: srv}.call(http.MethodPost, "nowhere", "{}")

	requests := r.list("requests", "requests")
	require.Len(t, requests, 5)
	for i, request := range srv.Requests() {
		_, ok := request.Outcome()
		assert.False(t, ok, request.Operation)
		assert.NotContains(t, requests[i], "outcome", request.Operation)
	}
}

func TestARequestWithoutAnAnswerYetHasNoOutcome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{Latency: time.Hour})
		client := srv.NewClient(t, conversation.WithTimeout(2*time.Hour))
		go func() { _, _ = client.Messages.Send(t.Context(), hello(srv.AppID())) }()
		synctest.Wait()

		pending := apiRequests(srv)[0]
		_, ok := pending.Outcome()
		assert.False(t, ok)
		assert.True(t, pending.Accepted)
		assert.Equal(t, srv.Sent()[0].MessageID, pending.MessageID)

		time.Sleep(time.Hour)
		synctest.Wait()
		outcome, ok := apiRequests(srv)[0].Outcome()
		assert.True(t, ok)
		assert.Equal(t, accepted, outcome)
	})
}
