package conversationtest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

const day = 24 * time.Hour

func TestMessagesExpireAfterTheDaysOfTheirApp(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		mode  conversation.ProcessingMode
		app   conversation.UpdateAppRequest
		days  int
		never bool
	}{
		"conversation mode, by default": {mode: conversation.ProcessingModeConversation, days: 180},
		"conversation mode, in days": {
			mode: conversation.ProcessingModeConversation, days: 30,
			app: conversation.UpdateAppRequest{RetentionPolicy: &conversation.RetentionPolicy{TTLDays: 30}},
		},
		"kept for good": {
			mode: conversation.ProcessingModeConversation, days: 3650, never: true,
			app: conversation.UpdateAppRequest{RetentionPolicy: &conversation.RetentionPolicy{RetentionType: conversation.RetentionPersist}},
		},
		"dispatch mode": {
			mode: conversation.ProcessingModeDispatch, days: 3,
			app: conversation.UpdateAppRequest{DispatchRetentionPolicy: &conversation.DispatchRetentionPolicy{TTLDays: 3}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := inMemory(t, conversationtest.Config{Mode: test.mode, TokenLifetime: 20 * 365 * day})
				client := srv.NewClient(t)
				if test.app.RetentionPolicy != nil || test.app.DispatchRetentionPolicy != nil {
					_, err := client.Apps.Update(t.Context(), srv.AppID(), &test.app)
					require.NoError(t, err)
				}
				sent, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
					AppID: srv.AppID(), Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"), Message: conversation.Text("hi"),
				})
				require.NoError(t, err)
				get := func() error {
					source := conversation.MessageSourceConversation
					if test.mode == conversation.ProcessingModeDispatch {
						source = conversation.MessageSourceDispatch
					}
					_, err := client.Messages.Get(t.Context(), sent.MessageID, conversation.WithMessageSource(source))
					return err
				}

				srv.Advance(time.Duration(test.days)*day - time.Minute)
				require.NoError(t, get(), "it is not old enough")
				srv.Advance(day) // The messages that have expired are removed once a day.
				if test.never {
					require.NoError(t, get())
					return
				}
				require.ErrorIs(t, get(), conversation.ErrNotFound)
				assert.Len(t, srv.Sent(), 1, "the log of the test keeps it")
			})
		})
	}
}
