package conversationtest_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestAnAppShowsAllThatWasSet(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, _ *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		want := conversation.App{
			CallbackSettings:               fullAppRequest.CallbackSettings,
			ChannelCredentials:             active(fullAppRequest.ChannelCredentials),
			ConversationMetadataReportView: fullAppRequest.ConversationMetadataReportView,
			DeliveryReportBasedFallback:    fullAppRequest.DeliveryReportBasedFallback,
			DispatchRetentionPolicy:        fullAppRequest.DispatchRetentionPolicy,
			DisplayName:                    fullAppRequest.DisplayName,
			MessageRetrySettings:           fullAppRequest.MessageRetrySettings,
			ProcessingMode:                 fullAppRequest.ProcessingMode,
			RetentionPolicy:                fullAppRequest.RetentionPolicy,
			SmartConversation:              fullAppRequest.SmartConversation,
			RateLimits:                     &conversation.RateLimits{Inbound: 25, Outbound: 25, Webhooks: 25},
			QueueStats:                     &conversation.QueueStats{OutboundLimit: 500_000},
		}
		created, err := client.Apps.Create(t.Context(), &fullAppRequest)
		require.NoError(t, err)
		want.ID = created.ID
		assert.Equal(t, &want, created)

		bare, err := client.Apps.Create(t.Context(), &conversation.CreateAppRequest{
			DisplayName: "Bare", ChannelCredentials: fullCredentials[:1],
		})
		require.NoError(t, err)
		changed, err := client.Apps.Update(t.Context(), bare.ID, &fullAppUpdate)
		require.NoError(t, err)
		want.ID = bare.ID
		assert.Equal(t, &want, changed)
		read, err := client.Apps.Get(t.Context(), bare.ID)
		require.NoError(t, err)
		assert.Equal(t, &want, read)
	})
}

// active returns the credentials as an app shows them, whatever state the client sends.
func active(credentials []conversation.ChannelCredential) []conversation.ChannelCredential {
	shown := slices.Clone(credentials)
	for i := range shown {
		shown[i].State = &conversation.ChannelIntegrationState{Status: conversation.ChannelIntegrationActive}
	}
	return shown
}

func TestAMaskClearsTheSettingsOfAnApp(t *testing.T) {
	t.Parallel()
	srv := start(t, conversationtest.Config{})
	client := srv.NewClient(t, conversation.WithDialect(conversation.DialectPlatform))
	created, err := client.Apps.Create(t.Context(), &fullAppRequest)
	require.NoError(t, err)
	want := *created
	want.RetentionPolicy, want.SmartConversation = nil, nil

	changed, err := client.Apps.Update(t.Context(), created.ID, &conversation.UpdateAppRequest{
		UpdateMask: []string{"retention_policy", "smart_conversation"},
	})

	require.NoError(t, err)
	assert.Equal(t, &want, changed)
}

func TestAWebhookKeepsItsClientCredentialsAndGoesToAnotherApp(t *testing.T) {
	t.Parallel()
	inBubbles(t, func(t *testing.T, srv *conversationtest.Server, client *conversation.Client) {
		t.Helper()
		created, err := client.Webhooks.Create(t.Context(), srv.AppID(), &conversation.CreateWebhookRequest{
			Target: "https://example.com/in", Triggers: allTriggers, ClientCredentials: fullClientCredentials,
		})
		require.NoError(t, err)
		assert.Equal(t, fullClientCredentials, created.ClientCredentials)
		other, err := client.Apps.Create(t.Context(), &conversation.CreateAppRequest{
			DisplayName: "Other", ChannelCredentials: fullCredentials[:1],
		})
		require.NoError(t, err)
		credentials := &conversation.ClientCredentials{ClientID: "id", ClientSecret: "secret", Endpoint: "https://example.com/token"}

		changed, err := client.Webhooks.Update(t.Context(), created.ID, &conversation.UpdateWebhookRequest{
			AppID: &other.ID, ClientCredentials: credentials,
		})

		require.NoError(t, err)
		want := *created
		want.AppID, want.ClientCredentials = other.ID, credentials
		assert.Equal(t, &want, changed)
		list, err := client.Webhooks.List(t.Context(), other.ID)
		require.NoError(t, err)
		assert.Equal(t, []conversation.Webhook{want}, list.Webhooks)
		_, err = client.Webhooks.Update(t.Context(), created.ID, &conversation.UpdateWebhookRequest{AppID: new("NONE")})
		assert.ErrorIs(t, err, conversation.ErrNotFound)
	})
}
