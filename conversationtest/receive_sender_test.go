package conversationtest_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
	"github.com/sinchgo/conversation/webhook"
)

// TestAnAnswerToTheSenderArrivesInEitherMode answers messages and events from a program as users write it.
func TestAnAnswerToTheSenderArrivesInEitherMode(t *testing.T) {
	t.Parallel()
	for _, mode := range []conversation.ProcessingMode{conversation.ProcessingModeDispatch, conversation.ProcessingModeConversation} {
		for _, dialect := range []conversation.Dialect{conversation.DialectPlatform, conversation.DialectOpenAPI} {
			for _, from := range []conversationtest.Sender{
				conversationtest.From(conversation.ChannelSMS, "15551230000"), conversationtest.From(conversation.ChannelMessenger, "2742085512340733"),
			} {
				t.Run(string(mode)+" "+dialect.String(), func(t *testing.T) {
					t.Parallel()
					contract := conversationtest.PlatformContract
					if dialect == conversation.DialectOpenAPI {
						contract = conversationtest.OpenAPIContract
					}
					srv := start(t, conversationtest.Config{InMemory: true, Mode: mode, Contract: contract})
					client := srv.NewClient(t, conversation.WithDialect(dialect))
					receiver, err := webhook.NewReceiver(webhook.WithSecret("secret"))
					require.NoError(t, err)
					answer := func(ctx context.Context, appID string, to conversation.Recipient) error {
						_, err := client.Messages.Send(ctx, &conversation.SendMessageRequest{AppID: appID, Recipient: to, Message: conversation.Text("Hi!")})
						return err
					}
					var contactIDs []string
					webhook.On(receiver, func(ctx context.Context, e *webhook.MessageInbound) error {
						contactIDs = append(contactIDs, e.Message.ContactID)
						return answer(ctx, e.AppID, e.Sender())
					})
					webhook.On(receiver, func(ctx context.Context, e *webhook.EventInbound) error { return answer(ctx, e.AppID, e.Sender()) })
					srv.Handle("https://shop.example/sinch", receiver)
					srv.AddWebhook("https://shop.example/sinch", "secret", conversation.TriggerMessageInbound, conversation.TriggerEventInbound)

					srv.Receive(from, conversationtest.InboundText("Hello?"))
					require.NoError(t, srv.WaitForCallbacks(t.Context()))
					srv.Composing(from)
					require.NoError(t, srv.WaitForCallbacks(t.Context()))

					require.Len(t, srv.Sent(), 2)
					assert.Equal(t, mode == conversation.ProcessingModeDispatch, contactIDs[0] == "")
					for _, callback := range srv.Callbacks() {
						assert.Equal(t, 200, callback.Status)
					}
				})
			}
		}
	}
}
