package conversationtest_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAProjectIsLimitedToSoManyRequestsASecond(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{1, 25, 800} {
		synctest.Test(t, func(t *testing.T) {
			srv := inMemory(t, conversationtest.Config{RateLimit: limit})
			client := srv.NewClient(t, conversation.WithRetry(conversation.RetryPolicy{MaxAttempts: 1}))
			list := func() error {
				_, err := client.Apps.List(t.Context())
				return err
			}

			for range limit {
				require.NoError(t, list())
			}
			_, err := client.Messages.Send(t.Context(), &conversation.SendMessageRequest{
				AppID:     srv.AppID(),
				Recipient: conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
				Message:   conversation.Text("hello"),
			})

			require.ErrorIs(t, err, conversation.ErrRateLimited)
			assert.Empty(t, srv.Sent(), "it was not accepted")
			var failure *conversation.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, "RESOURCE_EXHAUSTED", failure.Status)
			assert.Empty(t, failure.Header.Get("Retry-After"))
			time.Sleep(time.Second)
			for range limit {
				require.NoError(t, list(), "a second later")
			}
			require.ErrorIs(t, list(), conversation.ErrRateLimited)
			srv.Advance(time.Second)
			require.NoError(t, list(), "the clock was moved")
		})
	}
}

func TestTheRateLimitOfAProjectIsItsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{RateLimit: 1, Projects: make([]conversationtest.Project, 1)})
		for _, project := range srv.Projects() {
			client, err := conversation.NewClient(project.ID, srv.OptionsFor(project)...)
			require.NoError(t, err)
			_, err = client.Apps.List(t.Context())
			require.NoError(t, err, "the token does not count")
		}
	})
}

func TestAServerHasNoRateLimitByDefault(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := inMemory(t, conversationtest.Config{})
		client := srv.NewClient(t)
		for range 2000 {
			_, err := client.Apps.List(t.Context())
			require.NoError(t, err)
		}
		assert.Equal(t, http.StatusOK, srv.Requests()[2000].Status)
	})
}

func TestARateLimitIsNotNegative(t *testing.T) {
	t.Parallel()
	assert.Panics(t, func() { conversationtest.NewServer(conversationtest.Config{RateLimit: -1}) })
}
