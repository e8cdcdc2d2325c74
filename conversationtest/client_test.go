package conversationtest_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAClientSendsReadsListsAndDeletes(t *testing.T) {
	t.Parallel()
	for dialect, contract := range contractOf {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()
			srv := start(t, conversationtest.Config{Contract: contract, Mode: conversation.ProcessingModeConversation})
			messages := srv.NewClient(t).Messages
			ctx := t.Context()

			accepted, err := messages.Send(ctx, hello(srv.AppID()))
			require.NoError(t, err)

			message, err := messages.Get(ctx, accepted.MessageID)
			require.NoError(t, err)
			assert.Equal(t, "hello", message.AppMessage.TextMessage.Text)
			assert.True(t, accepted.AcceptedTime.Equal(message.AcceptTime.Time))
			assert.Equal(t, conversation.DirectionToContact, message.Direction)

			page, err := messages.List(ctx, &conversation.ListMessagesParams{MessagesSource: conversation.MessageSourceConversation, ContactID: message.ContactID})
			require.NoError(t, err)
			require.Len(t, page.Items, 1)
			assert.Equal(t, *message, page.Items[0])
			assert.False(t, page.HasNext())

			require.NoError(t, messages.Delete(ctx, accepted.MessageID))
			_, err = messages.Get(ctx, accepted.MessageID)
			assert.ErrorIs(t, err, conversation.ErrNotFound)
		})
	}
}

func TestWhatAClientSendsIsInTheLedgerInEitherDialect(t *testing.T) {
	t.Parallel()
	for dialect, contract := range contractOf {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()
			srv := start(t, conversationtest.Config{Contract: contract})
			client := srv.NewClient(t)
			request := &conversation.SendMessageRequest{
				AppID:                srv.AppID(),
				Recipient:            conversation.ToChannel(conversation.ChannelSMS, "15551230000"),
				TTL:                  60,
				ConversationMetadata: `{"order":7}`,
				Message: conversation.ListMenu("Menu", conversation.ListSection{
					Title: "Food",
					Items: []conversation.Choice{conversation.TextChoice("Soup", "soup")},
				}),
			}

			accepted, err := client.Messages.Send(t.Context(), request)
			require.NoError(t, err)

			sent := srv.Sent()
			require.Len(t, sent, 1)
			assert.Equal(t, *request, sent[0].Request)
			assert.Equal(t, accepted.MessageID, sent[0].MessageID)
			assert.True(t, accepted.AcceptedTime.Equal(sent[0].AcceptedTime))
		})
	}
}

func TestAClientReadsEveryPage(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{Mode: conversation.ProcessingModeConversation})
	messages := srv.NewClient(t).Messages
	const total = 25
	for range total {
		_, err := messages.Send(t.Context(), hello(srv.AppID()))
		require.NoError(t, err)
	}

	var ids []string
	for message, err := range messages.All(t.Context(), &conversation.ListMessagesParams{PageSize: 4}) {
		require.NoError(t, err)
		ids = append(ids, message.ID)
	}

	sent := srv.Sent()
	require.Len(t, ids, total)
	for i, id := range ids {
		assert.Equal(t, sent[total-1-i].MessageID, id)
	}
}

func TestAnErrorNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})

	_, err := srv.NewClient(t).Messages.Send(t.Context(), hello("OTHER"))
	require.ErrorIs(t, err, conversation.ErrNotFound)
	assert.Contains(t, err.Error(), "OTHER")

	wrong, err := conversation.NewClient(srv.ProjectID(), conversation.WithOAuth2(srv.KeyID(), "wrong"),
		conversation.WithBaseURL(srv.BaseURL()), conversation.WithTokenURL(srv.TokenURL()))
	require.NoError(t, err)
	t.Cleanup(wrong.CloseIdleConnections)
	_, err = wrong.Messages.Send(t.Context(), hello(srv.AppID()))
	assert.Equal(t, conversation.OutcomeNotSent, conversation.OutcomeOf(err))
	assert.Empty(t, srv.Sent())
}

func TestManyGoroutinesSendConcurrently(t *testing.T) {
	t.Parallel()
	const goroutines = 50
	srv := start(t, conversationtest.Config{})
	client := srv.NewClient(t)
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			_, err := client.Messages.Send(t.Context(), hello(srv.AppID()))
			assert.NoError(t, err)
		})
	}
	wg.Wait()

	assert.Len(t, srv.Sent(), goroutines)
	tokens := 0
	for _, request := range srv.Requests() {
		assert.Equal(t, http.StatusOK, request.Status)
		if strings.HasSuffix(request.Path, "/oauth2/token") {
			tokens++
		}
	}
	assert.Equal(t, 1, tokens)
}
