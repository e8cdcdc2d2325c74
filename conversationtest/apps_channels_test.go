package conversationtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestTheChannelsOfAnAppAreActiveUntilSetChannelState(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{})
	apps := srv.NewClient(t).Apps
	credentials := []conversation.ChannelCredential{
		{Channel: conversation.ChannelSMS, StaticBearer: &conversation.StaticBearer{ClaimedIdentity: "plan", Token: "made-up"}},
		{Channel: conversation.ChannelMessenger, StaticToken: &conversation.StaticToken{Token: "made-up"}},
	}
	created, err := apps.Create(t.Context(), &conversation.CreateAppRequest{DisplayName: "Shop", ChannelCredentials: credentials})
	require.NoError(t, err)
	updated, err := apps.Update(t.Context(), srv.AppID(), &conversation.UpdateAppRequest{ChannelCredentials: credentials})
	require.NoError(t, err)
	ok := conversation.ChannelIntegrationState{Status: conversation.ChannelIntegrationActive}
	for _, app := range []*conversation.App{created, updated} {
		assert.Equal(t, []conversation.ChannelIntegrationState{ok, ok}, statesOf(app))
	}

	failing := conversation.ChannelIntegrationState{Status: conversation.ChannelIntegrationFailing, Description: "the token is not valid"}
	srv.SetChannelState(created.ID, conversation.ChannelMessenger, failing)

	read, err := apps.Get(t.Context(), created.ID)
	require.NoError(t, err)
	assert.Equal(t, []conversation.ChannelIntegrationState{ok, failing}, statesOf(read))
	list, err := apps.List(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []conversation.ChannelIntegrationState{ok, ok}, statesOf(&list.Apps[0]))
	assert.Equal(t, []conversation.ChannelIntegrationState{ok, failing}, statesOf(&list.Apps[1]))

	_, err = apps.Update(t.Context(), created.ID, &conversation.UpdateAppRequest{DisplayName: new("Other name")})
	require.NoError(t, err)
	renewed, err := apps.Update(t.Context(), created.ID, &conversation.UpdateAppRequest{ChannelCredentials: credentials[1:]})
	require.NoError(t, err)
	assert.Equal(t, []conversation.ChannelIntegrationState{failing}, statesOf(renewed), "until it is set again")
	srv.SetChannelState(created.ID, conversation.ChannelMessenger, ok)
	read, err = apps.Get(t.Context(), created.ID)
	require.NoError(t, err)
	assert.Equal(t, []conversation.ChannelIntegrationState{ok}, statesOf(read))
}

func TestTheStateOfAChannelOfAMissingAppPanics(t *testing.T) {
	t.Parallel()
	srv := inMemory(t, conversationtest.Config{})
	assert.Panics(t, func() {
		srv.SetChannelState("missing", conversation.ChannelSMS, conversation.ChannelIntegrationState{})
	})
}

func statesOf(app *conversation.App) []conversation.ChannelIntegrationState {
	var states []conversation.ChannelIntegrationState
	for _, credential := range app.ChannelCredentials {
		states = append(states, *credential.State)
	}
	return states
}
